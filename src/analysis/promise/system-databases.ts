import { imagePath } from '../../shared/image-path.ts';
import { ASKED_BY } from '../rules/nss.ts';
import { USES_ZONE, ZONE_DIRECTORIES, zoneFiles } from '../rules/time-zones.ts';
import { filesBelow } from '../rules/tree-files.ts';
import { type Database, databaseRule, filledFiles, withReentrant } from './database.ts';
import type { PromiseContext } from './rule.ts';

/** passwd(5) and group(5); never shadow(5), which no ordinary program reads. */
const USERS: Database = {
  name: 'users-and-groups',
  functions: withReentrant([...ASKED_BY.passwd, ...ASKED_BY.group, 'cuserid']),
  texts: ['/etc/passwd', '/etc/group'],
  packages: ['base-passwd'],
  paths: ({ tree }) => filledFiles(tree, ['/etc/passwd', '/etc/group']),
};

/** services(5), protocols(5), networks(5), rpc(5) and ethers(5): getservbyname(3), getprotobyname(3), getrpcent(3). */
const SERVICES: Database = {
  name: 'services-and-protocols',
  functions: withReentrant([
    ...ASKED_BY.services,
    ...ASKED_BY.protocols,
    ...ASKED_BY.networks,
    ...ASKED_BY.rpc,
    ...ASKED_BY.ethers,
  ]),
  texts: ['/etc/services', '/etc/protocols'],
  packages: ['netbase', 'iana-etc', 'setup'],
  paths: ({ tree }) =>
    filledFiles(
      tree,
      ['services', 'protocols', 'networks', 'rpc', 'ethers'].map((name) => `/etc/${name}`),
    ),
};

/** Where Python's mimetypes.knownfiles and Go's mime/type_unix.go look, and Apache's and nginx's copies. */
const MEDIA_TYPE_FILES = [
  '/etc/mime.types',
  '/etc/apache2/mime.types',
  '/etc/apache/mime.types',
  '/etc/httpd/mime.types',
  '/etc/httpd/conf/mime.types',
  '/etc/nginx/mime.types',
  '/usr/local/etc/mime.types',
  '/usr/local/etc/httpd/conf/mime.types',
];

/** The tables of extensions and media types. */
const MEDIA_TYPES: Database = {
  name: 'media-types',
  functions: [],
  texts: ['/etc/mime.types'],
  packages: ['media-types', 'mime-support', 'mailcap'],
  paths: ({ tree }) => filledFiles(tree, MEDIA_TYPE_FILES),
};

/**
 * The Shared MIME-info Database of freedesktop.org. Several megabytes, so that scripts alone do not keep it: Go reads
 * globs2 (mime/type_unix.go), GLib mime.cache (gio/xdgmime).
 */
const SHARED_MIME_INFO: Database = {
  name: 'shared-mime-info',
  functions: [
    'g_content_type_guess',
    'g_content_type_from_mime_type',
    'g_content_type_get_mime_type',
    'g_file_query_info',
  ],
  texts: ['/share/mime/globs2', '/usr/share/mime'],
  packages: ['shared-mime-info'],
  isForScripts: false,
  paths: ({ tree }) => [...filesBelow(tree, '/usr/share/mime'), ...filesBelow(tree, '/usr/local/share/mime')],
};

/** zoneinfo, TZ's default and its name: tzset(3), tzfile(5), localtime(5). In C++20 also std::chrono::get_tzdb. */
const TIME_ZONES: Database = {
  name: 'time-zones',
  functions: [...USES_ZONE, '_ZNSt6chrono8get_tzdbEv', '_ZNSt6chrono12current_zoneEv'],
  texts: ['/usr/share/zoneinfo'],
  packages: ['tzdata', 'tzdata-legacy', 'timezone'],
  assumption: 'time-zones',
  paths: ({ tree, launches }) => [
    ...zoneFiles(tree, [...environmentPaths(launches, 'TZDIR'), ...ZONE_DIRECTORIES]),
    imagePath('/etc/localtime'),
    imagePath('/etc/timezone'),
  ],
};

/** Descriptions of terminals, in the directories of terminfo(5), and the older termcap(5). */
const TERMINFO: Database = {
  name: 'terminfo',
  functions: ['setupterm', 'restartterm', 'newterm', 'initscr', 'tgetent'],
  texts: ['/etc/terminfo', '/lib/terminfo', '/share/terminfo', '/etc/termcap'],
  packages: ['ncurses-term', 'ncurses-base', 'ncurses-terminfo', 'ncurses-terminfo-base'],
  paths: ({ tree, launches }) => [
    ...[
      ...environmentPaths(launches, 'TERMINFO'),
      '/etc/terminfo',
      '/lib/terminfo',
      '/usr/lib/terminfo',
      '/usr/share/terminfo',
    ].flatMap((directory) => filesBelow(tree, directory)),
    ...filledFiles(tree, ['/etc/termcap']),
  ],
};

/** What fontconfig reads, fonts.conf(5), for programs that draw text. */
const FONTS: Database = {
  name: 'fonts',
  functions: ['FcInit', 'FcInitLoadConfigAndFonts', 'FcFontMatch', 'FcFontSort', 'FcFontList'],
  texts: ['/etc/fonts/'],
  packages: ['fontconfig', 'fontconfig-config'],
  isForScripts: false,
  paths: ({ tree }) =>
    ['/etc/fonts', '/usr/share/fontconfig', '/usr/share/fonts', '/usr/local/share/fonts'].flatMap(
      (directory) => filesBelow(tree, directory),
    ),
};

/** Directories for files that a program makes and removes: tempnam(3), environ(7). They stay empty. */
const TEMPORARY_FILES: Database = {
  name: 'temporary-files',
  functions: [
    'mkstemp',
    'mkstemps',
    'mkostemp',
    'mkostemps',
    'mkdtemp',
    'tmpfile',
    'tmpnam',
    'tempnam',
  ].flatMap((name) => [name, `${name}64`, `${name}_r`]),
  texts: ['/tmp'],
  packages: [],
  paths: ({ launches }) =>
    [...environmentPaths(launches, 'TMPDIR'), '/tmp', '/var/tmp'].map((path) => imagePath(path)),
};

/** The databases that are files and no more, and the directories of files that come and go. */
export const SYSTEM_DATABASES = [
  USERS,
  SERVICES,
  MEDIA_TYPES,
  SHARED_MIME_INFO,
  TIME_ZONES,
  TERMINFO,
  FONTS,
  TEMPORARY_FILES,
].map(databaseRule);

function environmentPaths(launches: PromiseContext['launches'], name: string): string[] {
  return launches.flatMap(({ env }) => (env[name]?.startsWith('/') ? [env[name]] : []));
}
