import type { SourceFile } from '../shared/diagnostic.ts';
import { linesOf, type TextLine } from './house-text.ts';

/** Whether comments of a file silence the findings of a rule at one of its lines, counted from 1. */
export type Silenced = (code: string, line: number) => boolean;

const PRAGMA = /^\s*#\s*kraft-slim:\s*ignore=([\w,-]+)(?:\s|$)/;
const DOCKER = /^\s*#\s*check\s*=\s*(?:.*;)?\s*skip\s*=\s*([\w, -]+)/i;

/** What Docker's own checks are called here: https://docs.docker.com/reference/build-checks/. */
const DOCKER_CHECKS: Readonly<Record<string, string>> = {
  copyignoredfile: 'copy-source-missing',
  fromascasing: 'from-as-case',
  fromplatformflagconstdisallowed: 'platform-fixed',
};

/**
 * Reads `# kraft-slim: ignore=RULE reason`, which holds for the lines below up to an empty line, and for the whole file
 * where an empty line follows at once; and `# check=skip=RULE` at the top of a Dockerfile, for the whole file.
 */
export function silencedBy({ text }: SourceFile): Silenced {
  if (!text.includes('#')) return () => false;
  const lines = linesOf(text);
  const blank = lines.map((line) => written(text, line).trim() === '');
  const whole = new Set<string>();
  const parts: { readonly codes: readonly string[]; readonly first: number; readonly last: number }[] = [];
  let isTop = true;
  for (const [at, line] of lines.entries()) {
    const comment = written(text, line);
    const skipped = isTop ? DOCKER.exec(comment)?.[1] : undefined;
    for (const code of skipped === undefined ? [] : dockerCodes(skipped)) whole.add(code);
    isTop &&= /^\s*#\s*\w+\s*=/.test(comment);
    const codes = PRAGMA.exec(comment)?.[1]?.split(',');
    if (codes === undefined) continue;
    const end = blank.indexOf(true, at);
    if (end === at + 1) for (const code of codes) whole.add(code);
    else parts.push({ codes, first: at + 1, last: end < 0 ? lines.length : end });
  }
  return (code, line) =>
    whole.has(code) ||
    parts.some(({ codes, first, last }) => first <= line && line <= last && codes.includes(code));
}

function written(text: string, { start, end }: TextLine): string {
  return text.slice(start, end);
}

function dockerCodes(list: string): string[] {
  const names = list.split(',').map((name) => name.trim());
  if (names.some((name) => name.toLowerCase() === 'all')) return Object.values(DOCKER_CHECKS);
  return names.map((name) => DOCKER_CHECKS[name.toLowerCase()] ?? name);
}
