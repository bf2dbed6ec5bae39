import { dirname, join } from 'node:path';
import { type ContextTree, contextTree } from '../dockerfile/context-tree.ts';
import { type CopiedPlace, isRemoteSource, placesFromContext } from '../dockerfile/copied-from-context.ts';
import { type ExpandedStage, expandStage } from '../dockerfile/expand-stage.ts';
import { isFilePattern } from '../dockerfile/file-pattern.ts';
import type { Dockerfile, Stage } from '../dockerfile/model.ts';
import { stagesUsedBy, targetStage } from '../dockerfile/stages-used.ts';
import { UserError } from '../shared/failure.ts';
import { resolvePath } from '../shared/file-tree.ts';
import { imagePath, ROOT } from '../shared/image-path.ts';
import { readRange, statPath } from '../store/read.ts';
import type { ContextCopies, EntryDockerfile, SourcePresence } from './dockerfile.ts';
import type { EntryKraftfile } from './entry.ts';

type Build = Pick<EntryDockerfile, 'context' | 'target'> & {
  readonly kraftfiles: readonly EntryKraftfile[];
  /** Host path of the context. */
  readonly directory: string;
  /** Whether git ignores a host path that is not there. */
  readonly isIgnored: (path: string) => Promise<boolean>;
};

const NONE: ContextCopies = { stages: [], sources: new Map(), commands: new Map() };

/** What a Dockerfile copies from its build context; nothing where its words cannot be expanded. */
export async function copiedBy(dockerfile: Dockerfile | null, build: Build): Promise<ContextCopies> {
  const { context, target, kraftfiles } = build;
  const last = dockerfile === null ? undefined : targetStage(dockerfile, target ?? undefined);
  if (dockerfile === null || last === undefined) return NONE;
  const expand = (index: number) => expandStage(dockerfile, dockerfile.stages[index] as Stage);
  try {
    const stages = stagesUsedBy(dockerfile, last).map(expand);
    if (context === null) return { ...NONE, stages };
    const tree = contextTree(context.entries);
    const places = placesFromContext(last.index, expand, tree);
    const commands = commandsAmong(places, kraftfiles);
    return { stages, sources: await sourcesOf(stages, tree, build), commands };
  } catch (error) {
    if (error instanceof UserError) return NONE;
    throw error;
  }
}

async function sourcesOf(
  stages: readonly ExpandedStage[],
  tree: ContextTree,
  { directory, isIgnored }: Build,
): Promise<ContextCopies['sources']> {
  const found = new Map<string, SourcePresence>();
  for (const { instruction, copy } of stages.flatMap(({ instructions }) => instructions)) {
    if (copy === null || (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD')) continue;
    if (instruction.from !== null) continue;
    for (const source of copy.sources) {
      if (isFilePattern(source) || isRemoteSource(source) || source.includes('\0')) continue;
      const is = presenceOf(source, tree, directory);
      const isMade = is === 'absent' && (await isIgnored(join(directory, imagePath(source))));
      found.set(source, isMade ? 'made' : is);
    }
  }
  return found;
}

function presenceOf(source: string, tree: ContextTree, directory: string): SourcePresence {
  const path = imagePath(source);
  if (path === ROOT || resolvePath(tree, path).entry !== undefined) return 'sent';
  if (tree.entryAt(path) !== undefined) return 'dangling';
  // a source never leads out of its context
  return statPath(join(directory, path)) === null ? 'absent' : 'hidden';
}

function commandsAmong(
  places: readonly CopiedPlace[],
  kraftfiles: readonly EntryKraftfile[],
): ContextCopies['commands'] {
  const commands = new Map<string, { contextPath: string; firstLine: string }>();
  for (const { kraftfile } of kraftfiles) {
    const program = kraftfile?.cmd?.argv[0] ?? '';
    if (!program.startsWith('/')) continue;
    const at = imagePath(program);
    // what is copied later lies over it
    const place = places.findLast(({ imagePath: path, content }) => path === at && content.kind === 'entry');
    if (place?.content.kind !== 'entry' || place.content.entry.type !== 'file') continue;
    const { path, hostPath } = place.content.entry;
    commands.set(program, { contextPath: path, firstLine: firstLineOf(hostPath) });
  }
  return commands;
}

/** Of a file's beginning; in Latin-1, since a program is no text. */
function firstLineOf(path: string): string {
  const beginning = readRange(path, { root: dirname(path) }, [0, 128]);
  return beginning.toString('latin1').split(/\r?\n/, 1)[0] ?? '';
}
