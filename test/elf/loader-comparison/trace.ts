import { imagePath } from '../../../src/shared/image-path.ts';

/** What one of the image's loaders was asked, and what it printed: a line of image/trace.py. */
export type TraceLine = {
  readonly file: string;
  /** `odd-path`: LD_LIBRARY_PATH with relative, empty and doubled elements. `started`: by the kernel. */
  readonly mode: 'plain' | 'no-cache' | 'unikraft' | 'preload' | 'odd-path' | 'started';
  readonly loader: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdout: string;
  readonly stderr: string;
};

/** Where image/trace.py asks from. */
export const WORKING_DIRECTORY = imagePath('/cases/working');

export type LoaderAnswer = {
  /** Paths as the loader spells them; the kernel's vDSO, which is no file, is left out. */
  readonly loaded: readonly string[];
  /** Names that led nowhere; in musl's case also files that it cannot load. */
  readonly notFound: readonly string[];
  /** Why glibc gave up before it listed anything. */
  readonly refusal: string | null;
};

const LOADED = /^\t(?:.+ => )?(.+) \(0x[0-9a-f]+\)$/;
const NOT_FOUND = /^\t(.+) => not found$/;
const VDSO = /^linux-(?:vdso|gate)\.so/;
const GLIBC_REFUSAL = /^.*: error while loading shared libraries: .*$/m;
const MUSL_NOT_FOUND = /^Error loading shared library (.+?): .* \(needed by .*\)$/gm;

/**
 * Reads glibc's LD_TRACE_LOADED_OBJECTS, elf/rtld.c `rtld_main`, and musl's `--list`, ldso/dynlink.c `print_lib`.
 * @throws Error for a line of any other form.
 */
export function readAnswer({ file, mode, stdout, stderr }: TraceLine): LoaderAnswer {
  const refusal = GLIBC_REFUSAL.exec(stderr)?.[0] ?? null;
  const loaded: string[] = [];
  const notFound = [...stderr.matchAll(MUSL_NOT_FOUND)].map(([, name = '']) => name);
  const lines = stdout.split('\n').filter((line) => line !== '');
  for (const line of lines) {
    const path = LOADED.exec(line)?.[1];
    const name = NOT_FOUND.exec(line)?.[1];
    if (name !== undefined) notFound.push(name);
    else if (path !== undefined && !VDSO.test(path)) loaded.push(path);
    else if (path === undefined && line !== '\tstatically linked') {
      throw new Error(`cannot read what the loader says of ${file} (${mode}): ${line}`);
    }
  }
  if (lines.length === 0 && refusal === null) {
    throw new Error(`cannot read what the loader says of ${file} (${mode}): nothing, and ${stderr}`);
  }
  return { loaded, notFound, refusal };
}
