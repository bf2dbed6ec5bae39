import { join } from 'node:path';
import type { Need } from '../../analysis/need.ts';
import { type ContextEntry, readBuildContext } from '../../dockerfile/build-context.ts';
import { contextFiles, type UnpackedArchive } from '../../dockerfile/context-files.ts';
import { enteredDirectories } from '../../dockerfile/entered-directories.ts';
import { expandStage } from '../../dockerfile/expand-stage.ts';
import type { Dockerfile, Stage } from '../../dockerfile/model.ts';
import type { RootfsUnit } from '../../entry/unit.ts';
import { archiveMembers } from '../../image/archive-members.ts';
import type { Rootfs } from '../../image/rootfs.ts';
import { append } from '../../shared/append.ts';
import { resolvePath, walk } from '../../shared/file-tree.ts';
import { type ImagePath, imagePath, ROOT } from '../../shared/image-path.ts';
import type { WarningListener } from '../reporter.ts';
import { ownListPath } from '../unit-texts.ts';
import type { ImageInspector } from './base-configs.ts';
import { type BaseSubject, baseConfigs } from './base-configs.ts';

type ContextSubject = BaseSubject & { readonly unit: RootfsUnit; readonly rootfs: Rootfs };

/**
 * What the author put in from the build context: it is kept even where no probe touches it. The Dockerfile and its
 * root list are not, wherever a `COPY .` has put them: those of the result have another text.
 */
export async function contextNeeds(
  engine: ImageInspector,
  reporter: WarningListener,
  subject: ContextSubject,
): Promise<Need[]> {
  const { warn } = reporter;
  const { unit, dockerfile, full, rootfs } = subject;
  const context = await readBuildContext({
    directory: unit.context,
    dockerfile: join(unit.directory, unit.dockerfile),
    root: unit.catalogRoot,
  });
  const list = await ownListPath(unit);
  const entries = context.entries.filter(
    ({ path, ignored }) => !ignored && path !== context.dockerfile && path !== list,
  );
  const bases = await baseConfigs(engine, reporter, subject);
  const { files, unpacked } = await contextFiles({
    dockerfile,
    stage: full,
    entries,
    tree: rootfs,
    baseConfig: (image) => bases.get(image),
  });
  const needs = files.map(({ imagePath: path, contextPath, instruction }) =>
    needOf(path, contextPath ?? `line ${instruction.lines.first}`),
  );
  for (const archive of unpacked) append(needs, await unpackedNeeds(archive, { entries, rootfs, warn }));
  return needs.filter(({ path, reason }) => {
    if (resolvePath(rootfs, path).entry !== undefined) return true;
    const source = reason.kind === 'build-context' ? reason.source : path;
    warn({
      code: 'need-missing',
      message: `kraft-slim leaves out ${path}, which leads to no file: ${source} is a dangling link`,
    });
    return false;
  });
}

/** The directories that the WORKDIR lines of a stage make: a stage that is rewritten in place keeps these lines. */
export function workdirNeeds(dockerfile: Dockerfile, stage: Stage): Need[] {
  return enteredDirectories(expandStage(dockerfile, stage)).map(({ path, instruction }) =>
    needOf(path, `line ${instruction.lines.first}`),
  );
}

function needOf(path: ImagePath, source: string): Need {
  return { path, reason: { kind: 'build-context', source } };
}

/** What an archive of the context has put into the tree; where it cannot be listed, all that lies where it went. */
async function unpackedNeeds(
  { imagePath: directory, contextPath }: UnpackedArchive,
  {
    entries,
    rootfs,
    warn,
  }: { entries: readonly ContextEntry[]; rootfs: Rootfs; warn: WarningListener['warn'] },
): Promise<Need[]> {
  const archive = entries.find(({ path }) => path === contextPath);
  const members = archive === undefined ? null : await archiveMembers(archive.hostPath);
  if (members !== null) {
    const paths = members.flatMap((name) => {
      // a member's name may lead through a link that is in the image
      const parts = imagePath(name);
      const found = resolvePath(rootfs, `${directory}/${parts}`, { followLast: false });
      return found.entry === undefined || found.path === ROOT ? [] : [found.path];
    });
    return [...new Set(paths)].map((path) => needOf(path, contextPath));
  }
  if (directory !== ROOT) return [...walk(rootfs, directory)].map(([path]) => needOf(path, contextPath));
  warn({
    code: 'context-unknown',
    message: `${contextPath} is unpacked into / and cannot be listed: kraft-slim drops its files that no probe touches`,
  });
  return [];
}
