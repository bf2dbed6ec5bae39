import { libraryName, publishedAs } from '../catalog/entry-files.ts';
import { holdsCommand } from '../entry/readme.ts';
import { type KraftfileContent, renderKraftfile } from '../render/render-kraftfile.ts';
import { loadTemplate } from '../render/template.ts';
import { fencedBlock, inlineCode } from '../words/markdown.ts';
import { visible } from '../words/visible.ts';
import type { Usage } from './how-used.ts';
import { LIBRARY_PARTS } from './library-parts.ts';

/** All that is said of a new entry. */
export type NewEntry = {
  /** Its name in the catalog: `library/redis/7.2`, `examples/app`. */
  readonly entry: string;
  /** The image that it is made from, as a FROM names it. */
  readonly image: string;
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly usage: Usage;
};

/** The memory that its README runs it with, as most of the catalog's. */
const MEMORY = '256M';

const IGNORED = '/.unikraft/\n/.config*\n';

/** The files of a new entry, by their names. */
export function entryTexts(entry: NewEntry): ReadonlyMap<string, string> {
  return new Map([
    ['Dockerfile', `FROM ${entry.image} AS build\n`],
    ['Kraftfile', renderKraftfile(kraftfileOf(entry))],
    ['README.md', loadTemplate<ReadmeView>('README.hbs')(readmeOf(entry))],
    ['.dockerignore', IGNORED],
    ['.gitignore', IGNORED],
  ]);
}

function kraftfileOf({ entry, argv, env }: NewEntry): KraftfileContent {
  const library = libraryName(entry);
  const common = {
    spec: 'v0.6',
    name: library?.name ?? nameOf(entry),
    rootfs: './Dockerfile',
    cmd: argv,
    env,
    labels: {},
  } as const;
  if (library !== undefined) return { ...common, runtime: null, ...LIBRARY_PARTS };
  return { ...common, runtime: 'base:latest', template: null, unikraft: null, libraries: {}, targets: [] };
}

type ReadmeView = {
  readonly title: string;
  readonly description: string;
  readonly setUp: boolean;
  /** `kraft run` without what it runs. */
  readonly run: string;
  /** The published image; null for an example. */
  readonly image: string | null;
  readonly prints: string | null;
  readonly listens: string | null;
  readonly commands: readonly { readonly says: string; readonly line: string; readonly shown: string }[];
  /** A fenced block. */
  readonly instances: string;
  readonly instance: string;
};

function readmeOf({ entry, image, argv, usage }: NewEntry): ReadmeView {
  const library = libraryName(entry);
  const published = library === undefined ? null : publishedAs(library);
  const ports = usage.ports.map(({ host, guest }) => ` -p ${host}:${guest}`).join('');
  const instance = 'quiet_harbour';
  return {
    title: titleOf(entry),
    description: `What the image ${inlineCode(image)} runs, on Unikraft.`,
    setUp: library === undefined,
    run: `kraft run --rm${ports} --plat qemu --arch x86_64 -M ${MEMORY}`,
    image: published,
    prints: usage.prints === null ? null : textBlock(usage.prints),
    listens: listensText(usage.ports),
    commands: usage.commands.flatMap(({ shown, ...command }) => {
      const block = textBlock(shown);
      return block === null ? [] : [{ ...command, shown: block }];
    }),
    instances: instancesBlock([
      ['NAME', 'KERNEL', 'ARGS', 'CREATED', 'STATUS', 'MEM', 'PORTS', 'PLAT'],
      [
        instance,
        `oci://${published ?? 'unikraft.org/base:latest'}`,
        visible(argv.join(' ')),
        '3 seconds ago',
        'running',
        MEMORY,
        usage.ports.map(({ host, guest }) => `0.0.0.0:${host}->${guest}/tcp`).join(','),
        'qemu/x86_64',
      ],
    ]),
    instance,
  };
}

function listensText(ports: Usage['ports']): string | null {
  if (ports.length === 0) return null;
  const shown = ports.map(({ host, guest }) =>
    host === guest ? `port \`${host}\`` : `port ${guest}, which is port \`${host}\` of your machine`,
  );
  return `It listens on ${shown.join(', and on ')}.`;
}

/** `Redis 7.2`; of an example the name of its directory. */
export function titleOf(entry: string): string {
  const library = libraryName(entry);
  if (library === undefined) return nameOf(entry);
  const { name, version } = library;
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} ${version ?? ''}`.trim();
}

function nameOf(entry: string): string {
  return entry.split('/').at(-1) ?? entry;
}

function instancesBlock(rows: readonly (readonly string[])[]): string {
  return fencedBlock(table(rows), 'text');
}

/**
 * What an app printed; null where a later run, which reads the README, would take a line for a command of its author.
 */
function textBlock(text: string): string | null {
  return holdsCommand(text) ? null : fencedBlock(text.split('\n'), 'text');
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
