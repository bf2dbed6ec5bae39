import { expect, test } from 'vitest';
import { phpSessions } from '../../../src/analysis/promise/php-sessions.ts';
import { object, promisedBy } from './promised-by.ts';

const PHP = { '/usr/bin/php8.2': object(), '/usr/bin/php': 'symlink php8.2' };
const SESSIONS = { '/var/lib/php/sessions': 'directory 1733' };

test('the directory of sessions stays where PHP runs and the image has it', async () => {
  const programs = ['/usr/bin/php'];
  expect(await promisedBy(phpSessions, { ...PHP, ...SESSIONS }, { programs })).toEqual(Object.keys(SESSIONS));
  expect(await promisedBy(phpSessions, PHP, { programs })).toEqual([]);
});

test('another program needs no sessions', async () => {
  const table = { ...PHP, ...SESSIONS, '/usr/bin/perl': object() };
  expect(await promisedBy(phpSessions, table, { programs: ['/usr/bin/perl'] })).toEqual([]);
});
