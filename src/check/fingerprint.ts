import { createHash } from 'node:crypto';
import { textOfLine } from '../shared/lines.ts';
import type { Finding } from './finding.ts';

/**
 * What makes a finding the same in another version of its file: its code, its file, and the text of its line without
 * white space around words. The number of the line has no part in it, so that a finding keeps its fingerprint where
 * lines above it come and go. A finding of a file as a whole has its message instead of a line.
 */
export function fingerprintOf({ code, file, place, message, source }: Finding): string {
  const text = source === null ? message : textOfLine(source.text, place.line - 1);
  const words = text.trim().replace(/\s+/g, ' ');
  return createHash('sha256')
    .update(JSON.stringify([code, file, source === null, words]))
    .digest('hex')
    .slice(0, 32);
}

/** The fingerprints of findings, of which those of the same text carry their number: `...-2`. */
export function distinctFingerprints(findings: readonly Finding[]): string[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const fingerprint = fingerprintOf(finding);
    const number = (seen.get(fingerprint) ?? 0) + 1;
    seen.set(fingerprint, number);
    return number === 1 ? fingerprint : `${fingerprint}-${number}`;
  });
}
