import type { SourceFile, TextRange } from '../shared/diagnostic.ts';

/**
 * The specifications that are read. v0.6 is what kraft's own loader takes (kraftkit, schema/v0.6.json and
 * unikraft/app/loader.go), v0.7 what unikraft-cloud/x, kraftfile/parse.go, takes.
 */
export type KraftfileSpec = 'v0.6' | 'v0.7';

/** A Kraftfile, checked. Texts have their variables replaced; ranges are places in `text`. */
export type Kraftfile = SourceFile & {
  readonly spec: KraftfileSpec;
  readonly name: string | null;
  /** The pre-built unikernel; null where one is built from `unikraft` or `template`. */
  readonly runtime: Runtime | null;
  readonly rootfs: RootfsReference;
  /** The command line, one argument an item; null where none is given. */
  readonly cmd: KraftfileCommand | null;
  readonly env: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
  readonly template: Component | null;
  readonly unikraft: Component | null;
  /** By name, in the order of the file. */
  readonly libraries: ReadonlyMap<string, Component>;
  readonly targets: readonly Target[];
  readonly volumes: readonly Volume[];
  readonly roms: readonly RootfsReference[];
  /**
   * The kernel's options, of `unikraft` and then of each library, later wins; those of a target are with the
   * target (kraftkit, unikraft/app/project.go). `y` and `n` stand for booleans.
   */
  readonly kconfig: ReadonlyMap<string, string>;
  readonly warnings: readonly KraftfileWarning[];
};

export type KraftfileCommand = { readonly argv: readonly string[]; readonly range: TextRange };

/** A runtime as it is named: `base:latest`, `example.org/official/base:latest`, `oci://x/y:1`. */
export type Runtime = {
  readonly reference: string;
  /** The last name of the reference: `base`. */
  readonly name: string;
  /** The tag, or for v0.6 the key `version`; null where none is given. */
  readonly version: string | null;
  readonly kconfig: ReadonlyMap<string, string>;
  readonly range: TextRange;
};

/** The kind of a rootfs by its name or its declared type, without a look at the disk. */
export type RootfsKind = 'absent' | 'dockerfile' | 'archive' | 'cpio' | 'erofs' | 'directory' | 'oci';

export type RootfsReference =
  | { readonly kind: 'absent' }
  | {
      readonly kind: Exclude<RootfsKind, 'absent'>;
      /** As written: of a `dockerfile` the Dockerfile's own path, of an `oci` the image's reference. */
      readonly path: string;
      /** The build context where v0.7 names one apart from the Dockerfile; null: the Dockerfile's directory. */
      readonly context: string | null;
      /** What kraft makes of it; null: kraft's default, cpio. */
      readonly format: 'cpio' | 'erofs' | null;
      readonly range: TextRange;
    };

/** A part that is built from source: the kernel, a library, a template. */
export type Component = {
  readonly source: string | null;
  readonly version: string | null;
  readonly kconfig: ReadonlyMap<string, string>;
};

export type Target = {
  /** `qemu`, `fc`, `xen`: as written. */
  readonly platform: string;
  /** `x86_64`, `arm64`: as written. */
  readonly architecture: string;
  readonly name: string | null;
  readonly kconfig: ReadonlyMap<string, string>;
  readonly range: TextRange;
};

export type Volume = {
  readonly source: string;
  readonly destination: string;
  readonly driver: string | null;
  readonly mode: string | null;
  readonly readOnly: boolean;
};

export type KraftfileWarningCode =
  /** A key that kraft lets pass and ignores (v0.6 only; in v0.7 it is a mistake). */
  | 'kraftfile-unknown-key'
  /** A key given twice with the same value. */
  | 'kraftfile-repeated-key'
  /** A key given twice with two values, of which kraft takes the last (v0.6 only; in v0.7 it is a mistake). */
  | 'kraftfile-replaced-key'
  /** A tab that indents a line inside brackets: kraft takes it, other readers of YAML do not. */
  | 'kraftfile-tab'
  /** A variable that is not set: compose-go replaces it by an empty text, kraft crashes. */
  | 'kraftfile-unset-variable'
  /** YAML reads this as something else than it looks like: `1.10` as 1.1, `yes` as true. */
  | 'kraftfile-ambiguous-value'
  /** A v0.6 `cmd` as one text: kraft takes the whole of it for one argument. */
  | 'kraftfile-cmd-text'
  /** A key in a form that is going away, or that kraft's own loader refuses. */
  | 'kraftfile-old-form';

export type KraftfileWarning = {
  readonly code: KraftfileWarningCode;
  readonly message: string;
  readonly range: TextRange;
};
