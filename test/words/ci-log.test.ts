import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { workflowCommand } from '../../src/words/ci-log.ts';
import { linesOf, show, showLines } from '../../src/words/terminal.ts';
import { anyHostile } from '../support/hostile.ts';

/** As the runner of GitHub finds commands in a line: `ActionCommand.TryParseV2`, then `TryParse`. */
function isCommand(line: string): boolean {
  return line.trimStart().startsWith('::') || line.includes('##[') || /##\w+\[/.test(line);
}

describe('a line of a log', () => {
  test.each([
    ['::error::x', '\\::error::x\n'],
    ['  ::stop-commands::t', '  \\::stop-commands::t\n'],
    ['\u00a0::add-mask::x', '\u00a0\\::add-mask::x\n'],
    ['a ##[group]b', 'a #\\#[group]b\n'],
    ['a::b', 'a::b\n'],
    ['###[x]', '##\\#[x]\n'],
  ])('%j is written as %j', (line, written) => {
    expect(linesOf(showLines(line))).toBe(written);
  });

  test('is no command, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(anyHostile, { maxLength: 4 }), (lines) => {
        const texts = [show`${lines.join('\n')}`, show`${lines[0] ?? ''}: done`, showLines(lines.join('\n'))];
        for (const text of texts)
          for (const line of linesOf(text).split(/[\r\n]/)) expect(isCommand(line)).toBe(false);
      }),
    );
  });
});

describe('an annotation', () => {
  const unescaped = (text: string) =>
    text.replace(/%(25|0D|0A|3A|2C)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

  test('has the properties that kraft-slim gives it, and no other', () => {
    const line = String(workflowCommand('error', { file: 'a,title=x:y%2C', line: 3 }, 'm'));
    expect(line).toBe('::error file=a%2Ctitle=x%3Ay%252C,line=3::m');
  });

  test('is one command, and says what it is to say', () => {
    fc.assert(
      fc.property(anyHostile, anyHostile, (file, message) => {
        const line = String(workflowCommand('error', { file, line: 3 }, message));
        expect(line).not.toMatch(/[^\P{Cc}\t]|[\p{Cf}\p{Cs}]/u);
        const parsed = /^::error file=([^,:]*),line=3::(.*)$/u.exec(line);
        expect(unescaped(parsed?.[1] ?? '')).toBe(String(show`${file}`));
        expect(unescaped(parsed?.[2] ?? '').replaceAll('\r', '')).toBe(withEscapes(message));
      }),
    );
  });
});

/** An annotation keeps what a text for people loses: it shows the escape. */
function withEscapes(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) =>
      line
        .split('\t')
        .map((part) => String(show`${part}`))
        .join('\t'),
    )
    .join('\n');
}
