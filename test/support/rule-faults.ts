import { groupBy } from '../../src/shared/group-by.ts';
import { codeOf, fileImports, folderOf, type Sources, specifiersOf } from './sources.ts';

/**
 * The one place that each border leaves to what it writes: a module that has another way around it.
 * `showOurs` and `ourDocument` take texts of ours, which no foreign word is in.
 */
const BORDERS: Readonly<Record<string, readonly string[]>> = {
  showOurs: ['cli/program.ts', 'words/terminal.ts'],
  ourDocument: ['cli/main.ts', 'words/document.ts'],
};

/** Names of Node and of ours that lead around the border of a place. */
export function borderFaults(sources: Sources): string[] {
  return [...sources].flatMap(([file, text]) => {
    const code = codeOf(text);
    const around = Object.entries(BORDERS).filter(
      ([name, files]) => !files.includes(file) && new RegExp(`\\b${name}\\b`).test(code),
    );
    const commands = /[`'"]::(?:error|warning|notice|debug|group|add-mask|set-output)\b|[`'"]##\[/.test(code);
    return [
      ...around.map(([name]) => `${file} must not use ${name}`),
      ...(commands ? [`${file} must not write a workflow command`] : []),
    ];
  });
}

/**
 * Only `main.ts` ends the process, and only it knows the table of exit codes. `bin.ts` may set a code as well: it
 * refuses an old Node, which cannot load the table.
 */
export function exitFaults(sources: Sources): string[] {
  const ends = /\bprocess\s*\.\s*(exit|exitCode|abort|reallyExit)\b|\bfrom 'node:process'/;
  const codeFor = (file: string, text: string) =>
    file === 'cli/bin.ts' ? codeOf(text).replaceAll('process.exitCode = ', '') : codeOf(text);
  const ending = [...sources].filter(
    ([file, text]) => file !== 'cli/main.ts' && ends.test(codeFor(file, text)),
  );
  const knowing = fileImports(sources).filter(
    ({ from, to }) => to === 'cli/exit-code.ts' && from !== 'cli/main.ts',
  );
  return [
    ...ending.map(([file]) => `${file} must not end the process`),
    ...knowing.map(({ from }) => `${from} must not know exit codes`),
  ];
}

/** The terminal has one writer. `bin.ts` has separate words for a Node that cannot load it. */
const WRITERS = ['cli/terminal.ts', 'cli/bin.ts'];

export function outputFaults(sources: Sources): string[] {
  return [...sources]
    .filter(
      ([file, text]) =>
        !WRITERS.includes(file) && /\bprocess\s*\.\s*std(out|err)\b|\bconsole\s*\./.test(codeOf(text)),
    )
    .map(([file]) => `${file} must not write to the terminal`);
}

/** Worker threads of this package, which get no program, directory or environment of a catalog. */
const THREADS = ['shared/in-worker.ts', 'shared/serve-work.ts'];

/** Only `programs` starts processes: it says what each gets. */
export function programFaults(sources: Sources): string[] {
  const starters = /^(?:node:)?(?:child_process|cluster|worker_threads)$/;
  const starts = (text: string) =>
    specifiersOf(text).some((specifier) => starters.test(specifier)) ||
    /\bprocess\s*\.\s*(?:binding|getBuiltinModule|dlopen|execve)\b/.test(codeOf(text));
  return [...sources]
    .filter(([file, text]) => folderOf(file) !== 'programs' && !THREADS.includes(file) && starts(text))
    .map(([file]) => `${file} must not start programs`);
}

/** Lists of unknown length that are handed over as arguments, of which a call takes about 125,000. */
export function spreadFaults(sources: Sources): string[] {
  const spread = /\.(?:push|unshift)\(\s*\.\.\.|\bfromC(?:har|odePoint)\w*\(\s*\.\.\./;
  return [...sources]
    .filter(([, text]) => spread.test(codeOf(text)))
    .map(([file]) => `${file} must append items, not spread them`);
}

/** Names that two rooms export for types of the same role: what a reader expects under them is the same. */
const COMMON_TYPES: ReadonlySet<string> = new Set(['Rule']);

/** Exported types with a name that another file exports for another type. */
export function typeNameFaults(sources: Sources): string[] {
  const exported = [...sources].flatMap(([file, text]) =>
    [...codeOf(text).matchAll(/^export (?:type|interface|class) (\w+)\b(?! *[,}])/gm)].map(
      ([, name]) => [name as string, file] as const,
    ),
  );
  return [...groupBy(exported, ([name]) => name)]
    .filter(([name, places]) => places.length > 1 && !COMMON_TYPES.has(name))
    .map(([name, places]) => `${name} is a type of ${places.map(([, file]) => file).join(' and of ')}`);
}
