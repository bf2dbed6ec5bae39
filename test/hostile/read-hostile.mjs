// Runs one reader of the build over hostile texts, in a process that the test can end: node read-hostile.mjs NAME LENGTH [PIECE]

import { entryRows } from '../../dist/catalog/entry-table.js';
import { readEditorConfig } from '../../dist/check/editor-config.js';
import { imageRows } from '../../dist/check/image-table.js';
import { readReadme } from '../../dist/check/readme.js';
import { parseConfig } from '../../dist/config/load-config.js';
import { expandWord } from '../../dist/dockerfile/expand-word.js';
import { filePattern } from '../../dist/dockerfile/file-pattern.js';
import { readIgnoreRules } from '../../dist/dockerfile/ignore-rules.js';
import { parseDockerfile } from '../../dist/dockerfile/parse-dockerfile.js';
import { readDirectives } from '../../dist/dockerfile/split-instructions.js';
import { lineReader } from '../../dist/engine/line-reader.js';
import { readReadmeBlocks, withoutReadmeBlocks } from '../../dist/entry/readme-blocks.js';
import { readmeRuns } from '../../dist/entry/readme-runs.js';
import { shellPipeline } from '../../dist/entry/shell-line.js';
import { readKraftfile } from '../../dist/kraftfile/read-kraftfile.js';
import { splitShellWords } from '../../dist/kraftfile/shell-words.js';
import { entrypointCommand } from '../../dist/new/entrypoint-script.js';
import { titleOf } from '../../dist/pr/proposal.js';
import { newerTag } from '../../dist/refresh/newer-tag.js';
import { readDpkg } from '../../dist/refresh/packages.js';
import { readChallenges } from '../../dist/registry/challenge.js';
import { nextPage } from '../../dist/registry/next-page.js';
import { matches } from '../../dist/shared/glob.js';
import { createEventReader } from '../../dist/strace/read-events.js';
import { createTraceRecorder } from '../../dist/strace/read-trace.js';
import { workloadFromReadme } from '../../dist/workload/from-readme.js';
import { holdsText } from '../../dist/workload/text.js';
import { maskHeaders, maskTimes } from '../../dist/workload/volatile.js';

const inBlock = (text) => `\`\`\`console\n${text}\n\`\`\`\n`;
const source = (file) => (text) => ({ file, text });
const trace = (text) => {
  const [reader, recorder] = [createEventReader(), createTraceRecorder()];
  const bytes = Buffer.from(
    `12 openat(AT_FDCWD, "${text}", O_RDONLY) = -1 ENOENT (No such file)\n12 ${text}\n`,
  );
  for (const event of [...reader.push(bytes), ...reader.end()]) recorder.add(event);
  recorder.result();
};

const READERS = {
  'an answer': (text) => maskTimes(maskHeaders(`HTTP/1.1 200 OK\n${text}\nDate: x\n${text}`)),
  'an expected text': (text) => holdsText(`${text}a`, `...\n${text}b`),
  'a build log': (text) => lineReader(() => undefined).write(Buffer.from(text)),
  challenge: (text) => readChallenges(text.slice(0, 16_384)),
  'a config': (text) => parseConfig(source('kraft-slim.yaml')(text)),
  'a COPY source': (text) => filePattern(text.slice(0, 2000))('a'.repeat(2000)),
  'a Dockerfile': (text) => parseDockerfile(text),
  'a Dockerfile, words': (text) =>
    parseDockerfile(`FROM a AS ${text}\nCOPY --from=${text} ${text}\nENV A=${text}\nRUN ${text}`),
  'Dockerfile directives': (text) => readDirectives(source('Dockerfile')(`# syntax =${text}x`)),
  'Dockerfile variables': (text) =>
    expandWord(`\${A%${text.slice(0, 1000)}}${text}`, { valueOf: () => 'a'.repeat(1000), escapeToken: '\\' }),
  'an editor config': (text) => readEditorConfig(`[*]\n${text}\nkey = ${text}x`),
  'entry rows': (text) => entryRows(`](${text}\n${text}](library/a)`),
  'entry point': (text) => entrypointCommand(`exec ${text}\n${text}\nexec "$@"\n`, ['-a']),
  'image rows': (text) => imageRows(source('README.md')(`[unikraft.org/a](${text}\n${text}`)),
  'an ignore file': (text) => readIgnoreRules(text.slice(0, 4000)).ignores('a/'.repeat(200)),
  'a glob': (text) => matches(text.slice(0, 2000), 'a'.repeat(2000)),
  'a Kraftfile': (text) => readKraftfile(source('Kraftfile')(text.slice(0, 131_000))),
  'a cmd': (text) => splitShellWords(`${text}{${text}`),
  packages: (text) => readDpkg(`Package: ${text}\n\n${text}`),
  'a next page': (text) => nextPage(text.slice(0, 16_384), new URL('https://a.example/')),
  'README blocks': (text) => [readReadmeBlocks(text), withoutReadmeBlocks(text)],
  'README headings': (text) => readReadme(null, source('README.md')(`# ${text}x\n##${text}`)),
  'README runs': (text) => readmeRuns(inBlock(`kraft run ${text}`)),
  'README text': (text) => readmeRuns(text),
  'README workload': (text) => workloadFromReadme(inBlock(`curl localhost:80/${text}`) + inBlock(text)),
  'a shell line': (text) => shellPipeline(`${text}'"${text}`),
  tags: (text) =>
    newerTag('1.0', [text.slice(0, 128), `1.${text.slice(0, 100)}`], { policy: 'major', to: null }),
  'a title': (text) => titleOf(`${text}\n# ${text}x`, 'library/a'),
  'a trace': trace,
};

const PIECES = [
  ' ',
  '\t',
  '\r',
  '\n',
  '\r\n',
  '\u2028',
  '\\',
  '"',
  "'",
  '`',
  '```\n',
  '[',
  ']',
  '{',
  '}',
  '(',
  '<',
  '>',
  '-',
  '--a ',
  '#',
  '# ',
  '/',
  ',',
  ':',
  '=',
  '$',
  '${',
  '.',
  '0',
  '0.',
  'a',
  'a ',
  '*',
  '*a',
  '**/',
  '?',
  '|',
  '&',
  '- ',
  'a: ',
  '{a,',
  'FROM a\n',
  'AS a ',
  '<<a ',
  '](',
  '<!--kraft-slim:begin a-->\n',
  '<!-- kraft-slim:end -->\n',
  'ln -s ',
  'exec ',
  'A=a ',
  '"a"',
  "'a' ",
  '...\n',
  '-v a:/a ',
];

const [, , name, length, only] = process.argv;
if (name === undefined) process.stdout.write(JSON.stringify(Object.keys(READERS)));
const pieces = PIECES.filter((piece) => only === undefined || piece === only);
for (const piece of name === undefined ? [] : pieces) {
  const text = piece.repeat(Number(length) / piece.length);
  try {
    READERS[name](`a${text}a`);
  } catch (error) {
    // foreign text may be refused; a fault of the reader has another name
    if (error.name !== 'UserError' && error.name !== 'ExpansionError' && error.name !== 'Error') throw error;
  }
  process.stdout.write(`${JSON.stringify(piece)}\n`);
}
