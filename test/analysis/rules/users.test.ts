import { expect, test } from 'vitest';
import { users } from '../../../src/analysis/rules/users.ts';
import { heldBy, NOTHING_HELD } from './rule-context.ts';

const tree = {
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\n',
  '/etc/group': 'root:x:0:\nadm:x:4:\n',
  '/etc/shadow': 'root:*:1::::::\n',
};
const imports = ['getpwnam'];

test.each([[['-u', 'root']], [['-uroot']], [['--user=www-data']], [['www-data:adm', '/app']], [['0:adm']]])(
  '%j names a user or a group',
  async (args) => {
    expect((await heldBy(users, { tree, imports, args })).paths).toEqual(['/etc/group', '/etc/passwd']);
  },
);

test.each([[['-u', 'nobody']], [['/root']], [['--root']], [[]]])('%j names none', async (args) => {
  expect(await heldBy(users, { tree, imports, args })).toEqual(NOTHING_HELD);
});

test('a program that never looks a user up holds nothing', async () => {
  expect(await heldBy(users, { tree, args: ['-u', 'root'] })).toEqual(NOTHING_HELD);
});
