import type { ReadmeCommand } from '../entry/readme.ts';
import { type ClientSyntax, type ClientWords, clientWords } from './client-words.ts';
import { printedBy } from './printed.ts';
import type { ClientProbe } from './probe.ts';
import { type Prompts, readSession, shownText, typedText } from './shown-session.ts';

/** The options of mysql(1) and mysqladmin(1), MariaDB's and MySQL's alike; a password has no separate word. */
const MYSQL: ClientSyntax = {
  defaultPort: 3306,
  host: ['-h', '--host'],
  port: ['-P', '--port'],
  url: [],
  valued: [
    '-u',
    '--user',
    '-e',
    '--execute',
    '-D',
    '--database',
    '--protocol',
    '--default-character-set',
    '-i',
  ],
  letters: 'BEHNbfnqrstvw',
  stopsAtCommand: false,
};

/** The options of psql(1). */
const PSQL: ClientSyntax = {
  defaultPort: 5432,
  host: ['-h', '--host'],
  port: ['-p', '--port'],
  url: ['-d', '--dbname'],
  valued: ['-U', '--username', '-c', '--command', '-v', '--set', '-P', '--pset', '-F', '-R', '-f', '--file'],
  letters: 'AEHLSXabeqstwxz01',
  stopsAtCommand: false,
};

const MYSQL_PROMPTS: Prompts = {
  first: /^(?:mysql|MariaDB)(?: \[[^\]]*\])?>(.*)$/s,
  more: /^\s*[-'"`]>\s?(.*)$/s,
};
const PSQL_PROMPTS: Prompts = { first: /^\w+=[#>](.*)$/s, more: /^\w+[-('"][#>]\s?(.*)$/s };

type Ports = ReadonlyMap<number, number>;

/** The probe of a line with `mysql`, `mariadb` or one of their administrators; undefined as for curl. */
export function mysqlProbe(readme: ReadmeCommand, guestPorts: Ports): ClientProbe | undefined {
  const { words, input, expected } = readme;
  const client = clientWords(words, MYSQL, guestPorts);
  // a password that is asked for is not known
  if (client === undefined || has(client, '-p', '--password')) return undefined;
  const probe = probeOf(readme, client.command);
  if (probe === undefined) return undefined;
  const isAdmin = /admin$/.test(words[0] ?? '');
  const isBatch = input !== null || isAdmin || has(client, '-e', '--execute');
  const session = isBatch ? [] : readSession(expected ?? '', MYSQL_PROMPTS);
  if (isBatch || session.length > 0) {
    const shown = isBatch ? expected : shownText(session);
    const typed = isBatch ? probe.input : typedText(session);
    return {
      ...probe,
      input: typed,
      ...(isAdmin ? { expect: shown } : tabled(client.command, shown, isBatch)),
    };
  }
  return { ...probe, input: 'SELECT 1;\n', expect: '1' };
}

/** Where tables are shown, mysql has to draw them without a terminal too; beside them it says nothing then. */
function tabled(
  command: readonly string[],
  shown: string | null,
  isBatch: boolean,
): Pick<ClientProbe, 'command' | 'expect'> {
  const rows = (shown ?? '').split('\n').filter((line) => /^\s*[+|]|^\.\.\.$/.test(line));
  const hasTable = rows.some((line) => /^\s*\+-/.test(line));
  if (!hasTable) return { command, expect: isBatch ? shown : null };
  const [tool = '', ...words] = command;
  return { command: [tool, '--table', ...words], expect: rows.join('\n') };
}

/** The probe of a `psql` line, which prints the same with a terminal and without; undefined as for curl. */
export function psqlProbe(readme: ReadmeCommand, guestPorts: Ports): ClientProbe | undefined {
  const client = clientWords(readme.words, PSQL, guestPorts);
  if (client === undefined || has(client, '-f', '--file', '-W', '--password')) return undefined;
  // a connection string names the host in its words
  if (client.rest.some((word) => /\bhost(?:addr)?=/.test(word))) return undefined;
  const probe = probeOf(readme, client.command);
  if (probe === undefined) return undefined;
  const isBatch = readme.input !== null || has(client, '-c', '--command', '-l', '--list');
  if (isBatch) return { ...probe, expect: readme.expected };
  const session = readSession(readme.expected ?? '', PSQL_PROMPTS);
  if (session.length === 0) return { ...probe, input: 'SELECT 1;\n', expect: '(1 row)' };
  return { ...probe, input: typedText(session), expect: shownText(session) };
}

/** Undefined where it is not known what is piped into the client. */
function probeOf({ input, env }: ReadmeCommand, command: readonly string[]): ClientProbe | undefined {
  const typed = input === null ? null : printedBy(input);
  if (typed === undefined) return undefined;
  return { kind: 'client', command, image: null, env, input: typed, expect: null, expectExitCode: null };
}

function has({ flags }: ClientWords, ...some: readonly string[]): boolean {
  return flags.some((flag) => some.includes(flag));
}
