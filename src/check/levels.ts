import type { SourceFile } from '../shared/diagnostic.ts';
import type { Files } from './files.ts';
import { sourceOf } from './files.ts';
import type { Finding } from './finding.ts';
import { settingsOf } from './settings.ts';
import { type Silenced, silencedBy } from './silenced.ts';

/**
 * Findings at the levels that the settings of their entries give their rules, without those that are off and those
 * that a comment in their file silences.
 */
export async function withLevels(findings: readonly Finding[], files: Files): Promise<Finding[]> {
  const levels = new Map<string, Readonly<Record<string, Finding['severity'] | 'off'>>>();
  const comments = new Map<string, Silenced>();
  const kept: Finding[] = [];
  for (const finding of findings) {
    const { entry, file, code, place } = finding;
    const rules = levels.get(entry) ?? (await settingsOf(files, entry)).check?.rules ?? {};
    levels.set(entry, rules);
    const level = (Object.hasOwn(rules, code) ? rules[code] : undefined) ?? finding.severity;
    const silenced = comments.get(file) ?? silencedOf(finding.source ?? (await sourceOf(files, file)));
    comments.set(file, silenced);
    if (level !== 'off' && !silenced(code, place.line)) kept.push({ ...finding, severity: level });
  }
  return kept;
}

function silencedOf(source: SourceFile | null): Silenced {
  const takesComments = source !== null && /(?:dockerfile|kraftfile|kraft\.ya?ml)/i.test(source.file);
  return takesComments ? silencedBy(source) : () => false;
}
