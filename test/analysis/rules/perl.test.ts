import { expect, test } from 'vitest';
import { perl } from '../../../src/analysis/rules/perl.ts';
import { heldBy, NOTHING_HELD } from './rule-context.ts';

const both = (directory: string) => ({ [`${directory}/strict.pm`]: '', [`${directory}/warnings.pm`]: '' });

test.each([
  ['Debian', '/usr/bin/perl', '/usr/lib/x86_64-linux-gnu/perl-base'],
  ['Alpine', '/usr/bin/perl', '/usr/share/perl5/core_perl'],
  ['Fedora', '/usr/bin/perl', '/usr/share/perl5'],
  ['upstream', '/usr/local/bin/perl', '/usr/local/lib/perl5/5.42.0'],
])('%s: the pragmas of every program', async (_, program, directory) => {
  const { paths } = await heldBy(perl, {
    tree: { [program]: 'an ELF file', ...both(directory), [`${directory}/POSIX.pm`]: '' },
    program,
  });
  expect(paths).toEqual([`${directory}/strict.pm`, `${directory}/warnings.pm`]);
});

test('of two perls the rule takes the perl that runs, and PERL5LIB comes first', async () => {
  const tree = {
    '/usr/local/bin/perl5.42.0': 'an ELF file',
    ...both('/usr/local/lib/perl5/5.42.0'),
    ...both('/usr/lib/x86_64-linux-gnu/perl-base'),
    '/opt/lib/strict.pm': '',
  };
  const { paths } = await heldBy(perl, {
    tree,
    program: '/usr/local/bin/perl5.42.0',
    env: { PERL5LIB: '/opt/lib' },
  });
  expect(paths).toEqual(['/opt/lib/strict.pm', '/usr/local/lib/perl5/5.42.0/warnings.pm']);
});

test('another program holds nothing', async () => {
  expect(await heldBy(perl, { tree: both('/usr/share/perl5') })).toEqual(NOTHING_HELD);
});
