import { symlink, writeFile } from 'node:fs/promises';
import type { HostileRow } from '../row.ts';

const kraftfile = (rootfs: string) =>
  `spec: v0.6\n\nruntime: base:latest\n\n${rootfs}\n\ncmd: ["/bin/cat", "/hello"]\n`;
const newKraftfile = (source: string) =>
  `spec: v0.7\n\nruntime: base:latest\n\nrootfs:\n  source: ${source}\n\ncmd: ["/bin/cat", "/hello"]\n`;
const runs = (words: string) => ({ readme: `kraft run ${words} .\n\`\`\`\n\n\`\`\`\nHello` });

const out = { plant: ({ at }: { at: (name: string) => string }) => symlink('../../../host', at('out')) };

/** A rootfs, a context or a volume that lies elsewhere. */
export const PLACE_ROWS: readonly HostileRow[] = [
  {
    name: 'rootfs-above',
    tries: 'a Dockerfile of another project, to be rewritten',
    ends: 'refused',
    files: { Kraftfile: kraftfile('rootfs: ../../../host/Dockerfile') },
  },
  {
    name: 'rootfs-absolute',
    tries: 'a rootfs at an absolute path of the host',
    ends: 'refused',
    files: { Kraftfile: kraftfile('rootfs: /etc/Dockerfile') },
  },
  {
    name: 'rootfs-directory-above',
    tries: 'a directory of the host as the rootfs',
    ends: 'refused',
    files: { Kraftfile: kraftfile('rootfs: ../../../host') },
  },
  {
    name: 'rootfs-of-git',
    tries: "git's settings as the Dockerfile",
    ends: 'refused',
    files: { Kraftfile: kraftfile('rootfs: ../../.git/Dockerfile') },
    plant: ({ at }) => writeFile(at('../../.git/Dockerfile'), 'FROM debian:bookworm\n'),
    uncommitted: true,
  },
  {
    name: 'context-of-git',
    tries: "git's directory as the build context",
    ends: ['refused', 'rootfs-missing'],
    files: { Kraftfile: newKraftfile('{path: ../../.git, dockerfile: config}') },
  },
  {
    name: 'rootfs-behind-link',
    tries: 'a Dockerfile behind a directory that is a link',
    ends: 'refused',
    files: { Kraftfile: kraftfile('rootfs: ./out/Dockerfile') },
    ...out,
  },
  {
    name: 'rootfs-of-the-root',
    tries: "a context that is the whole catalog, with git's settings",
    ends: ['build-failed', 'refused', 'limit-exceeded'],
    files: { Kraftfile: kraftfile('rootfs: ../../Dockerfile') },
    plant: ({ at }) => writeFile(at('../../Dockerfile'), 'FROM debian:bookworm\nCOPY .git/config /hello\n'),
  },
  {
    name: 'context-above',
    tries: 'a directory of the host as the build context',
    ends: 'refused',
    files: { Kraftfile: newKraftfile('{path: ../../../../root, dockerfile: Dockerfile}') },
  },
  {
    name: 'context-absolute',
    tries: 'an absolute directory of the host as the build context',
    ends: 'refused',
    files: { Kraftfile: newKraftfile('{path: /root, dockerfile: Dockerfile}') },
  },
  {
    name: 'context-behind-link',
    tries: 'a linked directory as the build context',
    ends: 'refused',
    files: { Kraftfile: newKraftfile('{path: ./out, dockerfile: Dockerfile}') },
    ...out,
  },
  {
    name: 'volume-of-git',
    tries: "git's settings as a volume",
    ends: 'refused',
    entry: { ...runs('-v ../../.git:/git'), cmd: ['/bin/cat', '/git/config', '/hello'] },
  },
  {
    name: 'volume-absolute',
    tries: "the host's settings as a volume",
    ends: 'refused',
    entry: runs('-v /etc:/host-etc'),
  },
  {
    name: 'volume-above',
    tries: 'a directory beside the catalog as a volume',
    ends: 'refused',
    entry: runs('-v ../../../host:/host'),
  },
  {
    name: 'volume-socket',
    tries: "the engine's socket as a volume",
    ends: 'refused',
    entry: runs('-v /var/run/docker.sock:/var/run/docker.sock'),
  },
  {
    name: 'volume-behind-link',
    tries: 'a linked directory as a volume',
    ends: 'refused',
    entry: runs('-v ./out:/host'),
    ...out,
  },
  {
    name: 'volume-of-kraftfile',
    tries: 'a volume of the Kraftfile from outside of the catalog',
    ends: 'refused',
    files: { Kraftfile: `${kraftfile('rootfs: ./Dockerfile')}\nvolumes:\n  - ../../../host:/host\n` },
  },
  {
    name: 'secret-file',
    tries: "the user's key as a secret of the build",
    ends: 'config-invalid',
    files: {
      'kraft-slim.yaml': 'build:\n  secrets:\n    - {id: key, file: ../../../home/.ssh/id_ed25519}\n',
    },
  },
  {
    name: 'secret-git',
    tries: "git's settings as a secret of the build",
    ends: 'config-invalid',
    files: { 'kraft-slim.yaml': 'build:\n  secrets:\n    - {id: key, file: ../../.git/config}\n' },
  },
  {
    name: 'secret-variable',
    tries: "a variable of the user's environment as a secret of the build",
    ends: 'config-invalid',
    files: { 'kraft-slim.yaml': 'build:\n  secrets:\n    - {id: key, env: CANARY_TOKEN}\n' },
  },
  {
    name: 'variable-interpolated',
    tries: "a variable of the user's environment in the command, the environment and a build argument",
    ends: 'slimmed',
    entry: runs('-e CANARY_TOKEN'),
    files: {
      Kraftfile:
        'spec: v0.6\n\nruntime: base:latest\n\nrootfs: ./Dockerfile\n\ncmd: ["/bin/cat", "/hello"]\n\nenv:\n  TAKEN: "${CANARY_TOKEN:-none}"\n',
      'kraft-slim.yaml': 'build:\n  args:\n    TAKEN: "${CANARY_TOKEN}"\n',
      Dockerfile: 'FROM debian:bookworm\nARG CANARY_TOKEN=none\nRUN echo Hello $CANARY_TOKEN > /hello\n',
    },
  },
];
