import fc from 'fast-check';

/** Pieces that steer a terminal, a CI, Markdown, git, YAML, a Dockerfile or a shell. */
const PIECES = [
  '\u001b[2J',
  '\u001b]8;;https://evil.example\u0007',
  '\u009b31m',
  '\u0000',
  '\u0007',
  '\b',
  '\r',
  '\n',
  '\r\n',
  '\u0085',
  '\u2028',
  '\u2029',
  '\u202e',
  '\u2066',
  '\u200f',
  '\u061c',
  '\u200b',
  '\ufeff',
  '\u{e0041}',
  '\ufff9',
  '\u0600',
  '%0A',
  '%3A',
  '%25',
  '\udcff',
  '\ud800',
  '::error::x',
  '::stop-commands::t',
  ' ::add-mask::x',
  '##[error]',
  '##vso[task.setvariable]',
  '@octocat',
  '#1',
  'GH-1',
  'closes #1',
  'o/r#2',
  'https://evil.example',
  'www.evil.example',
  '[a](http://b)',
  '![a](http://b)',
  '<img src=x>',
  '<!-- x -->',
  '|',
  '`',
  '``',
  '```',
  '~~~',
  '*',
  '_',
  '\\',
  '$x',
  '${x}',
  '"',
  "'",
  ' ',
  '\t',
  '#',
  '-',
  ':',
  ': ',
  '<<EOF',
  'RUN id',
  'kraft run -v /etc:/etc',
  'Signed-off-by: x',
  '0123456789abcdef0123456789abcdef01234567',
  '*?[a]',
  'é',
  '日本',
  '👍',
];

/** Texts that are all hostile to some place. */
export const anyHostile: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...PIECES),
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom('a', 'b1', 'Redis 7.2'),
    ),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(''));

/** Names of files: all that Linux takes but for a slash, NUL, and the two that mean directories. */
export const anyHostileName: fc.Arbitrary<string> = anyHostile
  .map((text) => text.replace(/[/\0]/g, ''))
  .filter((name) => name !== '' && name !== '.' && name !== '..');
