import { matchesTemplate } from './answer-template.ts';
import type { Answer, Probe } from './probe.ts';
import { holdsText } from './text.ts';
import { maskHeaders, maskTimes } from './volatile.ts';

/**
 * Why an answer is not what the probe expects, or, where it expects nothing, not what the baseline answered; null
 * where it is. A status that is expected need not be the baseline's, nor need an expected text.
 */
export function problemOf(probe: Probe, answer: Answer, baseline: Answer | null): string | null {
  if (answer.fault !== null) return answer.fault;
  const expected = probe.expect;
  const isShown = expected !== null && holdsExpected(answer, expected);
  const ofStatus = statusProblem(probe, answer, { baseline, isShown });
  if (ofStatus !== null) return `${ofStatus}${complaintOf(answer)}`;
  if (expected !== null) {
    if (isShown) return null;
    return `${excerpt(wholeOf(answer))} came instead of ${excerpt(expected)}${complaintOf(answer)}`;
  }
  if (baseline === null || isSame(answer.text, baseline.text) || fitsTemplate(answer, baseline)) return null;
  return `${excerpt(answer.text)} came, but the baseline has ${excerpt(baseline.text)}`;
}

/** `isShown`: the answer holds the text that the README shows, so that its status is the README's too. */
function statusProblem(
  probe: Probe,
  { status }: Answer,
  { baseline, isShown }: { baseline: Answer | null; isShown: boolean },
): string | null {
  const expected = expectedStatus(probe);
  if (expected !== null) {
    const isMet = status === expected || status?.startsWith(`${expected} `);
    return isMet ? null : `answered ${status} instead of ${expected}`;
  }
  if (baseline !== null) {
    return status === baseline.status ? null : `${status}, but the baseline has ${baseline.status}`;
  }
  if (probe.kind === 'http' && isShown) return null;
  return isFailure(probe, status) ? `answered ${status}` : null;
}

/** The beginning of the status that a probe asks for; null where it leaves that to the baseline. */
function expectedStatus(probe: Probe): string | null {
  if (probe.kind === 'http') return probe.expectStatus === null ? null : String(probe.expectStatus);
  if (probe.kind !== 'output' && probe.kind !== 'client') return null;
  return probe.expectExitCode === null ? null : `exit code ${probe.expectExitCode}`;
}

/** Without a baseline to equal, a server's error and a program's failure speak for themselves. */
function isFailure(probe: Probe, status: string | null): boolean {
  if (probe.kind === 'http') return Number.parseInt(status ?? '', 10) >= 400;
  if (probe.kind === 'output') return probe.ends && status !== 'exit code 0';
  return probe.kind === 'client' && status !== 'exit code 0';
}

/** Who expects a text quotes the values of one moment: that there is such a value is what counts. */
function holdsExpected(answer: Answer, expected: string): boolean {
  const whole = wholeOf(answer);
  // a part of a moment (`24 Nov 2026`) is found in the text as it came only
  if (holdsText(whole, expected)) return true;
  const mask = (text: string) => maskTimes(answer.head === undefined ? text : maskHeaders(text));
  return holdsText(mask(whole), mask(expected));
}

function fitsTemplate({ text }: Answer, { template }: Answer): boolean {
  return template !== undefined && text !== null && matchesTemplate(template, text);
}

function isSame(text: string | null, other: string | null): boolean {
  if (text === null || other === null) return text === other;
  return text === other || maskTimes(text) === maskTimes(other);
}

function wholeOf({ head, text }: Answer): string {
  return head === undefined ? (text ?? '') : `${head}\n\n${text ?? ''}`;
}

function complaintOf({ complaint = '' }: Answer): string {
  return complaint === '' ? '' : `; it complained: ${excerpt(complaint, COMPLAINT)}`;
}

const EXCERPT = 120;
const COMPLAINT = 400;

function excerpt(text: string | null, length = EXCERPT): string {
  const line = JSON.stringify((text ?? '').trim());
  return line.length <= length ? line : `${line.slice(0, length)}…`;
}
