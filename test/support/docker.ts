import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { LABEL, labelsOfRun, SCOPE_LABEL } from '../../src/engine/labels.ts';
import { scopeOfRun } from '../../src/shared/scope.ts';

const run = promisify(execFile);

/** Debian's client, where another one comes first on PATH. */
export const CLIENT = existsSync('/usr/bin/docker') ? '/usr/bin/docker' : 'docker';

/** What the docker client prints. */
export async function docker(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { stdout } = await run(CLIENT, words, { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 ** 2 });
  return stdout.trim();
}

/** Words for the docker client that give a thing the labels of this run, as the tool gives them. */
export function labelWords(owner?: string): string[] {
  return Object.entries(labelsOfRun(owner)).flatMap(([name, value]) => ['--label', `${name}=${value}`]);
}

/** Things in the engine with our label: what each is, and the label's value, `HOST/PID/START` of its owner. */
export type Labelled = { readonly kind: 'container' | 'image' | 'network'; readonly owner: string };

/** Everything in the engine that carries our label and the scope of this test run. */
export async function labelled(): Promise<Labelled[]> {
  const found: Labelled[] = [];
  for (const kind of ['container', 'image', 'network'] as const) {
    const all = kind === 'network' ? [] : ['--all'];
    const ours = [LABEL, `${SCOPE_LABEL}=${scopeOfRun().name}`].flatMap((label) => [
      '--filter',
      `label=${label}`,
    ]);
    const ids = await docker([kind, 'ls', '--quiet', '--no-trunc', ...all, ...ours]);
    for (const id of new Set(ids.split('\n').filter((line) => line !== ''))) {
      const path = kind === 'network' ? '.Labels' : '.Config.Labels';
      const format = `{{index ${path} "${LABEL}"}}`;
      // a run of this scope that ends at this moment may have removed it by now
      const owner = await docker([kind, 'inspect', '--format', format, id]).catch(() => undefined);
      if (owner !== undefined) found.push({ kind, owner });
    }
  }
  return found;
}

/** The scopes of all that carries the tool's label in the engine, of other users too. */
export async function scopesInEngine(): Promise<Set<string>> {
  const scopes = new Set<string>();
  for (const kind of ['container', 'image', 'network']) {
    const all = kind === 'network' ? [] : ['--all'];
    const ids = await docker([
      kind,
      'ls',
      '--quiet',
      '--no-trunc',
      ...all,
      '--filter',
      `label=${SCOPE_LABEL}`,
    ]);
    for (const id of new Set(ids.split('\n').filter((line) => line !== ''))) {
      const path = kind === 'network' ? '.Labels' : '.Config.Labels';
      const format = `{{index ${path} "${SCOPE_LABEL}"}}`;
      // another run on this engine may have removed it by now
      const scope = await docker([kind, 'inspect', '--format', format, id]).catch(() => undefined);
      if (scope !== undefined) scopes.add(scope);
    }
  }
  return scopes;
}

/** What a process of this machine has in the engine. */
export async function ownedBy(pid: number): Promise<Labelled[]> {
  return (await labelled()).filter(({ owner }) => owner.split('/')[1] === String(pid));
}
