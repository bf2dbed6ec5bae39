import { readText } from '../../shared/file-tree.ts';
import { ancestorsOf, baseName, type ImagePath, imagePath, parentOf } from '../../shared/image-path.ts';
import type { RuleContext } from '../rule.ts';
import { isFile } from './tree-files.ts';

/** Where a CPython has its library. */
export type PythonHome = {
  /** `3.11`. */
  readonly version: string;
  /** `/usr/lib/python3.11`: the directory that holds os.py. */
  readonly library: ImagePath;
  /** `/usr`. */
  readonly prefix: ImagePath;
  /** The virtual environment that the program is started in, or null. */
  readonly environment: VirtualEnvironment | null;
};

export type VirtualEnvironment = {
  readonly prefix: ImagePath;
  readonly configuration: ImagePath;
  readonly seesSystemPackages: boolean;
};

/** What identifies a CPython and its place. */
export type PythonContext = Pick<RuleContext, 'tree' | 'env' | 'program' | 'programFile' | 'sonames'>;

const PROGRAM = /^python(3\.\d+)t?$/;
const LIBRARY = /^libpython(3\.\d+)t?\.so/;

/** sys.platlibdir: `lib64` in Fedora. */
const LIBRARY_DIRECTORIES = ['lib', 'lib64'];

/** PREFIX as CPython and distributions compile it in, for a program that lies elsewhere, as one that embeds it. */
const COMPILED_PREFIXES = ['/usr/local', '/usr'];

/**
 * Finds the library as Modules/getpath.py does: from PYTHONHOME, else from `home` of a pyvenv.cfg beside the program or
 * above it, else from the program's own place upwards, by the landmark os.py. Undefined for a program that is no
 * CPython, and where there is no library.
 */
export function pythonHome(context: PythonContext): PythonHome | undefined {
  const version = versionOf(context);
  if (version === undefined) return undefined;
  const { tree, env, programFile } = context;
  const environment = environmentOf(context);
  const start = environment?.home ?? parentOf(programFile);
  const prefixes = [
    ...(env.PYTHONHOME ? [env.PYTHONHOME.split(':')[0] ?? ''] : []),
    start,
    ...ancestorsOf(start),
    ...COMPILED_PREFIXES,
  ];
  for (const prefix of prefixes) {
    for (const name of LIBRARY_DIRECTORIES) {
      const library = imagePath(`${prefix}/${name}/python${version}`);
      if (!['os.py', 'os.pyc'].some((landmark) => isFile(tree, `${library}/${landmark}`))) continue;
      return { version, library, prefix: imagePath(prefix), environment };
    }
  }
  return undefined;
}

function versionOf({ programFile, sonames }: PythonContext): string | undefined {
  const names = [...sonames].flatMap((name) => LIBRARY.exec(name)?.[1] ?? []);
  return PROGRAM.exec(baseName(programFile))?.[1] ?? names[0];
}

function environmentOf({ tree, program }: PythonContext): (VirtualEnvironment & { home: ImagePath }) | null {
  const directory = parentOf(program);
  for (const place of [directory, parentOf(directory)]) {
    const configuration = imagePath(`${place}/pyvenv.cfg`);
    const text = readText(tree, configuration);
    if (text === undefined) continue;
    const home = settingOf(text, 'home');
    if (home === undefined) return null;
    const seesSystemPackages = settingOf(text, 'include-system-site-packages')?.toLowerCase() === 'true';
    return { prefix: parentOf(directory), configuration, seesSystemPackages, home: imagePath(home) };
  }
  return null;
}

function settingOf(text: string, name: string): string | undefined {
  const line = text.split('\n').find((raw) => raw.split('=')[0]?.trim().toLowerCase() === name);
  return line?.slice(line.indexOf('=') + 1).trim();
}
