import { readText } from '../../shared/file-tree.ts';
import { imagePath } from '../../shared/image-path.ts';
import { NOTHING, type Rule } from '../rule.ts';

const USERS = imagePath('/etc/passwd');
const GROUPS = imagePath('/etc/group');

const LOOKUPS = [
  ...['getpwnam', 'getpwuid', 'getpwent', 'getgrnam', 'getgrgid', 'getgrent'].flatMap((name) => [
    name,
    `${name}_r`,
  ]),
  'getgrouplist',
  'initgroups',
];

/**
 * passwd(5) and group(5) where the program looks users up and its command line names one: `-u root`, `-uroot`,
 * `--user=www-data`, `www-data:adm`. What a configuration file names, a trace shows. Never shadow(5).
 */
export const users: Rule = {
  name: 'users',
  needs({ tree, argv, imports }) {
    if (!imports(...LOOKUPS)) return NOTHING;
    const known = new Set([USERS, GROUPS].flatMap((path) => namesIn(readText(tree, path) ?? '')));
    const isNamed = argv.slice(1).some((word) => namesOf(word).some((name) => known.has(name)));
    return isNamed ? { paths: [USERS, GROUPS], libraries: [] } : NOTHING;
  },
};

/** The first field of each line, passwd(5). */
function namesIn(text: string): string[] {
  return text.split('\n').flatMap((line) => /^([^:#\s]+):/.exec(line)?.[1] ?? []);
}

/** Every way in which a word may name a user and a group. */
function namesOf(word: string): string[] {
  const [, value] = /^--?[\w-]+=(.+)$/s.exec(word) ?? [];
  const [, attached] = /^-\w(.+)$/s.exec(word) ?? [];
  return [word, value, attached].flatMap((text) => text?.split(':') ?? []);
}
