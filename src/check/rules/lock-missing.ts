import type { EntryDockerfile } from '../dockerfile.ts';
import type { Rule } from '../rule.ts';

/** A build command, the file that names its packages, and the files of which any fixes their versions. */
type Tool = {
  readonly command: RegExp;
  readonly manifest: string;
  readonly locks: readonly string[];
  /** Commands that write the lock file themselves. */
  readonly writes?: RegExp;
  /** Whether this build needs a lock file at all. */
  readonly needs?: (subject: EntryDockerfile) => boolean;
};

const TOOLS: readonly Tool[] = [
  {
    command: /\bcargo\s+(?:\+\S+\s+)?(?:build|run|install\s+--path)\b/,
    manifest: 'Cargo.toml',
    locks: ['Cargo.lock'],
  },
  { command: /\bnpm\s+ci\b/, manifest: 'package.json', locks: ['package-lock.json', 'npm-shrinkwrap.json'] },
  { command: /\byarn\b.*--(?:frozen-lockfile|immutable)\b/, manifest: 'package.json', locks: ['yarn.lock'] },
  { command: /\bpnpm\b.*--frozen-lockfile\b/, manifest: 'package.json', locks: ['pnpm-lock.yaml'] },
  {
    command: /\bgo\s+(?:build|install|run|mod\s+(?:download|verify))\b/,
    manifest: 'go.mod',
    // a module's vendor directory fixes its packages, too
    locks: ['go.sum', 'vendor/modules.txt'],
    writes: /\bgo\s+(?:mod\s+tidy|get)\b|-mod=mod\b/,
    needs: ({ requiresModules }) => requiresModules,
  },
  { command: /\bbundle\s+(?:install|exec)\b/, manifest: 'Gemfile', locks: ['Gemfile.lock'] },
  { command: /\bcomposer(?:\.phar)?\s+install\b/, manifest: 'composer.json', locks: ['composer.lock'] },
];

export const lockMissing: Rule = {
  code: 'lock-missing',
  severity: 'warning',
  about: 'A build of packages without their lock file: each build may take other versions, or stops.',
  of: 'dockerfile',
  *check(subject) {
    for (const { instructions } of subject.stages) {
      for (const { instruction } of instructions) {
        if (instruction.keyword !== 'RUN') continue;
        const tool = TOOLS.find(({ command }) => command.test(instruction.raw));
        if (tool === undefined || !arrives(subject, tool.manifest)) continue;
        if (tool.needs?.(subject) === false || writesLock(subject, tool)) continue;
        if (tool.locks.some((lock) => arrives(subject, lock))) continue;
        const message = `no COPY copies ${tool.locks.join(' or ')} beside ${tool.manifest}`;
        yield { file: subject.source.file, range: instruction.range, message };
        return;
      }
    }
  },
};

function writesLock({ stages }: EntryDockerfile, { writes }: Tool): boolean {
  const runs = stages.flatMap(({ instructions }) => instructions);
  return runs.some(
    ({ instruction }) => instruction.keyword === 'RUN' && writes?.test(instruction.raw) === true,
  );
}

/** Whether a COPY from the build context copies a file of this name, as far as its words say. */
function arrives({ stages, context }: EntryDockerfile, name: string): boolean {
  const isSent = (path: string) => context?.entries.some((entry) => entry.path === path) === true;
  return stages.some(({ instructions }) =>
    instructions.some(({ instruction, copy }) => {
      if (copy === null || (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD')) return false;
      if (instruction.from !== null) return false;
      return copy.sources.some((source) => {
        const path = source.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
        const last = path.slice(path.lastIndexOf('/') + 1);
        if (/[*?[]/.test(last)) return mayMatch(last, name);
        const inLast = name.startsWith(`${last}/`) && isSent(`${path.slice(0, -last.length)}${name}`);
        return last === name || inLast || isSent(path === '' || path === '.' ? name : `${path}/${name}`);
      });
    }),
  );
}

/** By the literal beginning of a pattern: in doubt it matches. */
function mayMatch(pattern: string, name: string): boolean {
  return name.startsWith(pattern.replace(/[*?[].*$/s, ''));
}
