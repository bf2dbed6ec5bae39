import { expect, test } from 'vitest';
import type { Result } from '../../src/slim/result.ts';
import { type Catalog, catalogOf, type Files } from '../support/catalog.ts';
import { runJson } from '../support/cli.ts';
import { runEntry } from '../support/run-entry.ts';

const FENCE = '```';
const readme = (text: string) => `# App\n\n${FENCE}\nkraft run .\n${FENCE}\n\n${FENCE}\n${text}\n${FENCE}\n`;

/** A library entry, and an entry that names it without a version, and needs another file of it. */
const FILES: Files = {
  'library/moons/1/Dockerfile': 'FROM debian:bookworm\nRUN echo Io >/moons && echo Mars >/planets\n',
  'library/moons/1/Kraftfile': `spec: v0.6\nrootfs: ./Dockerfile\ntemplate:\n  source: https://example.org/app-elfloader.git\n  version: stable\ncmd: ["/bin/cat", "/moons"]\n`,
  'library/moons/1/README.md': readme('Io'),
  'examples/planets/Dockerfile': 'FROM scratch\nCOPY ./more /more\n',
  'examples/planets/Kraftfile':
    'spec: v0.6\nruntime: moons:latest\nrootfs: ./Dockerfile\ncmd: ["/bin/cat", "/planets", "/more"]\n',
  'examples/planets/README.md': readme('Mars\nVenus'),
  'examples/planets/more': 'Venus\n',
};

async function sweep(catalog: Catalog, filter: string): Promise<Result[]> {
  const { document } = await runJson(['sweep', '--filter', filter], { cwd: catalog.path });
  return document.results as Result[];
}

test('a library entry is slimmed after its dependent, alone, and both stay verified', async () => {
  await using catalog = await catalogOf(FILES);
  const delta = await runEntry(catalog, 'examples/planets');
  expect(delta).toMatchObject({ exitCode: 0, verified: true, runtime: { entry: 'library/moons/1' } });
  expect(delta.warnings).toContainEqual({
    code: 'runtime-from-catalog',
    message:
      'kraft-slim uses library/moons/1 of this catalog in place of moons:latest: the published image may differ',
  });
  const library = await runEntry(catalog, 'library/moons/1');
  expect(library).toMatchObject({ exitCode: 0, status: 'slimmed', verified: true });
  expect(await catalog.read('library/moons/1/Dockerfile')).toContain('/planets');
  expect(await runEntry(catalog, 'examples/planets')).toMatchObject({ exitCode: 0, verified: true });
});

test('a sweep of the examples and then of the library ends verified', async () => {
  await using catalog = await catalogOf(FILES);
  const [delta] = await sweep(catalog, 'examples/*');
  expect(delta).toMatchObject({ entry: 'examples/planets', code: null, verified: true });
  const [library] = await sweep(catalog, 'library/*');
  expect(library).toMatchObject({ entry: 'library/moons/1', status: 'slimmed', verified: true });
});
