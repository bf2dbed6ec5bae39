import { packagesOf, type Sources, specifiersOf } from './sources.ts';

/** The place of src/ where each foreign library is known; of a schema library, each border that data crosses. */
export const OWNERS: Readonly<Record<string, string | readonly string[]>> = {
  '@grpc/grpc-js': 'engine',
  '@vercel/nft': 'analysis/rules',
  bullmq: 'sweep/queue',
  commander: 'cli',
  diff: 'cli',
  dockerode: 'engine',
  handlebars: 'render',
  ioredis: 'sweep/queue',
  'log-update': 'cli/terminal.ts',
  protobufjs: 'engine',
  'simple-git': 'programs',
  'tar-stream': 'image',
  undici: 'registry',
  yaml: 'shared/yaml-source.ts',
  'yocto-spinner': 'cli/terminal.ts',
  zod: ['config', 'sweep/queue'],
};

/**
 * Who touches the file system, and why not through store/. Whatever lies below a catalog or a state directory is opened
 * by store/ alone, which follows no link out of it; the others know none of its paths.
 */
export const FILE_SYSTEM_OWNERS: Readonly<Record<string, string>> = {
  'store/': 'guarded reads and writes of catalogs and state',
  'analysis/host-tree.ts': "the host's strace and its libraries",
  'docker-config/docker-config.ts': "the user's docker config",
  'git/': 'the index aside, and whether there is a repository',
  'image/archive-members.ts': 'spools',
  'image/file-listing.ts': 'constants of stat(2) alone',
  'image/spool-tar.ts': 'spools',
  'image/spool.ts': 'spools',
  'render/template.ts': 'templates of this package',
  'shared/process-owner.ts': '/proc of this process and its kernel',
  'shared/process.ts': '/proc of other processes',
  'shared/version.ts': 'package.json of this package',
  'cli/unknown-words.ts': 'whether a word of the command line is a path, of which nothing is read',
  'slim/state/lock-entry.ts': 'the real name of a directory, as the name of its lock',
  'slim/state/lock.ts': 'locks beside spools, and in a state directory that store/ has opened',
  'slim/spools.ts': 'spools',
  'sweep/queue/': 'files that are packed for workers, and unpacked into an empty directory',
  'workload/helper-images.ts': "the host's busybox",
};

export function ownerFaults(sources: Sources, dependencies: readonly string[]): string[] {
  const packages = packagesOf(sources);
  const isOwner = (file: string, name: string) => {
    const owners = [OWNERS[name] ?? []].flat();
    return owners.some((owner) => file === owner || file.startsWith(`${owner}/`));
  };
  return [
    ...dependencies.filter((name) => !(name in OWNERS)).map((name) => `${name} has no owner`),
    ...Object.keys(OWNERS)
      .filter((name) => !dependencies.includes(name))
      .map((name) => `${name} is owned, but is no dependency`),
    ...packages
      .filter(([file, name]) => !isOwner(file, name))
      .map(([file, name]) => `${file} must not import ${name}`),
    ...dependencies
      .filter((name) => name in OWNERS && !packages.some(([, imported]) => imported === name))
      .map((name) => `${name} is imported nowhere`),
  ];
}

export function fileSystemFaults(sources: Sources): string[] {
  const owners = Object.keys(FILE_SYSTEM_OWNERS);
  const touching = [...sources].filter(([, text]) =>
    specifiersOf(text).some((name) => /^(node:)?fs(\/|$)/.test(name)),
  );
  const isOf = (owner: string, file: string) =>
    file === owner || (owner.endsWith('/') && file.startsWith(owner));
  return [
    ...touching
      .filter(([file]) => !owners.some((owner) => isOf(owner, file)))
      .map(([file]) => `${file} must not touch the file system`),
    ...owners
      .filter((owner) => !touching.some(([file]) => isOf(owner, file)))
      .map((owner) => `${owner} touches no file`),
  ];
}
