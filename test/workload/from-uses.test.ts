import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readUse, useFilesOf } from '../../src/entry/use-files.ts';
import { workloadOfUse } from '../../src/workload/from-uses.ts';
import { type Catalog, catalogOf, type Files } from '../support/catalog.ts';

const block = (...lines: string[]) => ['```bash', ...lines, '```', ''].join('\n');
const DEPLOY = block('kraft cloud deploy -p 443:8080 -M 512 .');
const README = `${DEPLOY}${block('curl https://a.fra.unikraft.app')}\`\`\`text\nfrom the README\n\`\`\`\n`;
const TEST = `def test_it(build_image, run_instance, http):
    instance = run_instance(build_image("NAME", "n"), publish=["443:9090/tls+http"], memory="1G", env={"A": "test"})
    resp = http(extract_instance_url(instance) + "/t")
    assert "from the test" in resp.text
`;
const RUN_CONFIG = `RunMetadata: {Memory: 64, ExposedPort: 7070, PublicPort: 7071}
ListOfCommands: ["curl localhost:7071/r"]
ExpectedOutput: ["from RunConfig"]
`;
const entry = (name: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([file, text]) => [`${name}/${file}`, text]));
const testFile = (name: string) => TEST.replace('NAME', name);

const FILES: Files = {
  ...entry('all', { 'README.md': README, 'test_all.py': testFile('all'), 'RunConfig.yaml': RUN_CONFIG }),
  ...entry('tested', {
    'README.md': DEPLOY,
    'test_tested.py': testFile('tested'),
    'RunConfig.yaml': RUN_CONFIG,
  }),
  ...entry('configured', { 'README.md': DEPLOY, 'RunConfig.yaml': RUN_CONFIG }),
  ...entry('lonely', { 'test_lonely.py': testFile('elsewhere') }),
  ...entry('ported', { 'README.md': DEPLOY, 'test_other.py': testFile('ported') }),
  ...entry('silent', { 'README.md': block('kraft cloud deploy -M 512 .') }),
  ...entry('prints', { 'RunConfig.yaml': 'ExpectedOutput: ["Hello"]\n' }),
  'shop/README.md':
    block('unikraft build ./db --output o/db', 'unikraft run -m 1G --domain db.internal --image o/db') +
    block(
      'unikraft build ./web --output o/web',
      'unikraft run -p 443:80 --image o/web',
      'curl https://<FQDN>/w',
    ),
  'shop/test_shop.py': testFile('shop/admin').replace('def', 'def run(run_instance): run_instance(x)\ndef'),
  'shop/db/Kraftfile': '',
  'README.md': block('kraft cloud deploy -p 443:1111 ./root', 'curl https://a.fra.unikraft.app'),
  'root/Kraftfile': '',
};

let catalog: Catalog;
beforeAll(async () => {
  catalog = await catalogOf(FILES);
});
afterAll(() => catalog[Symbol.asyncDispose]());

const useOf = (name: string) => {
  const use = readUse(join(catalog.path, name), catalog.path);
  return workloadOfUse(use.readme[0], use);
};

describe('the first file with requests is the workload', () => {
  test.each([
    ['all', 'readme', [8080], [{ path: '/', port: 8080, expect: 'from the README' }]],
    ['tested', 'test', [8080], [{ path: '/t', port: 8080, expect: 'from the test' }]],
    ['configured', 'runconfig', [8080, 7070], [{ path: '/r', port: 7070, expect: 'from RunConfig' }]],
    ['lonely', 'test', [9090], [{ path: '/t', port: 9090, expect: 'from the test' }]],
    ['ported', 'derived', [8080], [{ kind: 'tcp', port: 8080 }]],
    ['silent', 'derived', [], [{ kind: 'output' }]],
    ['prints', 'runconfig', [], [{ kind: 'output', expect: 'Hello' }]],
    ['shop/web', 'readme', [80], [{ path: '/w', port: 80, tls: false }]],
    ['shop/db', 'derived', [], [{ kind: 'output' }]],
    ['shop/admin', 'test', [9090], [{ path: '/t', port: 9090 }]],
    ['root', 'derived', [], [{ kind: 'output' }]],
  ])('%s: %s', (name, source, ports, probes) => {
    const { workload } = useOf(name);
    expect(workload).toMatchObject({ source, ports, probes });
    expect(workload.probes).toHaveLength(probes.length);
  });
});

test('what the README says of the run wins over the test file, which says the rest', () => {
  const { described, workload } = useOf('tested');
  expect(described?.run).toMatchObject({ memoryBytes: 512 * 2 ** 20, env: { A: 'test' } });
  expect(workload.limits.memoryBytes).toBe(512 * 2 ** 20);
});

test('the files of a use are those beside the entry and beside its group', () => {
  const names = useFilesOf(join(catalog.path, 'shop/db'), catalog.path).map((path) =>
    path.slice(catalog.path.length + 1),
  );
  expect(names).toEqual([
    'shop/db/RunConfig.yaml',
    'shop/db/README.md',
    'shop/db/test_db.py',
    'shop/README.md',
    'shop/test_shop.py',
  ]);
});
