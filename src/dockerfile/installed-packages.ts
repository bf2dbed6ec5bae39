import { expandStage } from './expand-stage.ts';
import type { Dockerfile, InstructionOf, Stage } from './model.ts';
import { stagesUsedBy } from './stages-used.ts';

/** How package managers are called to install: the command, the words of it that install, and where no name follows. */
const INSTALLERS: readonly RegExp[] = [
  /^(?:apt-get|apt|aptitude)\s.*?\binstall\s/,
  /^apk\s.*?\badd\s/,
  /^(?:dnf|microdnf|yum|zypper|tdnf)\s.*?\b(?:install|in)\s/,
  /^(?:\S*\/)?(?:pip[\d.]*|pipx|uv\s+pip|python[\d.]*\s+-m\s+pip)\s.*?\binstall\s/,
  /^gem\s+install\s/,
  /^(?:npm|pnpm|yarn(?:\s+global)?)\s.*?\b(?:install|i|add)\s/,
  /^composer\s.*?\brequire\s/,
  /^cpanm?\s/,
  /^luarocks\s.*?\binstall\s/,
];

/** Options of these programs that take a word behind them. */
const TAKES_WORD =
  /^(?:-t|--target-release|-o|--option|-c|--config-file|-r|--requirement|--virtual|--repository|-X|-v|--version|-i|--index-url|--prefix|--target)$/;

/**
 * Packages that RUN steps install by name, of the stage and of all stages that it is made of, in the order of the text:
 * `apt-get install -y python3-flask=2.2` gives `python3-flask`. What a script installs is not known.
 */
export function installedPackages(dockerfile: Dockerfile, stage: Stage): string[] {
  const stages = stagesUsedBy(dockerfile, stage).map((index) => dockerfile.stages[index] as Stage);
  const names = stages.flatMap((part) =>
    expandStage(dockerfile, part).instructions.flatMap(({ instruction, variables }) =>
      instruction.keyword === 'RUN' ? namesIn(expandVariables(scriptOf(instruction), variables)) : [],
    ),
  );
  return [...new Set(names)];
}

function scriptOf({ command, heredocs }: InstructionOf<'RUN'>): string {
  const text = command.form === 'shell' ? command.text : command.argv.join(' ');
  return [text, ...heredocs.map(({ content }) => content)].join('\n');
}

function expandVariables(script: string, variables: ReadonlyMap<string, string>): string {
  return script.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (text, braced?: string, bare?: string) => variables.get(braced ?? bare ?? '') ?? text,
  );
}

function namesIn(script: string): string[] {
  const lines = script.replace(/\\\r?\n/g, ' ').split(/&&|\|\||[;|&\n()]/);
  return lines.flatMap((line) => {
    const words = line.trim().replace(/^(?:(?:sudo|exec|env|then|do|set|-\w+|\w+=\S*)\s+)+/, '');
    const found = INSTALLERS.map((installer) => installer.exec(`${words} `)?.[0]).find(
      (words) => words !== undefined,
    );
    return found === undefined ? [] : packagesOf(words.slice(found.length).split(/\s+/));
  });
}

function packagesOf(words: readonly string[]): string[] {
  return words.flatMap((word, at) => {
    if (word.startsWith('-') || TAKES_WORD.test(words[at - 1] ?? '')) return [];
    // a version behind the name, pip's extras, dpkg's architecture
    const name = word.replace(/^["']|["']$/g, '').replace(/(?!^)(?:[=<>~!;[:@].*|(?<!\+)\+$)$/, '');
    return /^@?[A-Za-z0-9][\w.+/-]*$/.test(name) ? [name] : [];
  });
}
