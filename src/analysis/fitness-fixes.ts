import { basename } from 'node:path/posix';

/** Codes of what an app was seen to do that Unikraft cannot. */
export type TraceFitnessCode =
  | 'processes'
  | 'signals'
  | 'ipv6-bind'
  | 'sendfile'
  | 'reuse-port'
  | 'user-change'
  | 'dev-stdout'
  | 'missing-calls';

/** The option that makes a known program do without something. */
type Fixes = Readonly<Partial<Record<TraceFitnessCode, string>>>;

/**
 * By the program's name, then its arguments; the first that fits. From the programs' own manuals and the catalog's
 * entries.
 */
const PROGRAMS: readonly (readonly [program: RegExp, argument: RegExp | null, fixes: Fixes])[] = [
  [
    /^nginx$/,
    null,
    {
      processes: 'set master_process off; and daemon off;',
      sendfile: 'set sendfile off;',
      'ipv6-bind': 'use listen 0.0.0.0:PORT;',
      'reuse-port': 'take reuseport out of listen',
      'user-change': 'set master_process off; or user root;',
      'dev-stdout': 'set error_log stderr; and access_log off;',
      signals: 'set master_process off;',
    },
  ],
  [
    /^(redis|valkey)-server$/,
    null,
    {
      processes: 'set daemonize no, save "" and appendonly no, since it forks to save',
      'ipv6-bind': 'set bind 0.0.0.0',
      signals: 'set save "" and appendonly no',
    },
  ],
  [
    /^node(js)?$/,
    null,
    {
      processes: 'use neither cluster nor child_process',
      'ipv6-bind': "listen on an address of IPv4: listen(port, '0.0.0.0')",
      'missing-calls': 'set UV_USE_IO_URING=0 if io_uring is among them',
    },
  ],
  [
    /^haproxy$/,
    null,
    {
      processes: 'take master-worker and daemon out of global, and -W, -Ws and -D off the command line',
      'ipv6-bind': 'use bind 0.0.0.0:PORT',
      'reuse-port': 'set noreuseport in global',
      'user-change': 'take user and group out of global',
      signals: 'take master-worker out of global, and set nbthread 1',
      'missing-calls': 'take chroot out of global if it is among them',
    },
  ],
  [
    /^php[\d.]*$/,
    /^-S/,
    {
      processes: 'leave PHP_CLI_SERVER_WORKERS unset',
      'ipv6-bind': 'use -S 0.0.0.0:PORT',
    },
  ],
  [
    /^php-fpm[\d.]*$/,
    null,
    {
      processes: 'it cannot work without: use php -S',
      'ipv6-bind': 'set listen = 0.0.0.0:PORT',
    },
  ],
  [
    /^(mariadbd|mysqld)$/,
    null,
    {
      'ipv6-bind': 'use --bind-address=0.0.0.0',
      'user-change': 'use --user=root',
      'missing-calls': 'use --innodb-use-native-aio=0 if io_uring is among them',
    },
  ],
  [/^python[\d.]*$/, /^(-m)?http\.server$/, { 'ipv6-bind': 'use --bind 0.0.0.0' }],
  [
    /^(gunicorn|uvicorn|flask|python[\d.]*)$/,
    null,
    {
      processes: 'use one worker, without a reloader or the module multiprocessing',
      'ipv6-bind': 'listen on 0.0.0.0',
    },
  ],
  [
    /^memcached$/,
    null,
    {
      processes: 'leave out -d',
      'ipv6-bind': 'use -l 0.0.0.0',
      'user-change': 'use -u root',
    },
  ],
  [
    /^(httpd|apache2)$/,
    null,
    {
      processes: 'use -X',
      sendfile: 'set EnableSendfile Off',
      'ipv6-bind': 'use Listen 0.0.0.0:PORT',
      'user-change': 'leave out User and Group',
    },
  ],
];

/** For every other program. */
const GENERAL: Fixes = {
  processes: 'configure it for one process, in the foreground',
  sendfile: 'turn it off in the configuration of the app',
  'ipv6-bind': 'configure it to listen on 0.0.0.0',
  'reuse-port': 'turn it off in the configuration of the app',
  'user-change': 'run it as root',
  'dev-stdout': 'configure it to log to a file, or directly to its standard output',
};

/** What to do about it in the app that this command line starts; null where nothing is known. */
export function fixFor(code: TraceFitnessCode, argv: readonly string[]): string | null {
  const [program = '', ...rest] = argv;
  const known = PROGRAMS.filter(
    ([name, argument]) =>
      name.test(basename(program)) && (argument === null || rest.some((word) => argument.test(word))),
  );
  return known.map(([, , fixes]) => fixes[code]).find((fix) => fix !== undefined) ?? GENERAL[code] ?? null;
}
