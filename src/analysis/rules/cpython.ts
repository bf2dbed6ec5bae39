import { type FileTree, readText } from '../../shared/file-tree.ts';
import { baseName, type ImagePath, imagePath } from '../../shared/image-path.ts';
import { NOTHING, type Rule, type RuleContext } from '../rule.ts';
import { type PythonHome, pythonHome } from './cpython-home.ts';
import { isDirectory, pathsIn } from './tree-files.ts';

/** Codecs that a start can need before it reads any program: of the locale, of the standard streams, of a .pth file. */
const ENCODINGS = ['__init__', 'aliases', 'ascii', 'latin_1', 'utf_8', 'utf_8_sig'];

/**
 * What a start imports beside the codecs. Since 3.11 these are frozen into the program (Python/frozen.c) and os.py is
 * only a landmark, of which getpath asks whether it is there.
 */
const START_MODULES = [
  '_bootlocale',
  '_collections_abc',
  '_sitebuiltins',
  '_weakrefset',
  'abc',
  'codecs',
  'genericpath',
  'io',
  'os',
  'posixpath',
  'site',
  'stat',
];
const FROZEN_SINCE_MINOR = 11;

/** Modules that site imports if they are there, Lib/site.py `execsitecustomize`. */
const CUSTOMIZE = ['sitecustomize', 'usercustomize'];

/**
 * What CPython needs before it runs a program: the landmarks of its library (Modules/getpath.py), the codecs
 * (Python/pylifecycle.c, `init_fs_encoding`, `init_sys_streams`), the modules that `site` imports, .pth files of
 * site-packages with the modules that their lines import, and pyvenv.cfg. A source is held with its `__pycache__` file:
 * importlib asks for the source first, and passes over a cached one that has none.
 */
export const cpython: Rule = {
  name: 'cpython',
  needs(context) {
    const home = pythonHome(context);
    if (home === undefined) return NOTHING;
    const { tree } = context;
    const { library, prefix, version, environment } = home;
    const sites = siteDirectories(home).filter((directory) => isDirectory(tree, directory));
    const searched = [library, ...sites];
    const configuration = environment === null ? [] : [environment.configuration];
    return {
      paths: [
        ...configuration,
        imagePath(`${library}/lib-dynload`),
        imagePath(`${prefix}/lib/python${version.replace('.', '')}.zip`),
        ...ENCODINGS.flatMap((name) => moduleFiles(context, imagePath(`${library}/encodings`), name)),
        ...startModules(home).flatMap((name) => moduleFiles(context, library, name)),
        ...searched.flatMap((directory) =>
          CUSTOMIZE.flatMap((name) => moduleFiles(context, directory, name)),
        ),
        ...sites.flatMap((directory) => pathFiles(context, directory)),
      ],
      libraries: [],
    };
  },
};

function startModules({ version }: PythonHome): readonly string[] {
  const minor = Number(version.split('.')[1]);
  return minor >= FROZEN_SINCE_MINOR ? ['os'] : START_MODULES;
}

/** Lib/site.py `getsitepackages`, and Debian's dist-packages. */
export function siteDirectories({ prefix, version, environment }: PythonHome): ImagePath[] {
  const of = (top: string) => ['lib', 'lib64'].map((name) => `${top}/${name}/python${version}/site-packages`);
  const ofEnvironment = environment === null ? [] : of(environment.prefix);
  const system = [
    ...of(prefix),
    `/usr/local/lib/python${version}/dist-packages`,
    '/usr/lib/python3/dist-packages',
    `/usr/lib/python${version}/dist-packages`,
  ];
  const isAlone = environment !== null && !environment.seesSystemPackages;
  return (isAlone ? ofEnvironment : [...ofEnvironment, ...system]).map((path) => imagePath(path));
}

/** A module's source with its cached form, or a package's `__init__`; only what is there. */
function moduleFiles({ tree }: Pick<RuleContext, 'tree'>, directory: ImagePath, name: string): ImagePath[] {
  if (isDirectory(tree, `${directory}/${name}`)) {
    return moduleFiles({ tree }, imagePath(`${directory}/${name}`), '__init__');
  }
  const cached = new RegExp(`^${name}\\.cpython-\\d+t?\\.pyc$`);
  return [
    ...pathsIn(tree, directory).filter((path) => [`${name}.py`, `${name}.pyc`].includes(baseName(path))),
    ...pathsIn(tree, `${directory}/__pycache__`).filter((path) => cached.test(baseName(path))),
  ];
}

/** The .pth files of a directory, and the modules beside them that their lines import: Lib/site.py `addpackage`. */
function pathFiles({ tree }: RuleContext, directory: ImagePath): ImagePath[] {
  const files = pathsIn(tree, directory).filter((path) => path.endsWith('.pth'));
  return files.flatMap((path) => [
    path,
    ...importedNames(tree, path).flatMap((name) => moduleFiles({ tree }, directory, name)),
  ]);
}

/** Only lines that begin with `import` are run; some import by `__import__`. */
function importedNames(tree: FileTree, file: ImagePath): string[] {
  const lines = (readText(tree, file) ?? '').split('\n').filter((line) => /^import[ \t]/.test(line));
  return lines.flatMap((line) =>
    [...line.matchAll(/(?:\bimport\s+|__import__\(\s*['"])([A-Za-z_]\w*)/g)].map(
      ([, name]) => name as string,
    ),
  );
}
