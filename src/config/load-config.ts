import { dirname, join, relative, resolve, sep } from 'node:path';
import { type Diagnostic, type Mistakes, mistakesError, type SourceFile } from '../shared/diagnostic.ts';
import { messageOf, UserError } from '../shared/failure.ts';
import { assertWithin, LIMITS } from '../shared/limits.ts';
import { nearestMatch } from '../shared/nearest-match.ts';
import { describeNode, nodeAt, plainValue, rangeAt, type YamlNode } from '../shared/yaml-node.ts';
import { parseYaml } from '../shared/yaml-source.ts';
import { readText } from '../store/read.ts';
import { checkSecrets } from './allowed-secrets.ts';
import {
  type Config,
  type ConfigFile,
  type ConfigIssue,
  findConfigIssues,
  knownKeysAt,
  type PartialConfig,
  withDefaults,
} from './config-schema.ts';
import { withoutLeave } from './leave.ts';
import { mergeConfig } from './merge-config.ts';

/** The settings file, beside a Kraftfile or in any directory above it up to the catalog's root. */
const CONFIG_FILE = 'kraft-slim.yaml';

export type ConfigLocation = {
  /** Host directory of the entry, at or below the root; elsewhere only its own file counts. */
  readonly entryDirectory: string;
  /** Host directory of the catalog. */
  readonly catalogRoot: string;
  /**
   * The path of one of its Kraftfiles relative to it: sections for `entry/Kraftfile.ls` count as well as those for
   * the entry.
   */
  readonly kraftfile?: string;
  /** Whether the user does not trust the entry: then the settings give no leave, see `withoutLeave`. */
  readonly untrusted: boolean;
};

/**
 * Reads the settings that hold for an entry. Files of secrets come out as absolute host paths.
 * @throws UserError `config-invalid` with every mistake of every file, each with its line and a caret, or for a
 * secret that the entry may not have; `refused` for what an untrusted entry may not ask for; `limit-exceeded` for too
 * many globs.
 */
export async function loadConfig(location: ConfigLocation): Promise<Config> {
  const { entryDirectory, catalogRoot, kraftfile, untrusted } = location;
  const root = resolve(catalogRoot);
  const entry = resolve(entryDirectory);
  const files: ConfigFile[] = [];
  const mistakes: Mistakes[] = [];
  const directories = directoriesBetween(root, entry);
  for (const directory of directories) {
    const path = join(directory, CONFIG_FILE);
    const text = readIfPresent(path, directories[0] ?? entry);
    if (text === null) continue;
    const source = { file: relative(root, path), text };
    const { config, diagnostics } = parseConfig(source);
    if (diagnostics.length > 0) mistakes.push({ source, diagnostics });
    else files.push(withAbsolutePaths(config, directory));
  }
  if (mistakes.length > 0) throw mistakesError('config-invalid', mistakes);
  const named = kraftfile === undefined ? [entry] : [entry, resolve(entry, kraftfile)];
  const names = named.map((path) => relative(root, path).split(sep).join('/'));
  const merged = withDefaults(mergeConfig(files, names));
  assertWithin(
    merged.keep.length + merged.drop.length,
    LIMITS.globs,
    `cannot use ${CONFIG_FILE} for ${names[0] || '.'}: keep and drop have more than % globs`,
  );
  const config = untrusted ? withoutLeave(merged) : merged;
  await checkSecrets(config.build.secrets, directories[0] ?? entry);
  return config;
}

/** Checks one `kraft-slim.yaml`; `config` is of use only where there are no diagnostics. */
export function parseConfig(source: SourceFile): {
  config: ConfigFile;
  diagnostics: readonly Diagnostic[];
  /** Its YAML, for the places of what only others can judge. */
  root: YamlNode | null;
} {
  const { root, diagnostics, repeats } = parseYaml(source);
  const syntax = [...diagnostics, ...repeats];
  if (syntax.length > 0) return { config: {}, diagnostics: syntax, root };
  const data = root === null ? {} : plainValue(root);
  const issues = findConfigIssues(data).map((issue) => diagnosticOf(issue, root, data));
  issues.sort((a, b) => a.range.start - b.range.start);
  return { config: data as ConfigFile, diagnostics: issues, root };
}

function diagnosticOf({ path, problem }: ConfigIssue, root: YamlNode | null, data: unknown): Diagnostic {
  if (problem.kind === 'unknown-key') {
    const nearest = nearestMatch(problem.key, knownKeysAt(path, data));
    const hint = nearest === undefined ? '' : `: did you mean ${nearest}?`;
    const range = rangeAt(root, [...path, problem.key], 'key');
    return { message: `unknown key ${problem.key}${hint}`, range };
  }
  const what = path.length === 0 ? 'the file' : path.map(String).join('.');
  const range = rangeAt(root, path);
  if (problem.kind === 'rule') return { message: `${what} ${problem.rule}`, range };
  const node = nodeAt(root, path);
  const found = node === undefined ? 'missing' : foundIn(node);
  const advice = problem.expected === 'text' && found.startsWith('the ') ? ': put it in quotes' : '';
  return { message: `${what} must be ${problem.expected}, not ${found}${advice}`, range };
}

function foundIn(node: YamlNode): string {
  return node.kind === 'scalar' && typeof node.value === 'string' ? node.value : describeNode(node);
}

/** From the root down to the directory, both included. */
function directoriesBetween(root: string, directory: string): string[] {
  const way = relative(root, directory);
  if (way === '..' || way.startsWith(`..${sep}`) || resolve(root, way) !== directory) return [directory];
  const result = [directory];
  for (let at = directory; at !== root; at = dirname(at)) result.unshift(dirname(at));
  return result;
}

function readIfPresent(path: string, root: string): string | null {
  try {
    return readText(path, { root, kind: CONFIG_FILE });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('config-invalid', `cannot read ${path}: ${messageOf(error)}`, { cause: error });
  }
}

/** Paths in a file are relative to it; after merging it is no longer known to which. */
function withAbsolutePaths(config: ConfigFile, directory: string): ConfigFile {
  const absolute = <Settings extends PartialConfig>(settings: Settings): Settings => {
    const secrets = settings.build?.secrets?.map((secret) =>
      secret.file === undefined ? secret : { ...secret, file: resolve(directory, secret.file) },
    );
    return secrets === undefined ? settings : { ...settings, build: { ...settings.build, secrets } };
  };
  const entries = Object.entries(config.entries ?? {}).map(([glob, section]) => [glob, absolute(section)]);
  return { ...absolute(config), entries: Object.fromEntries(entries) };
}
