import { describe, expect, test } from 'vitest';
import { promiseNeeds } from '../../../src/analysis/promise/promise-needs.ts';
import { standardLibrary } from '../../../src/analysis/promise/standard-library.ts';
import { dpkg, keptBy, promiseContext } from './runtime-context.ts';

const LIBRARY = '/usr/local/lib/python3.12';
const BY_HAND = {
  program: '/usr/local/bin/python3.12',
  tree: {
    [`${LIBRARY}/os.py`]: '',
    [`${LIBRARY}/linecache.py`]: '',
    [`${LIBRARY}/traceback.py`]: '',
    [`${LIBRARY}/encodings/shift_jis.py`]: '',
    [`${LIBRARY}/lib-dynload/_ssl.cpython-312-x86_64-linux-gnu.so`]: '',
    [`${LIBRARY}/site-packages/moon/__init__.py`]: '',
    '/usr/local/lib/python2.7/os.py': '',
    '/usr/local/share/other': '',
  },
};
const WHOLE = [
  `${LIBRARY}/encodings/shift_jis.py`,
  `${LIBRARY}/lib-dynload/_ssl.cpython-312-x86_64-linux-gnu.so`,
  `${LIBRARY}/linecache.py`,
  `${LIBRARY}/os.py`,
  `${LIBRARY}/traceback.py`,
];

describe('the standard library of an interpreter that is built by hand', () => {
  test.each(['app', 'runtime'] as const)('stays whole for %s, without packages below it', async (promise) => {
    expect(await keptBy(standardLibrary, { ...BY_HAND, promise })).toEqual(WHOLE);
  });

  test('goes for a program that is another', async () => {
    const context = { ...BY_HAND, program: '/usr/bin/nginx' };
    expect(await keptBy(standardLibrary, context)).toEqual([]);
  });
});

describe('a standard library of several packages', () => {
  const tree = {
    ...dpkg({
      'libpython3.11-minimal': { files: ['/usr/lib/python3.11/os.py'] },
      'libpython3.11-stdlib': { files: ['/usr/lib/python3.11/mailbox.py'] },
    }),
    '/usr/lib/python3.11/local.py': '',
  };

  test('is whole for a runtime', async () => {
    expect(
      await keptBy(standardLibrary, { program: '/usr/bin/python3.11', tree, promise: 'runtime' }),
    ).toEqual([
      '/usr/lib/python3.11/local.py',
      '/usr/lib/python3.11/mailbox.py',
      '/usr/lib/python3.11/os.py',
    ]);
  });

  test('is left to whole-packages for an app, but for what no package owns', async () => {
    expect(await keptBy(standardLibrary, { program: '/usr/bin/python3.11', tree })).toEqual([
      '/usr/lib/python3.11/local.py',
    ]);
  });
});

const PERL = {
  program: '/usr/bin/perl',
  promise: 'runtime',
  tree: {
    '/usr/lib/x86_64-linux-gnu/perl-base/strict.pm': 'first',
    '/usr/lib/x86_64-linux-gnu/perl-base/Config.pm': "    privlibexp => '/usr/share/perl/5.36',\n",
    '/usr/share/perl/5.36': 'symlink 5.36.0',
    '/usr/share/perl/5.36.0/strict.pm': 'second',
    '/usr/share/perl/5.36.0/Benchmark.pm': '',
  },
} as const;

test('a file has the name by which its interpreter opens it, and none that lies behind another is kept', async () => {
  expect(await keptBy(standardLibrary, PERL)).toEqual([
    '/usr/lib/x86_64-linux-gnu/perl-base/Config.pm',
    '/usr/lib/x86_64-linux-gnu/perl-base/strict.pm',
    '/usr/share/perl/5.36/Benchmark.pm',
  ]);
});

test('rubygems of vendor_ruby hides that of the library, and nothing else is hidden', async () => {
  const arch = '/usr/lib/x86_64-linux-gnu/ruby/3.1.0';
  const settings =
    'CONFIG["rubylibdir"] = "/usr/lib/ruby/3.1.0"\nCONFIG["vendordir"] = "/usr/lib/ruby/vendor_ruby"\n';
  const tree = {
    [`${arch}/rbconfig.rb`]: settings,
    '/usr/lib/ruby/3.1.0/rubygems/version.rb': '',
    '/usr/lib/ruby/3.1.0/rubygems/old.rb': '',
    '/usr/lib/ruby/3.1.0/set.rb': '',
    '/usr/lib/ruby/vendor_ruby/rubygems/version.rb': '',
    '/usr/lib/ruby/vendor_ruby/set.rb': '',
  };
  expect(await keptBy(standardLibrary, { program: '/usr/bin/ruby3.1', tree })).toEqual([
    '/usr/lib/ruby/3.1.0/rubygems/old.rb',
    '/usr/lib/ruby/3.1.0/set.rb',
    `${arch}/rbconfig.rb`,
  ]);
});

test('what a start imports when something fails is kept, and dead weight goes', async () => {
  const context = promiseContext({
    ...BY_HAND,
    tree: { ...BY_HAND.tree, [`${LIBRARY}/idlelib/run.py`]: '', [`${LIBRARY}/test/test_os.py`]: '' },
  });
  const needs = await promiseNeeds(context, [standardLibrary]);
  expect(needs.map(({ path }) => path).sort()).toEqual(WHOLE);
  expect(needs[0]?.reason).toEqual({ kind: 'promise', rule: 'standard-library' });
});
