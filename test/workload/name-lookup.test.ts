import { describe, expect, test } from 'vitest';
import { readmeRunOf } from '../../src/entry/readme-runs.ts';
import { unreadLines, workloadFromReadme } from '../../src/workload/from-readme.ts';
import { lookupCommand, lookupProbe } from '../../src/workload/name-lookup.ts';

const PORTS = new Map([
  [53, 53],
  [5353, 53],
]);
const probeOf = (line: string, expected: string | null = null) =>
  lookupProbe({ words: line.split(' '), input: null, expected }, PORTS);
const askedBy = (line: string) => {
  const probe = probeOf(line);
  return probe === undefined ? undefined : lookupCommand(probe).slice(2);
};

describe('a line that looks up a name', () => {
  test.each([
    ['dig @localhost moon.test', ['-type=a', 'moon.test', '127.0.0.1:53']],
    ['dig +short -p 5353 @127.0.0.1 moon.test MX', ['-type=mx', 'moon.test', '127.0.0.1:53']],
    ['dig -t aaaa moon.test @localhost +noall +answer', ['-type=aaaa', 'moon.test', '127.0.0.1:53']],
    ['nslookup moon.test localhost', ['-type=a', 'moon.test', '127.0.0.1:53']],
    ['nslookup -type=txt -port=5353 moon.test 127.0.0.1', ['-type=txt', 'moon.test', '127.0.0.1:53']],
    ['host moon.test localhost', ['-type=a', 'moon.test', '127.0.0.1:53']],
  ])('%s is asked by the sidecar', (line, words) => {
    expect(askedBy(line)).toEqual(words);
  });

  test.each([
    'dig moon.test',
    'dig @192.0.2.1 moon.test',
    'dig @localhost -p 54 moon.test',
    'dig @localhost -x 192.0.2.1',
    'dig @localhost a.test b.test',
    'host moon.test',
    'nslookup -debug moon.test localhost',
  ])('%s is none of the app, or not understood', (line) => {
    expect(probeOf(line)).toBeUndefined();
  });

  test.each([
    ['192.0.2.7', '192.0.2.7'],
    [';; ANSWER SECTION:\nmoon.test.\t\t0\tIN\tA\t192.0.2.7\n\n;; SERVER: 127.0.0.1#53', '192.0.2.7'],
    ['Server:\t127.0.0.1\nAddress:\t127.0.0.1#53\n\nName:\tmoon.test\nAddress: 192.0.2.7', '192.0.2.7'],
    ['moon.test has address 192.0.2.7', '192.0.2.7'],
    ['no answer', null],
  ])('expects the address that is shown: %s', (shown, expected) => {
    expect(probeOf('dig @localhost moon.test', shown)?.expect).toBe(expected);
  });
});

const README = (...lines: string[]) =>
  `\`\`\`\nkraft run -p 53:53/udp -M 64M .\n${lines.join('\n')}\n\`\`\`\n`;

describe('an app with UDP ports alone', () => {
  test('is asked as its README asks it, once the ports are bound', () => {
    const workload = workloadFromReadme(README('dig @localhost moon.test'));
    expect(workload).toMatchObject({ source: 'readme', ports: [], udpPorts: [53] });
    expect(workload.probes).toMatchObject([{ kind: 'client', speaks: 'dns' }]);
  });

  test('is no program that runs once', () => {
    const workload = workloadFromReadme(README());
    expect(workload).toMatchObject({ source: 'derived', udpPorts: [53] });
    expect(workload.probes).toMatchObject([{ kind: 'output', ends: false }]);
  });

  test('leaves no line unread that it asks, and each other one', () => {
    const run = readmeRunOf(README('dig @localhost moon.test', 'nc -u localhost 53'));
    expect(unreadLines(run)).toEqual(['nc -u localhost 53']);
  });
});
