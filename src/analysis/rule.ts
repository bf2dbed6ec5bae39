import type { Assumption } from '../config/config-schema.ts';
import type { FileTree } from '../shared/file-tree.ts';
import type { ImagePath } from '../shared/image-path.ts';

/** What a rule may look at. */
export type RuleContext = {
  readonly tree: FileTree;
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  /** The program that runs, through links and scripts: the ELF file itself, by the name it is started by. */
  readonly program: ImagePath;
  /** Where `program` leads, free of links. */
  readonly programFile: ImagePath;
  /** The real paths of all objects of the launch's closure, the program and the dynamic linker with them. */
  readonly objects: readonly ImagePath[];
  /** The sonames of these, `libssl.so.3`. */
  readonly sonames: ReadonlySet<string>;
  /** Which C library the program runs on. */
  readonly libc: 'glibc' | 'musl' | 'none';
  /** Whether an object other than the C library itself imports one of these symbols. */
  readonly imports: (...symbols: readonly string[]) => boolean;
  readonly assumes: (assumption: Assumption) => boolean;
  /** Ends a rule that takes long. */
  readonly signal?: AbortSignal | undefined;
};

/** What a rule holds. */
export type RuleNeeds = {
  /** Paths as the program names them; those that are not there are ignored. */
  readonly paths: readonly ImagePath[];
  /** Names that the program gives to dlopen: they are resolved, with what they link, as the program would. */
  readonly libraries: readonly string[];
};

/** Knowledge about programs that neither their ELF files nor a trace can be relied on to show. */
export interface Rule {
  /** What reasons call it: `nss`, `ca-certificates`. */
  readonly name: string;
  readonly needs: (context: RuleContext) => RuleNeeds | Promise<RuleNeeds>;
}

/** A rule that does not apply. */
export const NOTHING: RuleNeeds = { paths: [], libraries: [] };
