import type { Files } from '../support/catalog.ts';
import { row } from './clean-catalog.ts';

/** A fault in the clean catalog. */
export type Planted = {
  readonly code: string;
  /** What makes it one. */
  readonly name: string;
  readonly files: Files;
  /** `file:line:column` of each finding. */
  readonly at: readonly string[];
  readonly message: RegExp;
  /** Whether `--fix` fixes it. */
  readonly mends: boolean;
  /** What else follows from the fault. */
  readonly also?: readonly string[];
};

const NGINX = 'library/nginx/1.25';
const HELLO = 'examples/helloworld-gcc13.2';
const SERVER = 'examples/httpserver-python3.12';
const WORKFLOW = '.github/workflows/library-nginx1.25.yaml';

const put = (from: string, to: string) => (text: string) => {
  if (!text.includes(from)) throw new Error(`${from} is not in the clean text`);
  return text.replace(from, () => to);
};
const append = (more: string) => (text: string) => text + more;

/** One change of one file. */
function fault(
  code: string,
  file: string,
  change: Files[string],
  found: {
    at: string | string[];
    message: RegExp;
    mends?: boolean;
    name?: string;
    also?: string[];
    files?: Files;
  },
): Planted {
  const { at, message, mends = false, name = code, also = [], files = {} } = found;
  const places = [at].flat().map((place) => (/^[\d:]+$/.test(place) ? `${file}:${place}` : place));
  return { code, name, files: { ...files, [file]: change }, at: places, message, mends, also };
}

/** Builds of packages without the lock file of their language. */
function lockFaults(): Planted[] {
  const rows = [
    [
      'go.mod',
      'go build ./...',
      'go.sum or vendor/modules.txt',
      'module a\n\nrequire (\n\tb.org/c v1.0.0\n)\n',
    ],
    ['Gemfile', 'bundle install', 'Gemfile.lock', "gem 'rack'\n"],
    ['composer.json', 'composer install --no-dev', 'composer.lock', '{}\n'],
  ] as const;
  return rows.map(([manifest, command, locks, text]) =>
    fault(
      'lock-missing',
      `${HELLO}/Dockerfile`,
      put('RUN ', `COPY ./${manifest} ./\n\nRUN ${command}\n\nRUN `),
      {
        name: `${command} without its lock file`,
        at: '7:1',
        message: new RegExp(`^no COPY copies ${locks} beside ${manifest}$`),
        files: { [`${HELLO}/${manifest}`]: text },
      },
    ),
  );
}

/** At least one for each rule. */
export const PLANTED: readonly Planted[] = [
  fault('kraftfile-invalid', `${HELLO}/Kraftfile`, put('["/helloworld"]', '["/helloworld", 8080]'), {
    name: 'a number in cmd, on which kraft panics',
    at: '9:22',
    message: /^cmd\[1\] must be text, not the number 8080/,
  }),
  fault('kraftfile-invalid', `${HELLO}/Kraftfile`, put('["/helloworld"]', '["/helloworld"'), {
    name: 'a bracket that is not closed',
    at: '10:1',
    message: /./,
  }),
  fault('kraftfile-absent', `${SERVER}/Kraftfile`, null, {
    at: `${SERVER}/Dockerfile:1:1`,
    message: /^there is no Kraftfile beside the Dockerfile/,
    also: ['cmd-missing'],
  }),
  fault('kraftfile-ambiguous', `${HELLO}/kraft.yaml`, 'spec: v0.6\n\nname: helloworld-gcc13.2\n', {
    at: `${HELLO}/Kraftfile:1:1`,
    message: /^kraft cannot choose between kraft\.yaml and Kraftfile/,
  }),
  fault('kraftfile-unknown-key', `${HELLO}/Kraftfile`, put('runtime:', 'rumtime: x\n\nruntime:'), {
    at: '5:1',
    message: /^unknown key rumtime: did you mean runtime\?$/,
  }),
  fault('kraftfile-unset-variable', `${HELLO}/Kraftfile`, put('"/helloworld"', '"/helloworld", "$WHO"'), {
    at: '9:22',
    message: /WHO is not set/,
  }),
  fault('kraftfile-ambiguous-value', `${HELLO}/Kraftfile`, append('\nenv:\n  VERSION: 1.10\n'), {
    at: '12:12',
    message: /YAML reads 1\.10 as 1\.1/,
  }),
  fault(
    'kraftfile-repeated-key',
    `${NGINX}/Kraftfile`,
    put("    CONFIG_LIBRAMFS: 'y'\n", "    CONFIG_LIBRAMFS: 'y'\n    CONFIG_LIBUKCPIO: 'y'\n"),
    {
      at: '19:5',
      message: /CONFIG_LIBUKCPIO is given twice/,
      mends: true,
    },
  ),
  fault(
    'kraftfile-replaced-key',
    `${NGINX}/Kraftfile`,
    put("    CONFIG_LIBRAMFS: 'y'\n", "    CONFIG_LIBUKCPIO: 'n'\n"),
    {
      at: '18:5',
      message: /^the key CONFIG_LIBUKCPIO is given twice with different values: kraft uses the last$/,
    },
  ),
  fault('kraftfile-tab', `${HELLO}/Kraftfile`, put('["/helloworld"]', '[\n\t"/helloworld"\n]'), {
    at: '10:1',
    message: /^a tab indents a line inside brackets/,
  }),
  fault('kraftfile-old-form', `${HELLO}/Kraftfile`, put('spec: v0.6', 'spec: v0.5'), {
    name: 'a spec that kraft warns about',
    at: '1:7',
    message: /^the spec v0\.5 is older than kraft: write spec: v0\.6$/,
  }),
  fault('kraftfile-cmd-text', `${HELLO}/Kraftfile`, put('["/helloworld"]', '/helloworld'), {
    at: '9:6',
    message: /one text as one argument/,
  }),
  fault('kraftfile-old-form', `${HELLO}/Kraftfile`, put('spec: v0.6', 'spec: 0.6'), {
    at: '1:7',
    message: /kraft refuses a number here/,
  }),
  fault(
    'kraftfile-key-order',
    `${HELLO}/Kraftfile`,
    (text) => `${put('runtime: base:latest\n\n', '')(text)}\nruntime: base:latest\n`,
    {
      at: '9:1',
      message: /^runtime stands below rootfs/,
    },
  ),
  fault('kraftfile-blank-line', `${HELLO}/Kraftfile`, put('base:latest\n\n', 'base:latest\n'), {
    at: '6:1',
    message: /^runtime and rootfs have no blank line/,
    mends: true,
  }),
  fault('cmd-missing', `${HELLO}/Kraftfile`, put('\ncmd: ["/helloworld"]\n', ''), {
    at: '5:10',
    message: /base:latest runs its own \/fallback/,
  }),
  fault('cmd-one-word', `${HELLO}/Kraftfile`, put('"/helloworld"', '"/helloworld --loud"'), {
    at: '9:6',
    message: /give \/helloworld and its arguments an item each/,
    mends: true,
  }),
  fault('cmd-one-word', `${HELLO}/Kraftfile`, put('"/helloworld"', `"/helloworld 'a b'"`), {
    name: 'a command line with quotes in one item',
    at: '9:6',
    message: /an item each/,
  }),
  fault('cmd-relative', `${HELLO}/Kraftfile`, put('"/helloworld"', '"helloworld"'), {
    at: '9:6',
    message: /^cmd starts "helloworld", which is no absolute path/,
  }),
  fault('cmd-script', `${HELLO}/Dockerfile`, put('COPY --from=build /helloworld', 'COPY ./run.sh'), {
    at: `${HELLO}/Kraftfile:9:6`,
    message: /the script run\.sh for \/bin\/sh/,
    files: { [`${HELLO}/run.sh`]: '#!/bin/sh\nexec true\n' },
    also: ['stage-unused'],
  }),
  fault('cmd-not-copied', `${HELLO}/Kraftfile`, put('"/helloworld"', '"/usr/bin/helloworld"'), {
    at: '9:6',
    message: /^cmd starts \/usr\/bin\/helloworld, which no COPY/,
  }),
  fault('name-mismatch', `${NGINX}/Kraftfile`, put('name: nginx', 'name: node'), {
    at: '3:7',
    message: /^name is node, the place of the Kraftfile says nginx$/,
    mends: true,
  }),
  fault('rootfs-missing', `${HELLO}/Kraftfile`, put('./Dockerfile', './Dockrfile'), {
    name: 'a misspelt directory',
    at: '7:9',
    message: /^rootfs names \.\/Dockrfile, which is not there: did you mean \.\/Dockerfile\?/,
  }),
  fault('rootfs-missing', `${HELLO}/Kraftfile`, put('./Dockerfile', './rootfs.Dockerfile'), {
    at: '7:9',
    message: /which kraft takes for a Dockerfile and is a directory/,
    files: { [`${HELLO}/rootfs.Dockerfile/a`]: '' },
  }),
  fault('rootfs-undetected', `${HELLO}/Kraftfile`, put('./Dockerfile', './Containerfile'), {
    at: '7:9',
    message: /^rootfs names the file Containerfile, which kraft never builds/,
    files: { [`${HELLO}/Containerfile`]: 'FROM scratch\n' },
  }),
  fault('rootfs-unnamed', `${HELLO}/Kraftfile`, put('rootfs: ./Dockerfile\n\n', ''), {
    at: '1:1',
    message: /no rootfs that names it/,
  }),
  fault('runtime-unknown', `${SERVER}/Kraftfile`, put('python:3.12', 'python:latest'), {
    at: '5:10',
    message: /^the runtime is python:latest, the catalog has python:3\.12$/,
  }),
  fault('runtime-version', `${SERVER}/Kraftfile`, put('python:3.12', 'python:3.10'), {
    at: '5:10',
    message: /says python 3\.12$/,
    also: ['runtime-unknown'],
  }),
  fault('config-invalid', `${NGINX}/kraft-slim.yaml`, 'kep: []\n', {
    at: '1:1',
    message: /^unknown key kep: did you mean keep\?$/,
  }),
  fault('dockerfile-invalid', `${HELLO}/Dockerfile`, append('COPPY a b\n'), {
    at: '10:1',
    message: /COPPY/,
  }),
  fault('dockerignore-invalid', `${HELLO}/.dockerignore`, append('[a\n'), {
    at: '2:1',
    message: /^\[a is no valid pattern$/,
  }),
  fault(
    'stage-unused',
    `${NGINX}/Dockerfile`,
    put('COPY --from=sys /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/', ''),
    {
      at: '3:1',
      message: /^nothing is taken from the stage sys, FROM alpine:3$/,
      mends: true,
    },
  ),
  fault('dockerfile-invalid', `${HELLO}/Dockerfile`, put('--from=build', '--form=build'), {
    name: 'a flag that BuildKit does not know',
    at: '9:6',
    message: /^COPY has no flag --form$/,
  }),
  fault('dockerfile-invalid', `${HELLO}/Dockerfile`, put('gcc:13.2.0-bookworm', 'gcc:$TAG'), {
    name: 'an image whose tag is empty by the build arguments of the settings',
    at: '1:6',
    message: /^the image gcc:, from gcc:\$TAG, is no reference: its tag is empty$/,
    files: { 'kraft-slim.yaml': 'build: { args: { TAGS: "13" } }\n' },
  }),
  fault('config-invalid', `${HELLO}/kraft-slim.yaml`, 'check:\n  rules:\n    stage-unusd: off\n', {
    name: 'a level for a rule that there is not',
    at: '3:5',
    message: /^check\.rules has no rule stage-unusd: did you mean stage-unused\?$/,
  }),
  fault('stage-unused', `${NGINX}/Dockerfile`, put('COPY --from=sys', '# COPY --from=sys'), {
    name: 'a stage that a comment takes from',
    at: '3:1',
    message: /^nothing is taken from the stage sys/,
  }),
  fault('stage-unknown', `${NGINX}/Dockerfile`, put('--from=sys', '--from=sis'), {
    at: '17:1',
    message: /^there is no stage sis: did you mean sys\?$/,
    also: ['stage-unused'],
  }),
  fault('stage-unknown', `${NGINX}/Dockerfile`, append('COPY --from=nowhere /a /a\n'), {
    name: 'a stage that resembles none',
    at: '20:1',
    message: /^there is no stage nowhere: the stages are build, sys$/,
  }),
  fault('from-unpinned', `${NGINX}/Dockerfile`, put('alpine:3', 'alpine'), {
    at: '3:6',
    message: /^the base image alpine has no tag/,
  }),
  fault('from-unpinned', `${NGINX}/Dockerfile`, put('alpine:3', 'alpine:latest'), {
    name: 'the latest',
    at: '3:6',
    message: /whatever is the latest/,
  }),
  fault('from-as-case', `${NGINX}/Dockerfile`, put('alpine:3 AS', 'alpine:3 as'), {
    at: '3:15',
    message: /^the keyword is written as: the catalog writes AS$/,
    mends: true,
  }),
  fault('version-mismatch', `${NGINX}/Dockerfile`, put('nginx:1.25.3', 'nginx:1.27.0'), {
    at: '1:6',
    message:
      /^FROM nginx:1\.27\.0-bookworm is of version 1\.27\.0, the directory library\/nginx\/1\.25 says nginx 1\.25$/,
  }),
  fault(
    'version-mismatch',
    `${NGINX}/Dockerfile`,
    put('\nFROM alpine', '\nARG NGINX_VERSION=1.27.0\n\nFROM alpine'),
    {
      name: 'an ARG',
      at: '3:1',
      message: /^ARG NGINX_VERSION is of version 1\.27\.0/,
    },
  ),
  fault('platform-fixed', `${NGINX}/Dockerfile`, put('FROM alpine', 'FROM --platform=linux/amd64 alpine'), {
    at: '3:6',
    message: /^FROM alpine:3 is fixed to linux\/amd64/,
  }),
  fault('add-remote', `${NGINX}/Dockerfile`, append('ADD https://example.org/a.txt /a.txt\n'), {
    at: '20:1',
    message: /^ADD fetches https:\/\/example\.org\/a\.txt without --checksum$/,
  }),
  fault('add-remote', `${NGINX}/Dockerfile`, append('ADD https://github.com/x/y.git#main /src\n'), {
    name: 'the branch of a git repository',
    at: '20:1',
    message: /^ADD clones https:\/\/github\.com\/x\/y\.git#main without a commit: name it as .*\.git#COMMIT$/,
  }),
  fault('copy-source-missing', `${NGINX}/Dockerfile`, put('./nginx.conf', './ngnix.conf'), {
    at: '19:6',
    message: /^cannot COPY \.\/ngnix\.conf: it is not in the build context$/,
  }),
  fault('copy-source-missing', `${NGINX}/.dockerignore`, append('*.conf\n'), {
    name: 'hidden',
    at: `${NGINX}/Dockerfile:19:6`,
    message: /\.dockerignore hides it$/,
  }),
  fault('copy-twice', `${NGINX}/Dockerfile`, append('COPY --from=build /usr/sbin/nginx /usr/bin/nginx\n'), {
    at: '20:1',
    message: /^\/usr\/bin\/nginx is copied twice, first in line 8$/,
    mends: true,
  }),
  fault(
    'copy-twice',
    `${NGINX}/Dockerfile`,
    append('COPY --from=build /a/libc.so.6 /lib/x86_64-linux-gnu/libc.so.6\n'),
    {
      name: 'another file to the same place',
      at: '20:1',
      message: /is copied from --from=build \/a\/libc\.so\.6, over what line 11 copies there/,
    },
  ),
  fault(
    'copy-twice',
    `${NGINX}/Dockerfile`,
    append('COPY --from=build /a /b /c /\nCOPY --from=build /a /b /c /\n'),
    {
      name: 'a line of several files, reported once',
      at: '21:1',
      message: /^\/a and 2 more are copied twice/,
    },
  ),
  fault('copy-path-form', `${NGINX}/Dockerfile`, append('COPY --from=build /a /usr/bin/../lib/a\n'), {
    at: '20:22',
    message: /^the destination \/usr\/bin\/\.\.\/lib\/a is \/usr\/lib\/a/,
  }),
  fault(
    'instruction-ignored',
    `${NGINX}/Dockerfile`,
    append('\nUSER nginx\nENTRYPOINT ["/usr/bin/nginx"]\nCMD ["-g"]\n'),
    {
      at: ['21:1', '22:1', '23:1'],
      message: /^Unikraft ignores (USER|ENTRYPOINT|CMD): /,
      mends: true,
    },
  ),
  fault('instruction-ignored', `${NGINX}/Dockerfile`, append('\nWORKDIR /app\n'), {
    name: 'a working directory',
    at: '21:1',
    message: /^Unikraft ignores the final WORKDIR \/app: the app runs in \/$/,
  }),
  fault(
    'dev-link',
    `${NGINX}/Dockerfile`,
    put('\nFROM alpine', '\nRUN ln -sf /dev/stdout /var/log/access.log\n\nFROM alpine'),
    {
      at: '3:1',
      message: /^\/var\/log\/access\.log becomes a link to \/dev\/stdout/,
    },
  ),
  fault('syntax-line', `${NGINX}/Dockerfile`, (text) => `# syntax=docker/dockerfile:1\n${text}`, {
    at: '1:1',
    message: /^the frontend docker\/dockerfile:1 is fetched/,
  }),
  fault('readme-missing', `${HELLO}/README.md`, null, {
    at: '1:1',
    message: /^there is no README\.md/,
  }),
  fault('readme-heading-missing', `${HELLO}/README.md`, put('## Set Up', '## Setting Up'), {
    at: '1:1',
    message: /^the README has no heading Set Up$/,
  }),
  fault(
    'readme-heading-order',
    `${HELLO}/README.md`,
    (text) => {
      const [, setUp = '', run = ''] =
        /(## Set Up[\s\S]*?)(## Run and Use[\s\S]*?)(?=## Inspect)/.exec(text) ?? [];
      return text.replace(setUp + run, run + setUp);
    },
    {
      at: '13:1',
      message: /^the heading Set Up stands below Run and Use/,
    },
  ),
  fault('readme-heading-order', `${HELLO}/README.md`, put('## Set Up', '### Set Up'), {
    name: 'a level',
    at: '3:1',
    message: /^the heading Set Up is of level 3, not 2$/,
    mends: true,
  }),
  fault('readme-run-missing', `${HELLO}/README.md`, (text) => text.replaceAll('kraft run', 'kraft rum'), {
    at: '1:1',
    message: /^the README shows no kraft run line$/,
  }),
  fault('readme-port', `${HELLO}/README.md`, put('curl localhost:8080', 'curl localhost:8081'), {
    at: '14:1',
    message: /^curl asks port 8081, kraft run gives 8080$/,
  }),
  fault('readme-ports-differ', `${NGINX}/README.md`, put('-p 8080:8080 -M 256M .', '-p 8080:80 -M 256M .'), {
    at: '32:1',
    message: /^kraft run maps 8080:80 here, and 8080:8080 above$/,
  }),
  fault('readme-memory', `${NGINX}/README.md`, put('-M 256M .', '-M 512M .'), {
    at: '32:1',
    message: /^kraft run has -M 512M here, and has -M 256M above$/,
  }),
  fault('readme-image', `${NGINX}/README.md`, put('unikraft.org/nginx:1.25', 'unikraft.org/nginx:11.2'), {
    at: '6:37',
    message: /^kraft runs unikraft\.org\/nginx:11\.2, the entry is unikraft\.org\/nginx:1\.25$/,
    mends: true,
  }),
  fault('readme-kraftfile', `${HELLO}/README.md`, put('-M 256M .', '-M 256M -K Kraftfile.x .'), {
    at: '10:1',
    message: /^kraft run names the Kraftfile Kraftfile\.x, which is not there$/,
  }),
  fault('readme-volume-flag', `${HELLO}/README.md`, put('-M 256M .', '-M 256M ./html:/html .'), {
    at: '10:1',
    message: /^kraft run takes \.\/html:\/html for the project: write -v/,
  }),
  fault('workflow-missing', WORKFLOW, null, {
    at: '1:1',
    message: /^library\/nginx\/1\.25 has no workflow library-nginx1\.25\.yaml$/,
    also: ['row-wrong'],
  }),
  fault('workflow-invalid', WORKFLOW, append('jobs: [\n'), {
    at: ['27:1', '28:1'],
    message: /./,
  }),
  fault('workflow-name', WORKFLOW, put('name: library/nginx:1.25', 'name: library/nginx1.25'), {
    at: '1:7',
    message: /^the workflow is called library\/nginx1\.25, the entry's is library\/nginx:1\.25$/,
    mends: true,
  }),
  fault(
    'workflow-paths',
    WORKFLOW,
    (text) => text.replaceAll("'library/nginx/1.25/**'", "'library/nginx/1.9/**'"),
    {
      at: ['7:5', '14:5'],
      message: /^the paths of (push|pull_request) do not cover a change in library\/nginx\/1\.25$/,
    },
  ),
  fault('workflow-directory', WORKFLOW, put('workdir: library/nginx/1.25', 'workdir: library/nginx/1.9'), {
    at: '25:18',
    message: /^the workflow builds library\/nginx\/1\.9, its entry is library\/nginx\/1\.25$/,
    mends: true,
  }),
  fault('workflow-image', WORKFLOW, put('unikraft.org/nginx:1.25', 'unikraft.org/nginx:1.9'), {
    at: '26:17',
    message: /publishes .*nginx:1\.9, its entry is nginx:1\.25$/,
    mends: true,
  }),
  fault('workflow-orphan', '.github/workflows/library-gone1.0.yaml', 'name: library/gone:1.0\n', {
    at: '1:1',
    message: /^library-gone1\.0\.yaml is the workflow of no library entry$/,
  }),
  fault('row-missing', 'README.md', put(row('nginx', '1.25'), ''), {
    at: '10:1',
    message: /^library\/nginx\/1\.25 has no row in the table/,
    mends: true,
  }),
  fault('row-missing', 'README.md', put(row('python', '3.12'), ''), {
    name: 'the last row',
    at: '10:1',
    message: /^library\/python\/3\.12 has no row in the table/,
    mends: true,
  }),
  fault('row-duplicate', 'README.md', append(row('python', '3.12')), {
    at: '13:1',
    message: /^library\/python\/3\.12 has a row already$/,
    mends: true,
  }),
  fault(
    'row-order',
    'README.md',
    put(row('nginx', '1.25') + row('python', '3.12'), row('python', '3.12') + row('nginx', '1.25')),
    {
      at: '12:1',
      message: /^the row of nginx:1\.25 stands below python:3\.12$/,
      mends: true,
    },
  ),
  fault('row-wrong', 'README.md', put('`unikraft.org/nginx:1.25`', '`unikraft.org/nginx:1.26`'), {
    at: '11:1',
    message: /^the row of library\/nginx\/1\.25 names nginx:1\.26, not nginx:1\.25$/,
    mends: true,
  }),
  fault('row-wrong', 'README.md', put('](library/nginx/1.25)', '](library/nginx/1.26)'), {
    name: 'a link that leads nowhere',
    at: '11:1',
    message: /links to library\/nginx\/1\.26, which is no entry$/,
    also: ['row-missing'],
  }),
  fault('link-dead', 'README.md', put('(examples/helloworld-gcc13.2)', '(examples/helloworld-gcc12)'), {
    at: '5:16',
    message: /^the link leads to examples\/helloworld-gcc12, which is not there$/,
  }),
  fault('gitignore-line', `${NGINX}/.gitignore`, '/.unikraft/\n', {
    at: '1:1',
    message: /^git does not ignore \/\.config\*, which kraft leaves behind$/,
    mends: true,
  }),
  fault('gitignore-line', `${HELLO}/.gitignore`, null, {
    name: 'no .gitignore',
    at: '1:1',
    message: /^git does not ignore \/\.unikraft\//,
    mends: true,
  }),
  fault('dockerignore-line', `${HELLO}/.dockerignore`, null, {
    at: '1:1',
    message: /^\.dockerignore does not hide \/\.unikraft\//,
    mends: true,
  }),
  fault('not-text', `${HELLO}/README.md`, 'a\0b\n', {
    at: '1:1',
    message: /it contains a NUL character$/,
  }),
  fault('byte-order-mark', `${HELLO}/Dockerfile`, (text) => `\ufeff${text}`, {
    at: '1:1',
    message: /^the file begins with a byte order mark$/,
    mends: true,
  }),
  fault('line-end', `${HELLO}/Dockerfile`, (text) => text.replaceAll('\n', '\r\n'), {
    at: '1:34',
    message: /^9 lines end in CR LF, \.editorconfig asks for LF$/,
    mends: true,
  }),
  fault('final-newline', `${HELLO}/Kraftfile`, (text) => text.trimEnd(), {
    at: '9:21',
    message: /^the last line does not end$/,
    mends: true,
  }),
  fault('final-newline', `${HELLO}/helloworld.c`, (text) => text.trimEnd(), {
    name: 'of a source',
    at: '1:29',
    message: /^the last line does not end$/,
    mends: true,
  }),
  fault('trailing-space', `${HELLO}/Kraftfile`, put('base:latest\n', 'base:latest  \n'), {
    at: '5:21',
    message: /^the line ends in white space$/,
    mends: true,
  }),
  fault('trailing-space', `${HELLO}/helloworld.c`, append('// \n'), {
    name: 'in a source',
    at: '2:3',
    message: /^the line ends in white space$/,
  }),
  fault(
    'kconfig-renamed',
    `${NGINX}/Kraftfile`,
    put("    CONFIG_LIBRAMFS: 'y'\n", "    CONFIG_LIBUKSWRAND_DEVFS: 'y'\n"),
    {
      at: '18:5',
      message: /^the kernel calls CONFIG_LIBUKSWRAND_DEVFS CONFIG_LIBUKRANDOM_DEVFS$/,
      mends: true,
    },
  ),
  fault(
    'kconfig-gone',
    `${NGINX}/Kraftfile`,
    put("    CONFIG_LIBRAMFS: 'y'\n", "    CONFIG_LIBVFSCORE: 'y'\n    CONFIG_LIBVFSCORE_AUTOMOUNT: 'y'\n"),
    { at: '18:5', message: /^the kernel has no vfscore since 0\.21: CONFIG_LIBVFSCORE and 1 more$/ },
  ),
  fault('runtime-image', `${HELLO}/Kraftfile`, put('base:latest', 'unikraft.org/base:latest'), {
    at: '5:10',
    message: /^the runtime unikraft\.org\/base:latest is an image: write base:latest$/,
    mends: true,
  }),
  fault(
    'copy-from-relative',
    `${HELLO}/Dockerfile`,
    (text) =>
      put(
        '--from=build /helloworld',
        '--from=build helloworld',
      )(put('RUN gcc', 'WORKDIR /src\n\nRUN gcc')(text)),
    {
      at: '11:19',
      message: /^Docker copies \/helloworld: WORKDIR of build is \/src, write \/src\/helloworld$/,
    },
  ),
  fault(
    'lock-missing',
    `${HELLO}/Dockerfile`,
    put('RUN ', 'COPY ./Cargo.toml ./\n\nRUN cargo build\n\nRUN '),
    {
      at: '7:1',
      message: /^no COPY copies Cargo\.lock beside Cargo\.toml$/,
      files: { [`${HELLO}/Cargo.toml`]: '[package]\n' },
    },
  ),
  fault('object-file', `${HELLO}/helloworld.o`, '', {
    at: '1:1',
    message: /^helloworld\.o is output of a compiler/,
  }),
  fault('object-file', `${HELLO}/src/deep/a.o`, '', {
    name: 'object files below the directory of the entry, reported once for each directory',
    at: '1:1',
    message: /^src\/deep\/a\.o \(and 2 more beside it\) is output of a compiler/,
    files: { [`${HELLO}/src/deep/b.o`]: '', [`${HELLO}/src/deep/c.obj`]: '', [`${HELLO}/src/deep/c.c`]: '' },
  }),
  ...lockFaults(),
  fault('readme-title', `${SERVER}/README.md`, (text) => text.replace(/^# .*/, '# A Ruby Web Server'), {
    at: '1:1',
    message: /^the title is about Ruby, the directory about Python$/,
  }),
  fault('readme-title', `${HELLO}/README.md`, (text) => text.replace(/^# .*/, '# C Web Server'), {
    name: 'a web server that is a greeting',
    at: '1:1',
    message: /^the title is about a web server, the directory about a greeting$/,
  }),
];
