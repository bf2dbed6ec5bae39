import { ownerOfThisProcess } from '../shared/process-owner.ts';
import { type Scope, scopeOfRun } from '../shared/scope.ts';

/** The label that everything carries which the tool makes in an engine. Part of the contract. */
export const LABEL = 'org.unikraft.kraft-slim';

/** The label whose value names the scope that a thing in an engine belongs to. */
export const SCOPE_LABEL = 'org.unikraft.kraft-slim.scope';

/** The label's value for helper images, which stay until `clean`. */
export const PERMANENT = 'permanent';

/**
 * The labels of what this process makes: the owner, and the scope of the run.
 * @throws UserError `usage` where `KRAFT_SLIM_SCOPE` names no scope.
 */
export function labelsOfRun(owner: string = ownerOfThisProcess()): Readonly<Record<string, string>> {
  return { [LABEL]: owner, [SCOPE_LABEL]: scopeOfRun().name };
}

/**
 * Whether a thing with these labels belongs to a scope; what has no scope belongs to every user without a named one.
 */
export function isInScope(labels: Readonly<Record<string, string>> | undefined, scope: Scope): boolean {
  const found = labels?.[SCOPE_LABEL];
  return found === undefined ? !scope.named : found === scope.name;
}
