import { expect, test } from 'vitest';
import { catalogOf } from '../support/catalog.ts';
import { runEntry } from '../support/run-entry.ts';
import { APP, smallEntry } from '../support/small-entry.ts';

const DNSMASQ = [
  'FROM debian:bookworm',
  'RUN apt-get update && apt-get install -y --no-install-recommends dnsmasq-base',
];
const CMD = [
  '/usr/sbin/dnsmasq',
  '--keep-in-foreground',
  '--user=root',
  '--no-resolv',
  '--no-hosts',
  '--address=/moon.test/192.0.2.7',
];

test('a server of UDP is asked for a name by the line of its README, and stays', async () => {
  const readme = 'kraft run -p 53:53/udp .\ndig +short @localhost moon.test\n```\n\n```\n192.0.2.7';
  await using catalog = await catalogOf(smallEntry({ dockerfile: DNSMASQ, cmd: CMD, readme }));
  const result = await runEntry(catalog, APP);
  expect(result).toMatchObject({ exitCode: 0, status: 'slimmed', verified: true });
  expect(result.workload).toEqual({ source: 'readme', probes: [{ kind: 'client', passed: true }] });

  await catalog.write({ [`${APP}/README.md`]: (text) => text.replaceAll('192.0.2.7', '192.0.2.8') });
  expect(await runEntry(catalog, 'verify', APP)).toMatchObject({ exitCode: 2, code: 'workload-failed' });

  await catalog.write({ [`${APP}/README.md`]: (text) => text.replaceAll('53:53', '54:54') });
  await catalog.write({ [`${APP}/kraft-slim.yaml`]: 'workload: {limits: {readySeconds: 2}}\n' });
  const other = await runEntry(catalog, 'verify', APP);
  expect(other).toMatchObject({ exitCode: 2, code: 'not-started' });
  expect(other.reason).toContain('no program received on UDP port 54');
});
