import { plantBare, plantDotGit, plantGitFile } from '../../support/hostile-repository.ts';
import type { HostileRow } from '../row.ts';

const HELLO = ['FROM debian:bookworm', 'RUN echo Hello > /hello'];

/** Programs that the tool starts, and what they get from an entry. */
export const PROGRAM_ROWS: readonly HostileRow[] = [
  {
    name: 'git-bare',
    tries: 'a bare repository whose configuration starts programs',
    ends: 'slimmed',
    plant: ({ at, traps }) => plantBare(at('.'), traps),
    uncommitted: true,
  },
  {
    name: 'git-directory',
    tries: 'a .git whose configuration, hooks and filters start programs',
    ends: 'slimmed',
    soak: true,
    plant: ({ at, traps }) => plantDotGit(at('.'), traps),
    uncommitted: true,
  },
  {
    name: 'git-file',
    tries: 'a .git file that leads to such a repository',
    ends: 'slimmed',
    soak: true,
    plant: ({ at, traps }) => plantGitFile(at('.'), traps),
    uncommitted: true,
  },
  {
    name: 'git-poses-as-catalog',
    // it is the nearest directory that looks like a catalog
    result: '.',
    tries: 'a catalog within the catalog, with a separate repository',
    ends: 'slimmed',
    soak: true,
    files: { 'library/x/a': '', 'examples/x/a': '' },
    plant: ({ at, traps }) => plantBare(at('.'), traps),
    uncommitted: true,
  },
  {
    name: 'git-attributes',
    tries: "a filter of the user's configuration for each file",
    ends: 'slimmed',
    files: {
      '.gitattributes': '* filter=evil diff=evil merge=evil eol=crlf\n',
      '.gitmodules': '[submodule "x"]\n\tpath = x\n\turl = ext::sh -c id\n\tupdate = !id\n',
    },
  },
  {
    name: 'client-settings',
    tries: 'settings of clients: docker, npm, node, ssh',
    ends: 'slimmed',
    soak: true,
    files: {
      '.docker/config.json': '{"credsStore": "canary", "credHelpers": {"docker.io": "canary"}}',
      '.npmrc': 'script-shell=./canary\nprefix=${HOME}/.ssh\n',
      'package.json': '{"type":"module","main":"../../../host/secret","scripts":{"install":"./canary"}}',
      'node_modules/yaml/index.js': 'throw new Error("loaded")',
      '.env': 'NODE_OPTIONS=--require ./canary.js\n',
      '.node-version': '99\n',
      docker: '#!/bin/sh\nexit 3\n',
      git: '#!/bin/sh\nexit 3\n',
    },
  },
  {
    name: 'build-privileged',
    tries: 'a build step without a sandbox',
    ends: 'build-failed',
    entry: { dockerfile: ['FROM debian:bookworm', 'RUN --security=insecure echo Hello > /hello'] },
  },
  {
    name: 'build-ssh-agent',
    tries: "the user's ssh agent in a build step",
    ends: 'build-failed',
    entry: { dockerfile: ['FROM debian:bookworm', 'RUN --mount=type=ssh,required=true echo Hello > /hello'] },
  },
  {
    name: 'build-secret-required',
    tries: 'a secret that nothing gives',
    ends: 'build-failed',
    entry: {
      dockerfile: [
        'FROM debian:bookworm',
        'RUN --mount=type=secret,id=key,required=true cat /run/secrets/key > /hello',
      ],
    },
  },
  {
    name: 'build-add-git',
    tries: 'a repository of the host as the source of a file',
    ends: 'build-failed',
    entry: { dockerfile: ['FROM debian:bookworm', 'ADD file:///root/.ssh/id_ed25519 /hello'] },
  },
  {
    name: 'build-copy-above',
    tries: 'a COPY from above the build context',
    ends: 'build-failed',
    entry: { dockerfile: ['FROM debian:bookworm', 'COPY ../../../host/secret /hello'] },
  },
  {
    name: 'build-syntax-file',
    tries: 'a frontend that does not exist',
    ends: ['slimmed', 'build-failed'],
    soak: true,
    entry: { dockerfile: ['# syntax=evil.invalid/frontend:1', ...HELLO] },
  },
  {
    name: 'cmd-starts-shell',
    tries: 'shell text in the command and its arguments',
    ends: 'cmd-not-found',
    entry: { cmd: ['/bin/cat /hello; touch /pwned; $(id)', '`id`'] },
  },
];
