import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { labelsOfRun } from '../../../src/engine/labels.ts';
import { docker } from '../../support/docker.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

/** Names that mean something to a shell, a glob, a variable, JSON or a Dockerfile; each file holds its own name. */
export const ODD_NAMES: readonly string[] = [
  'a b',
  ' lead',
  'trail ',
  'a\tb',
  'a\nb',
  'a*b',
  'a?b',
  'a[b',
  'a]b',
  '[ab]',
  'a\\b',
  '\\*',
  'a\\[b',
  'a"b',
  "a'b",
  '$a',
  '${a}',
  '#a',
  'a,b',
  '--a',
  '!a',
  '{{a}}',
  '`a`',
  'é',
];

/** setxattr(2) and getxattr(2) of x86_64: a bare Debian has perl, but neither setcap nor setfattr. */
const SET = `$f = shift; $k = shift; $v = pack("H*", shift); syscall(188, $f, $k, $v, length $v, 0) == 0 or die $!`;
const GET = `for (@ARGV) { ($f, $k) = split /=/; $b = "\\0" x 64; $n = syscall(191, $f, $k, $b, 64);
print $n < 0 ? "none" : unpack("H*", substr $b, 0, $n), "\\n" }`;

/** cap_net_bind_service, permitted and effective, as capability.h stores it: revision 2. */
export const CAPABILITY = '0100000200040000000000000000000000000000';
const CAPABILITY_KEY = 'security.capability';
const NOTE_KEY = 'user.note';
/** Any value. */
export const NOTE = '6869';

const perl = (script: string, ...words: string[]) =>
  `RUN ${JSON.stringify(['perl', '-e', script, ...words])}`;

/** What every row copies, below /s; what is `old` was changed on the second day of 1970. */
const DOCKERFILE = [
  'FROM debian:bookworm',
  ...Object.entries(labelsOfRun()).map(([name, value]) => `LABEL ${name}="${value}"`),
  'SHELL ["/bin/bash", "-ec"]',

  // links, to be named and to be found in a directory
  'RUN mkdir -p /s/links/real; cd /s/links; echo file >file; echo below >real/below; \\',
  '    ln -s file to-file; ln -s real to-directory; ln -s nowhere dangling; \\',
  '    mkdir /s/glob; ln -s ../links/file /s/glob/link',

  // modes, owners and times
  'RUN mkdir -p /s/modes/below; cd /s/modes; echo su >su; chown 5:7 su; chmod 4750 su; \\',
  '    echo set >below/sgid; chown 5:7 below/sgid; chmod 2755 below/sgid; \\',
  '    chown 5:7 . below; chmod 3770 .; chmod 3750 below; touch -d @86400 su below/sgid below .; \\',
  '    mkdir /s/within; cp -a /s/modes /s/within',

  'RUN mkdir /s/twins; cd /s/twins; echo twin >a; ln a b',
  'RUN mkdir /s/fifo; echo beside >/s/fifo/beside; mkfifo /s/fifo/fifo',
  'RUN mkdir /s/device; echo beside >/s/device/beside; mknod /s/device/null c 1 3',
  'RUN mkdir /s/bracket /s/dollar; cd /s/bracket; echo x >"a[b"; echo x >"a[b]"; \\',
  '    cd /s/dollar; echo beside >beside; echo x >"\\$X"',
  `RUN ${JSON.stringify(['bash', '-ec', 'mkdir /s/odd; cd /s/odd; for n; do printf %s "$n" >"./$n"; done', '-', ...ODD_NAMES])}`,

  // a whole root, all kinds but FIFOs and devices in it
  'RUN mkdir /s/root; cp -a /s/links /s/glob /s/modes /s/twins /s/odd /s/root; touch -d @86400 /s/root/*',
];

/** Stages that copy files with attributes, and say in /report which of them there were before and are after. */
export function attributesStages(image: string): string[] {
  const files = ['/s/attributes/capable', '/s/attributes/noted'];
  const copies = ['/named/capable', '/named/noted', '/below/capable', '/below/noted'];
  const report = (paths: readonly string[], to: string) =>
    `RUN ${JSON.stringify(['bash', '-ec', `perl -e "$0" "$@" ${to}/report`, GET, ...paths.map(asked)])}`;
  return [
    `FROM ${image} AS with-attributes`,
    'RUN mkdir /s/attributes; cd /s/attributes; echo capable >capable; echo noted >noted',
    perl(SET, '/s/attributes/capable', CAPABILITY_KEY, CAPABILITY),
    perl(SET, '/s/attributes/noted', NOTE_KEY, NOTE),
    report(files, '>'),
    'FROM with-attributes AS attributes',
    'COPY --from=with-attributes /s/attributes/capable /s/attributes/noted /named/',
    'COPY --from=with-attributes /s/attributes/ /below/',
    report(copies, '>>'),
  ];
}

/** The attribute that is asked for of a path, as `GET` takes it. */
function asked(path: string): string {
  return `${path}=${path.endsWith('capable') ? CAPABILITY_KEY : NOTE_KEY}`;
}

/** The image that all rows copy from, by a name that both builders find; disposing of it removes it. */
export async function sourceImage(): Promise<AsyncDisposable & { readonly name: string }> {
  const name = `kraft-slim-test/copy-table:${process.pid}`;
  await using directory = await temporaryDirectory();
  await writeFile(join(directory.path, 'Dockerfile'), `${DOCKERFILE.join('\n')}\n`);
  await docker(['build', '--quiet', '--tag', name, directory.path], { DOCKER_BUILDKIT: '0' });
  return {
    name,
    async [Symbol.asyncDispose]() {
      await docker(['image', 'rm', '--force', name]);
    },
  };
}
