import { expect, test } from 'vitest';
import { cpython } from '../../../src/analysis/rules/cpython.ts';
import { heldBy, NOTHING_HELD } from './rule-context.ts';

/** A library of modules, each with a cached form. */
function library(directory: string, version: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const [, folder = '', last = ''] = /^(.*\/)?([^/]+)$/.exec(name) ?? [];
      const cached = `${directory}/${folder}__pycache__/${last}.cpython-${version.replace('.', '')}.pyc`;
      return [
        [`${directory}/${name}.py`, 'source'],
        [cached, 'cached'],
      ];
    }),
  );
}

const MODULES = ['os', 'site', 'abc', 'json', 'encodings/__init__', 'encodings/utf_8', 'encodings/big5'];

test('Debian: landmarks, codecs and sitecustomize; of 3.11 on the rest of the start is frozen', async () => {
  const { paths } = await heldBy(cpython, {
    tree: {
      '/usr/bin/python3': 'symlink python3.11',
      '/usr/bin/python3.11': 'an ELF file',
      ...library('/usr/lib/python3.11', '3.11', MODULES),
      '/usr/lib/python3.11/sitecustomize.py': 'symlink /etc/python3.11/sitecustomize.py',
      '/etc/python3.11/sitecustomize.py': '',
      '/usr/lib/python3.11/lib-dynload/_ssl.so': 'a module',
      '/usr/lib/python3/dist-packages/six.py': '',
    },
    program: '/usr/bin/python3',
  });
  expect(paths).toEqual([
    '/usr/lib/python3.11/__pycache__/os.cpython-311.pyc',
    '/usr/lib/python3.11/encodings/__init__.py',
    '/usr/lib/python3.11/encodings/__pycache__/__init__.cpython-311.pyc',
    '/usr/lib/python3.11/encodings/__pycache__/utf_8.cpython-311.pyc',
    '/usr/lib/python3.11/encodings/utf_8.py',
    '/usr/lib/python3.11/lib-dynload',
    '/usr/lib/python3.11/os.py',
    '/usr/lib/python3.11/sitecustomize.py',
  ]);
});

test('before 3.11 the modules of the start are files', async () => {
  const { paths } = await heldBy(cpython, {
    tree: {
      '/usr/local/bin/python3.9': 'an ELF file',
      ...library('/usr/local/lib/python3.9', '3.9', ['os', 'site', 'abc', 'json']),
      ...library('/usr/lib/python3.9', '3.9', ['os']),
    },
    program: '/usr/local/bin/python3.9',
  });
  expect(paths.filter((path) => path.endsWith('.py'))).toEqual(
    ['abc', 'os', 'site'].map((name) => `/usr/local/lib/python3.9/${name}.py`),
  );
});

test('.pth files need the modules that their lines import, of both kinds', async () => {
  const site = '/usr/local/lib/python3.12/site-packages';
  const { paths } = await heldBy(cpython, {
    tree: {
      '/usr/local/bin/python3.12': 'an ELF file',
      '/usr/local/lib/python3.12/os.py': '',
      [`${site}/distutils-precedence.pth`]:
        "import os; enabled = 1; __import__('_distutils_hack').add_shim();",
      [`${site}/_distutils_hack/__init__.py`]: '',
      [`${site}/_distutils_hack/override.py`]: '',
      [`${site}/plain.pth`]: '# import nothing\nimport plain\n/opt/packages\n',
      [`${site}/plain.py`]: '',
      [`${site}/other.py`]: '',
    },
    program: '/usr/local/bin/python3.12',
  });
  expect(paths.filter((path) => path.startsWith(site))).toEqual([
    `${site}/_distutils_hack/__init__.py`,
    `${site}/distutils-precedence.pth`,
    `${site}/plain.pth`,
    `${site}/plain.py`,
  ]);
});

test('a virtual environment keeps its pyvenv.cfg, and sees only its own packages', async () => {
  const { paths } = await heldBy(cpython, {
    tree: {
      '/venv/bin/python': 'symlink /usr/local/bin/python3.12',
      '/venv/pyvenv.cfg': 'home = /usr/local/bin\ninclude-system-site-packages = false\n',
      '/venv/lib/python3.12/site-packages/a.pth': '',
      '/usr/local/bin/python3.12': 'an ELF file',
      '/usr/local/lib/python3.12/os.py': '',
      '/usr/local/lib/python3.12/site-packages/b.pth': '',
    },
    program: '/venv/bin/python',
  });
  expect(paths).toEqual([
    '/usr/local/lib/python3.12/os.py',
    '/venv/lib/python3.12/site-packages/a.pth',
    '/venv/pyvenv.cfg',
  ]);
});

test('a program that embeds Python is one', async () => {
  const tree = { '/usr/lib/python3.13/os.py': '', '/opt/uwsgi': 'an ELF file' };
  const launch = { tree, program: '/opt/uwsgi', sonames: ['libpython3.13.so.1.0'] };
  expect((await heldBy(cpython, launch)).paths).toEqual(['/usr/lib/python3.13/os.py']);
});

test('another program holds nothing, whatever lies beside it', async () => {
  const tree = { '/usr/lib/python3.11/os.py': '', '/usr/bin/nginx': 'an ELF file' };
  expect(await heldBy(cpython, { tree, program: '/usr/bin/nginx' })).toEqual(NOTHING_HELD);
});
