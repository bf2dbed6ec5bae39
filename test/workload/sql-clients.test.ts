import { describe, expect, test } from 'vitest';
import { shellWords } from '../../src/entry/shell-line.ts';
import { mysqlProbe, psqlProbe } from '../../src/workload/sql-clients.ts';

const PORTS = new Map([
  [3306, 3306],
  [3307, 13307],
  [5432, 5432],
  [5433, 15433],
]);
const readme = (line: string, expected: string | null = null, input: string[] | null = null) => ({
  words: shellWords(line),
  env: { A: 'b' },
  input,
  expected,
});
const mysql = (...args: Parameters<typeof readme>) => mysqlProbe(readme(...args), PORTS);
const psql = (...args: Parameters<typeof readme>) => psqlProbe(readme(...args), PORTS);
const TABLE = '+---+\n| a |\n+---+\n| 1 |\n+---+';

test.each([
  [
    'mysql -u root -punikraft -h localhost -e "select 1;"',
    'mysql -h 127.0.0.1 -u root -punikraft -e select 1;',
  ],
  ['mariadb --host=x --port=3307 -e a db', 'mariadb -h 127.0.0.1 -P 13307 -e a db'],
  ['mysql -hx -P3307 --user root -ea', 'mysql -h 127.0.0.1 -P 13307 --user root -ea'],
  ['mysqladmin -P 3306 ping', 'mysqladmin -h 127.0.0.1 ping'],
])('%s gets the loopback and the port of the app', (line, command) => {
  expect(mysql(line)).toMatchObject({ command: command.split(/ (?!1;)/), env: { A: 'b' }, image: null });
});

test.each([
  'mysql -u root -p -e a',
  'mysql --password -e a',
  'mysql -P 1 -e a',
  'mysql < file.sql',
  'mysql -e a; ls',
])('%s gives no probe', (line) => {
  expect(mysql(line)).toBeUndefined();
});

describe('mysql', () => {
  test('draws the tables that are shown, beside which it says nothing', () => {
    expect(mysql('mysql -e x', `${TABLE}\n1 row in set (0.001 sec)`)).toMatchObject({
      command: ['mysql', '--table', '-h', '127.0.0.1', '-e', 'x'],
      expect: TABLE,
    });
  });

  test('is expected to print what is shown where that is no table', () => {
    expect(mysql('mysql -Ne x', '1\t2')).toMatchObject({
      command: ['mysql', '-h', '127.0.0.1', '-Ne', 'x'],
      expect: '1\t2',
    });
    expect(mysql('mysql -e x', '1\t2')?.expect).toBe('1\t2');
    expect(mysql('mysqladmin ping', 'mysqld is alive')?.expect).toBe('mysqld is alive');
  });

  test('reads what is piped in', () => {
    expect(mysql('mysql -uroot', '1', ['echo', 'select 1'])).toMatchObject({
      input: 'select 1\n',
      expect: '1',
    });
  });

  test('used by hand reads what is typed, and no greeting or count of rows is expected', () => {
    const session = [
      'Welcome to the MariaDB monitor.',
      'MariaDB [(none)]> create table',
      '    -> t (a int);',
      'Query OK, 0 rows affected (0.01 sec)',
      '',
      'MariaDB [x]> select * from t;',
      TABLE,
      '1 row in set (0.001 sec)',
      '',
      'MariaDB [(none)]> exit',
      'Bye',
    ];
    expect(mysql('mysql', session.join('\n'))).toMatchObject({
      command: ['mysql', '--table', '-h', '127.0.0.1'],
      input: 'create table\nt (a int);\nselect * from t;\n',
      expect: expect.stringContaining(TABLE),
    });
    expect(mysql('mysql', session.join('\n'))?.expect).not.toMatch(/Query|row|Welcome|Bye/);
  });

  test('used by hand without a table expects what the original answers', () => {
    expect(mysql('mysql', 'mysql> use x;\nDatabase changed')).toMatchObject({
      input: 'use x;\n',
      expect: null,
    });
  });

  test('without a session asks for the least', () => {
    expect(mysql('mysql')).toMatchObject({ input: 'SELECT 1;\n', expect: '1' });
  });
});

describe('psql', () => {
  test.each([
    ['psql -h localhost -U postgres -c x', 'psql -h 127.0.0.1 -U postgres -c x'],
    ['psql --host=a -p 5433 db me -l', 'psql -h 127.0.0.1 -p 15433 -l db me'],
    [
      'psql postgresql://me:pw@localhost:5433/db?a=b -c x',
      'psql -d postgresql://me:pw@127.0.0.1:15433/db?a=b -c x',
    ],
    ['psql -d postgres://localhost/db -c x', 'psql -d postgres://127.0.0.1:5432/db -c x'],
    ['psql -tAc x -U me', 'psql -h 127.0.0.1 -tAc x -U me'],
    ['psql -d db -c x', 'psql -h 127.0.0.1 -d db -c x'],
  ])('%s', (line, command) => {
    expect(psql(line)).toMatchObject({ command: command.split(' '), env: { A: 'b' } });
  });

  test.each(['psql -f a.sql', 'psql -W -c x', 'psql "host=a port=1" -c x', 'psql -p 1 -c x'])(
    '%s gives no probe',
    (line) => {
      expect(psql(line)).toBeUndefined();
    },
  );

  test('used by hand reads what is typed, and prints what is shown', () => {
    const session =
      'psql (15.1)\npostgres=# select 1\npostgres-# as a;\n a\n---\n 1\n(1 row)\n\npostgres=# \\q';
    expect(psql('psql -U postgres', session)).toMatchObject({
      input: 'select 1\nas a;\n',
      expect: 'a\n---\n 1\n(1 row)',
    });
  });

  test('without a session asks for the least', () => {
    expect(psql('psql')).toMatchObject({ input: 'SELECT 1;\n', expect: '(1 row)' });
  });

  test('a single command is expected to print what is shown', () => {
    expect(psql('psql -c x', ' a\n---\n 1')?.expect).toBe(' a\n---\n 1');
  });
});
