import type { ClientProbe } from '../probe.ts';
import type { Look } from './look.ts';

/** Statements for a client to read, by title; the cases that change the database are the last. */
type Statements = Readonly<Record<string, string>>;

/** MariaDB and MySQL: their metadata, an error, the named zones, a procedure. */
const MYSQL: Statements = {
  'the databases and their tables':
    'SELECT table_schema, table_name FROM information_schema.tables ORDER BY 1, 2;',
  'the users': 'SELECT user, host FROM mysql.user ORDER BY 1, 2;',
  'the character sets': 'SHOW CHARACTER SET;',
  'a missing table': 'SELECT * FROM mysql.kraft_slim_missing;',
  'a named time zone': "SELECT CONVERT_TZ('2026-07-01 12:00:00', 'UTC', 'Europe/Berlin');",
  'a procedure':
    'CREATE DATABASE kraft_slim; CREATE PROCEDURE kraft_slim.two() SELECT 1 + 1; CALL kraft_slim.two(); DROP DATABASE kraft_slim;',
};

/** PostgreSQL: its metadata, an error, the named zones, a dictionary, a function. */
const POSTGRES: Statements = {
  'the databases': 'SELECT datname FROM pg_database ORDER BY 1;',
  'the users': 'SELECT rolname FROM pg_roles ORDER BY 1;',
  'the extensions': 'SELECT name FROM pg_available_extensions ORDER BY 1;',
  'a missing table': 'SELECT * FROM kraft_slim_missing;',
  'a named time zone': "SELECT timestamptz '2026-07-01 12:00+00' AT TIME ZONE 'Europe/Berlin';",
  'a dictionary': "SELECT to_tsvector('english', 'cats and dogs');",
  'a function':
    "CREATE FUNCTION kraft_slim_two() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1 + 1; END'; SELECT kraft_slim_two(); DROP FUNCTION kraft_slim_two();",
};

/** Options that name the statement itself: of mysql(1) and of psql(1). */
const MYSQL_STATEMENT = /^(?:-e|--execute(?:=.*)?)$/s;
const PSQL_STATEMENT = /^(?:-c|--command(?:=.*)?)$/s;

/**
 * The second look at a database, through the client that the workload uses; empty where the client is no SQL client.
 */
export function sqlLooks(shown: ClientProbe): readonly Look[] {
  const [program = ''] = shown.command;
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (name === 'mysql' || name === 'mariadb') return looksThrough(shown, MYSQL, MYSQL_STATEMENT);
  if (name === 'psql') return looksThrough(shown, POSTGRES, PSQL_STATEMENT);
  return [];
}

function looksThrough(shown: ClientProbe, statements: Statements, option: RegExp): readonly Look[] {
  const command = withoutStatement(shown.command, option);
  return Object.entries(statements).map(([title, input]) => ({
    title: `${title} of the database`,
    before: null,
    probe: { ...shown, command, input: `${input}\n`, expect: null, expectExitCode: null },
  }));
}

/** A client's command without the statement that it executes, so that it reads statements from its standard input. */
function withoutStatement(command: readonly string[], option: RegExp): string[] {
  const isStatement = (at: number) => {
    const [word = '', last = ''] = [command[at], command[at - 1]];
    return option.test(word) || (option.test(last) && !last.includes('='));
  };
  return command.filter((_, at) => !isStatement(at));
}
