import { UserError } from '../shared/failure.ts';
import type { Config } from './config-schema.ts';

/**
 * The settings of an entry that the user does not trust: they give no leave to reach out. A build may not use the
 * host's network (so no RUN step runs a second time there), an app gets no network, and a build gets no secret. Build
 * arguments hold only what the settings say: no key takes a value from the environment.
 * @throws UserError `refused` for a key that asks for one of these.
 */
export function withoutLeave(config: Config): Config {
  const { build, workload } = config;
  if (build.network === 'host')
    throw refusal('build.network: host', "the build may not use the host's network");
  if (build.secrets.length > 0) throw refusal('build.secrets', 'the build may not read secrets');
  if (workload.network !== undefined && workload.network !== 'none')
    throw refusal(`workload.network: ${workload.network}`, 'the app may not reach a network');
  return { ...config, build: { ...build, network: 'default' } };
}

function refusal(key: string, why: string): UserError {
  return new UserError('refused', `cannot allow ${key} for an untrusted entry: ${why}`, {
    hint: `remove ${key.split(':')[0]} from kraft-slim.yaml, or read the entry and run again without --untrusted and KRAFT_SLIM_UNTRUSTED`,
  });
}
