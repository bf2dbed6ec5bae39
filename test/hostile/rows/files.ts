import { execFileSync } from 'node:child_process';
import { mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import type { HostileRow, Place } from '../row.ts';

type Plant = (path: string, place: Place) => unknown;

/** Something else in the place of a file of the entry. */
function instead(name: string, plant: Plant): (place: Place) => Promise<void> {
  return async (place) => {
    await rm(place.at(name), { recursive: true, force: true });
    await plant(place.at(name), place);
  };
}

const linkTo =
  (target: string): Plant =>
  (path) =>
    symlink(target, path);
const pipe: Plant = (path) => execFileSync('mkfifo', [path]);
const zeros: Plant = (path) => execFileSync('mknod', [path, 'c', '1', '5']);
const huge: Plant = async (path) => {
  await writeFile(path, '');
  await truncate(path, 8 * 1024 ** 3);
};
const directory: Plant = (path) => mkdir(path);

const READ = ['Kraftfile', 'Dockerfile', 'kraft-slim.yaml', '.dockerignore', 'README.md'];

/** What stands in the place of a file that the tool reads. */
const STEADS: readonly (readonly [string, string, Plant, HostileRow['ends']])[] = [
  ['link-out', 'a link to a file of the host', linkTo('../../../host/secret'), 'refused'],
  ['pipe', 'a pipe, which would block its reader', pipe, 'refused'],
  ['device', 'a device without an end', zeros, 'refused'],
  ['huge', 'a file of 8 GiB', huge, 'limit-exceeded'],
];

const slug = (name: string) => name.replace(/^\./, '').replace(/\..*/, '').toLowerCase();

const inTheirPlace: readonly HostileRow[] = READ.flatMap((name) =>
  STEADS.map(([stead, what, plant, ends]) => ({
    name: `${slug(name)}-${stead}`,
    tries: `${what} in the place of ${name}`,
    ends,
    plant: instead(name, plant),
    ...(plant === huge ? { uncommitted: true as const } : {}),
  })),
);

const HELLO = 'FROM debian:bookworm\nRUN echo Hello > /hello\n';

/** Files of an entry that are not what they seem. */
export const FILE_ROWS: readonly HostileRow[] = [
  ...inTheirPlace,
  {
    name: 'kraftfile-link-absolute',
    tries: 'an absolute link to a file of the host',
    ends: 'refused',
    plant: (place) => instead('Kraftfile', linkTo(place.beside('host/Kraftfile')))(place),
  },
  {
    name: 'dockerfile-link-git',
    tries: "a link to git's settings, which hold a token",
    ends: 'refused',
    plant: instead('Dockerfile', linkTo('../../.git/config')),
  },
  {
    name: 'kraftfile-link-zero',
    tries: 'a link to /dev/zero',
    ends: 'refused',
    plant: instead('Kraftfile', linkTo('/dev/zero')),
  },
  {
    name: 'readme-link-self',
    tries: "a link to the process's environment",
    ends: 'refused',
    plant: instead('README.md', linkTo('/proc/self/environ')),
  },
  {
    name: 'config-link-loop',
    tries: 'a link to itself',
    ends: 'refused',
    plant: instead('kraft-slim.yaml', linkTo('kraft-slim.yaml')),
  },
  {
    name: 'dockerfile-directory',
    tries: 'a directory in the place of the Dockerfile',
    ends: 'rootfs-missing',
    plant: instead('Dockerfile', directory),
  },
  {
    name: 'written-link',
    tries: 'links to a file of the host where new files would be written',
    ends: 'slimmed',
    plant: async ({ at }) => {
      for (const name of ['Dockerfile.kraft-slim-new', 'Dockerfile.orig', 'Kraftfile.orig'])
        await symlink('../../../host/secret', at(name));
    },
  },
  {
    name: 'list-link',
    tries: 'a link to a file of the host where the list of files is',
    ends: 'refused',
    plant: ({ at }) => symlink('../../../host/secret', at('rootfs.list')),
  },
  {
    name: 'context-links',
    tries: 'links in the build context that lead out of the catalog, all copied',
    ends: 'slimmed',
    entry: { dockerfile: ['FROM debian:bookworm', 'RUN echo Hello > /hello', 'COPY links /links'] },
    plant: async ({ at, beside }) => {
      await mkdir(at('links'));
      await symlink('../../../../host', at('links/relative'));
      await symlink(beside('home'), at('links/absolute'));
      await symlink('/etc/shadow', at('links/shadow'));
    },
  },
  {
    name: 'context-link-followed',
    tries: 'a COPY of a file behind a link that leads out of the catalog',
    ends: 'build-failed',
    entry: { dockerfile: ['FROM debian:bookworm', 'COPY out/secret /hello'] },
    plant: ({ at }) => symlink('../../../host', at('out')),
  },
  {
    name: 'context-specials',
    tries: 'pipes and devices in the build context',
    ends: 'slimmed',
    soak: true,
    entry: { dockerfile: ['FROM debian:bookworm', 'RUN echo Hello > /hello', 'COPY specials /specials'] },
    plant: async ({ at }) => {
      await mkdir(at('specials'));
      await writeFile(at('specials/plain'), 'plain');
      execFileSync('mkfifo', [at('specials/pipe')]);
      execFileSync('mknod', [at('specials/zero'), 'c', '1', '5']);
    },
  },
  {
    name: 'context-not-utf-8',
    tries: 'a name in the build context that is not UTF-8',
    ends: 'refused',
    plant: ({ at }) => writeFile(Buffer.concat([Buffer.from(at('name-')), Buffer.from([0xff])]), ''),
  },
  {
    name: 'state-beside',
    tries: 'a state directory in the entry, and links where state was once written',
    ends: 'slimmed',
    soak: true,
    plant: async ({ at }) => {
      await symlink('../../../host/state', at('.kraft-slim'));
      await writeFile(at('sweep.lock'), '');
    },
  },
  {
    name: 'dockerfile-link-beside',
    tries: "a Dockerfile that is a link to another entry's, so that the result would be written there",
    ends: 'refused',
    plant: async (place) => {
      await mkdir(place.at('../dockerfile-of-another'), { recursive: true });
      await writeFile(place.at('../dockerfile-of-another/Dockerfile'), HELLO);
      await instead('Dockerfile', linkTo('../dockerfile-of-another/Dockerfile'))(place);
    },
  },
];
