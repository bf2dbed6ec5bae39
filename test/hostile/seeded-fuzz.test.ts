import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readIgnoreRules } from '../../src/dockerfile/ignore-rules.ts';
import { parseDockerfile } from '../../src/dockerfile/parse-dockerfile.ts';
import { bytesSource } from '../../src/elf/byte-source.ts';
import { readLdSoCache } from '../../src/elf/ld-so-cache.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { readmeRuns } from '../../src/entry/readme-runs.ts';
import { allEntries } from '../../src/image/unpack-tar.ts';
import { readKraftfile } from '../../src/kraftfile/read-kraftfile.ts';
import { readChallenges } from '../../src/registry/challenge.ts';
import { platformManifest } from '../../src/registry/manifest.ts';
import { nextPage } from '../../src/registry/next-page.ts';
import { createEventReader } from '../../src/strace/read-events.ts';
import { createTraceRecorder } from '../../src/strace/read-trace.ts';
import { workloadFromReadme } from '../../src/workload/from-readme.ts';
import { samples } from '../support/samples.ts';

/** The same samples in every run; a soak takes more of them. */
const runs = { seed: 16, numRuns: samples({ ci: 200, soak: 50_000 }) };

/** What readers of each kind refuse foreign input with; any other error is a fault of the reader. */
const REFUSALS = new Set(['UserError', 'ElfError', 'CacheError', 'ExpansionError']);

function readsOrRefuses(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!REFUSALS.has((error as Error).name)) throw error;
  }
}

/** Texts put together of the words that mean something to a reader, and of others. */
const textOf = (...words: string[]) =>
  fc
    .array(
      fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...words) },
        { weight: 2, arbitrary: fc.constantFrom(' ', '\n', '\t', '\r\n', '"', "'", '\\', '$', '#') },
        { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 5 }) },
      ),
      { maxLength: 60 },
    )
    .map((all) => all.join(''));

const TEXTS: Readonly<Record<string, [fc.Arbitrary<string>, (text: string) => unknown]>> = {
  'a Dockerfile': [
    textOf(
      'FROM a',
      ' AS b\n',
      'COPY --from=b ',
      '/x /y\n',
      'RUN <<E\n',
      'E\n',
      'ENV A=${A:-b} ',
      'ONBUILD ',
      '["a"]',
      '--mount=type=bind,',
    ),
    (text) => parseDockerfile(text),
  ],
  'a Kraftfile': [
    textOf(
      'spec: v0.6\n',
      'cmd: ',
      '["/a"]\n',
      'rootfs: ',
      './Dockerfile\n',
      '- ',
      '&a ',
      '*a\n',
      '<<: ',
      '{',
      '}',
      '[',
      ']',
      ': ',
      '|\n',
    ),
    (text) => readKraftfile({ file: 'Kraftfile', text }),
  ],
  'a README': [
    textOf(
      '```console\n',
      '```\n',
      'kraft run ',
      '-p 80:80 ',
      '-v a:/b ',
      '-K Kraftfile ',
      '.\n',
      'curl localhost:80 ',
      '<!-- kraft-slim:begin a -->\n',
      '<!-- kraft-slim:end -->\n',
      '| jq',
    ),
    (text) => [readmeRuns(text), workloadFromReadme(text)],
  ],
  'an ignore file': [
    textOf('!', '*', '**', '/', '[a-z]', '[^', ']', '?', 'a', '..', '\n'),
    (text) => readIgnoreRules(text).ignores('a/b/c'),
  ],
  'a challenge of a registry': [
    textOf('Bearer ', 'Basic ', 'realm="', 'https://a', '", ', 'scope=', ','),
    readChallenges,
  ],
  'a next page': [
    textOf('<', '/v2/a', '>', '; rel=', '"next"', 'next', ', ', 'https://a.example'),
    (text) => {
      try {
        nextPage(text, new URL('https://a.example/v2/'));
      } catch (error) {
        expect((error as Error).message).toMatch(/^the (?:next|address of the) page/);
      }
    },
  ],
  'a manifest': [
    textOf(
      '{',
      '}',
      '[',
      ']',
      '"manifests":',
      '"platform":',
      '{"os":"linux","architecture":"amd64"}',
      '"digest":',
      ',',
      'null',
    ),
    (text) => platformManifest(Buffer.from(text)),
  ],
  'a trace': [
    textOf(
      '12 ',
      'openat(',
      'AT_FDCWD, ',
      '"/a"',
      ') = 3</a>',
      ' <unfinished ...>',
      '<... openat resumed>',
      '+++ exited with 0 +++',
      '\n',
      'clone(CLONE_FS',
      'execve(',
    ),
    (text) => {
      const [reader, recorder] = [createEventReader(), createTraceRecorder()];
      for (const event of [...reader.push(Buffer.from(text)), ...reader.end()]) recorder.add(event);
      recorder.result();
    },
  ],
};

describe('whatever a stranger writes is read or refused:', () => {
  test.each(Object.keys(TEXTS))('%s', (name) => {
    const [texts, read] = TEXTS[name] as (typeof TEXTS)[string];
    fc.assert(
      fc.property(texts, (text) => readsOrRefuses(() => read(text))),
      runs,
    );
  });

  const bytes = fc.uint8Array({ maxLength: 2000 });
  const elf = bytes.map((rest) =>
    Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0', 'latin1'), rest]),
  );
  const cache = bytes.map((rest) => Buffer.concat([Buffer.from('glibc-ld.so.cache1.1', 'latin1'), rest]));

  test('an ELF file', () => {
    fc.assert(
      fc.property(elf, (file) => readsOrRefuses(() => readElf(bytesSource(file)))),
      runs,
    );
  });

  test('an ld.so.cache', () => {
    fc.assert(
      fc.property(cache, (file) => readsOrRefuses(() => readLdSoCache(file))),
      runs,
    );
  });

  test('a tar', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async (file) => {
        const archive = Readable.from([Buffer.concat([file, Buffer.alloc(1024)])]);
        const reading = (async () => {
          for await (const { content } of allEntries(archive)) for await (const _ of content);
        })();
        await reading.catch((error: Error) => expect(error.message).toMatch(/tar|end of data|stream/i));
      }),
      { ...runs, numRuns: Math.ceil(runs.numRuns / 4) },
    );
  });
});
