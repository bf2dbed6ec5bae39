import type { BuildContext } from '../dockerfile/build-context.ts';
import type { ExpandedStage } from '../dockerfile/expand-stage.ts';
import type { Dockerfile } from '../dockerfile/model.ts';
import type { Diagnostic, SourceFile } from '../shared/diagnostic.ts';
import type { EntryKraftfile } from './entry.ts';
import type { CatalogFrame } from './frame.ts';

/**
 * Whether a COPY can see its source: it may be hidden by the ignore file, or a link that leads nowhere; `made` is
 * absent and ignored by git, so that something makes it before the build.
 */
export type SourcePresence = 'sent' | 'hidden' | 'dangling' | 'absent' | 'made';

/** What of the build context the stages copy that are built. */
export type ContextCopies = {
  /** The stages, from their COPY and ADD lines on, whose words could be expanded. */
  readonly stages: readonly ExpandedStage[];
  /** By the source as it is expanded, relative to the context. Globs are left out. */
  readonly sources: ReadonlyMap<string, SourcePresence>;
  /** By `cmd[0]`: the file of the context that arrives there, and its first line. */
  readonly commands: ReadonlyMap<string, { readonly contextPath: string; readonly firstLine: string }>;
};

/** A Dockerfile that Kraftfiles name, over their build context. */
export type EntryDockerfile = {
  /** The directory of the first Kraftfile that names it, as `Entry` names it. */
  readonly entry: string;
  readonly frame: CatalogFrame;
  readonly source: SourceFile;
  /** Null where it has mistakes. */
  readonly dockerfile: Dockerfile | null;
  readonly mistakes: readonly Diagnostic[];
  /** One at least. */
  readonly kraftfiles: readonly EntryKraftfile[];
  /** The build context as it is sent; null where its ignore file has mistakes. */
  readonly context: BuildContext | null;
  /** The ignore file, where it cannot be read. */
  readonly badIgnoreFile: { readonly source: SourceFile; readonly mistakes: readonly Diagnostic[] } | null;
  /** Whether a `go.mod` of the context requires other modules. */
  readonly requiresModules: boolean;
  /** The stage that `build.target` of the settings names; null: the last. */
  readonly target: string | null;
} & ContextCopies;
