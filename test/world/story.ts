import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { FailureCode, SkipCode } from '../../src/shared/failure.ts';
import type { SlimEntryOptions } from '../../src/slim/entry-options.ts';
import type { Result, WarningCode } from '../../src/slim/result.ts';
import type { EntryReport, EntryTools } from '../../src/slim/run-entry.ts';
import { slimEntry } from '../../src/slim/slim-entry.ts';
import { verifyEntry } from '../../src/slim/verify-entry.ts';
import type { RootfsTable } from '../support/rootfs.ts';
import type { WorldImage, WorldRun } from './build.ts';
import { World, type WorldSpec } from './engine.ts';
import type { Program } from './program.ts';

/** Files of a catalog by their path in the entry; one that begins with `/` is by its path in the catalog. */
export type StoryFiles = Readonly<Record<string, string | Uint8Array | { readonly link: string } | null>>;

/** What a run of a story has to come to. */
export type Ending = {
  readonly status: Result['status'];
  readonly code?: SkipCode | FailureCode;
  /** A part of the reason. */
  readonly reason?: string;
  /** A part of the hint, or of the detail. */
  readonly hint?: string;
  readonly detail?: string;
  /** All codes, in alphabetical order; by default none. */
  readonly warnings?: readonly WarningCode[];
  /** A part of a warning's message. */
  readonly says?: string;
  /** The lines that the Dockerfile has below the marker, comments and blank lines aside; or parts of its text. */
  readonly stage?: readonly string[];
  readonly dockerfile?: readonly string[];
  readonly without?: readonly string[];
  /** Other files as they are afterwards, or parts of them. */
  readonly files?: Readonly<Record<string, string>>;
  readonly written?: readonly string[];
  /** Other keys of the result. */
  readonly result?: Partial<Result>;
};

/** One run of the tool over a story's catalog. */
export type Act = {
  /** Changes of files that git does not know yet. */
  readonly edits?: StoryFiles;
  /** Changes of a text in a file. */
  readonly patches?: Readonly<Record<string, readonly [before: string, after: string]>>;
  readonly options?: Partial<SlimEntryOptions>;
  /** Default `slim`. */
  readonly verb?: 'slim' | 'verify';
  /** A person wants to use the traced app: is at once done with it, or uses it at this address. */
  readonly visits?: true | ((url: string) => Promise<void>);
  /** Changes the state of the last run behind the back of the tool. */
  readonly forgesState?: true;
  readonly ends: Ending;
};

export type Story = Act & {
  readonly title: string;
  /** The catalog is a git work tree; by default it is none, since each look at git starts programs. */
  readonly git?: true;
  /** Default `examples/app`. */
  readonly entry?: string;
  readonly dockerfile?: readonly string[] | null;
  readonly cmd?: readonly string[];
  readonly kraftfile?: string;
  /** Default: it runs the app, and shows `Hello`. Null for none. */
  readonly readme?: string | null;
  readonly config?: string;
  readonly files?: StoryFiles;
  /** What is added to the tree of `base:1`, the image of the world. */
  readonly tree?: RootfsTable;
  readonly images?: Readonly<Record<string, WorldImage>>;
  readonly programs?: Readonly<Record<string, Program>>;
  readonly runs?: Readonly<Record<string, WorldRun>>;
  readonly world?: Partial<WorldSpec>;
  /** What the engine is reached by; by default it is there. */
  readonly reach?: () => Promise<never>;
  /** Aborts the run: called with the world's deeds by the story's `fault`. */
  readonly interrupts?: AbortController;
  readonly next?: readonly Act[];
};

/** The options of a plain run. */
export const PLAIN: SlimEntryOptions = {
  dryRun: false,
  force: false,
  redo: false,
  upgrade: false,
  askStages: false,
  search: null,
  placeholders: false,
  untrusted: false,
  stateDirectory: null,
};

/** What came of an act: the report, and the entry's files. */
export type Played = {
  readonly act: Act;
  readonly report: EntryReport;
  readonly read: (name: string) => string;
  readonly has: (name: string) => boolean;
};

export const ENTRY = 'examples/app';

/** Writes a story's catalog below a directory, before git takes it. */
export function layOut(story: Story, catalog: string): void {
  for (const folder of ['library', 'examples']) mkdirSync(join(catalog, folder), { recursive: true });
  const { dockerfile, cmd, kraftfile, readme, config, files = {} } = story;
  const all: StoryFiles = {
    Kraftfile: kraftfile ?? kraftfileOf(cmd ?? ['/bin/app']),
    ...(dockerfile === null ? {} : { Dockerfile: `${(dockerfile ?? ['FROM base:1']).join('\n')}\n` }),
    ...(readme === null ? {} : { 'README.md': readme ?? prints('Hello') }),
    ...(config === undefined ? {} : { 'kraft-slim.yaml': config }),
    ...files,
  };
  write(all, story, catalog);
}

/** A README that runs the app once, and shows what it prints. */
export function prints(text: string, run = 'kraft run .'): string {
  return `# App\n\n\`\`\`\n${run}\n\`\`\`\n\n\`\`\`\n${text}\n\`\`\`\n`;
}

/** A README that runs a server, and shows what it answers. */
export function answers(text: string, path = ''): string {
  const lines = `kraft run -p 8080:8080 .\ncurl localhost:8080${path}`;
  return `# App\n\n\`\`\`\n${lines}\n\`\`\`\n\n\`\`\`\n${text}\n\`\`\`\n`;
}

export function kraftfileOf(cmd: readonly string[]): string {
  return `spec: v0.6\n\nruntime: base:latest\n\nrootfs: ./Dockerfile\n\ncmd: ${JSON.stringify(cmd)}\n`;
}

function write(files: StoryFiles, { entry = ENTRY }: Story, catalog: string): void {
  for (const [name, content] of Object.entries(files)) {
    const path = name.startsWith('/') ? join(catalog, name) : join(catalog, entry, name);
    if (content === null) {
      rmSync(path, { recursive: true, force: true });
      continue;
    }
    mkdirSync(dirname(path), { recursive: true });
    if (typeof content === 'object' && 'link' in content) {
      symlinkSync(content.link, path);
      continue;
    }
    writeFileSync(path, content);
    chmodSync(path, 0o644);
  }
}

/** Every file of the state gets one byte more. */
function forgeState(catalog: string): void {
  const directory = join(catalog, '.kraft-slim');
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((file) => file.endsWith('.json')))
    appendFileSync(join(directory, name), ' ');
}

/** What an act listens to, and the person who uses the traced app, at the address that a notice names. */
function visitOf({ visits }: Act): Pick<EntryTools, 'on' | 'visit'> {
  if (visits === undefined) return { on: () => undefined };
  let url = '';
  return {
    on: (event) => {
      if (event.type === 'notice') url = `http://${/127\.0\.0\.1:\d+/.exec(event.message)?.[0]}`;
    },
    visit: async () => {
      if (visits !== true) await visits(url);
    },
  };
}

/** Plays a story: each act after the other, over one world. */
export async function play(story: Story, catalog: string, base: WorldImage): Promise<readonly Played[]> {
  const { entry = ENTRY, tree = {}, images = {}, programs = {}, runs = {}, reach } = story;
  const world = new World({
    images: { 'base:1': { ...base, tree: { ...base.tree, ...tree } }, ...images },
    programs,
    runs,
    hasFrontends: true,
    architecture: 'amd64',
    fault: () => undefined,
    ...story.world,
  });
  const played: Played[] = [];
  for (const act of [story, ...(story.next ?? [])]) {
    write(act.edits ?? {}, story, catalog);
    for (const [name, [before, after]] of Object.entries(act.patches ?? {})) {
      const text = readFileSync(join(catalog, entry, name), 'utf8');
      if (!text.includes(before)) throw new Error(`${name} does not hold ${before}`);
      write({ [name]: text.replace(before, after) }, story, catalog);
    }
    if (act.forgesState) forgeState(catalog);
    const tools = {
      ...visitOf(act),
      engine: reach ?? (async () => world.engine()),
      signal: story.interrupts?.signal ?? new AbortController().signal,
      networks: world.networks.pool(),
    };
    const path = join(catalog, entry);
    const report =
      act.verb === 'verify'
        ? await verifyEntry(path, { untrusted: false }, tools)
        : await slimEntry(path, { ...PLAIN, ...act.options }, tools);
    const after = new Map<string, string>();
    const read = (name: string) => after.get(name) ?? readFileSync(join(catalog, entry, name), 'utf8');
    const isThere = (name: string) => existsSync(join(catalog, entry, name));
    for (const name of ['Dockerfile', 'Kraftfile', 'README.md', 'rootfs.list', '.dockerignore']) {
      if (isThere(name)) after.set(name, read(name));
    }
    const there = new Set([...report.result.written, 'Dockerfile', 'rootfs.list'].filter(isThere));
    played.push({ act, report, read, has: (name) => there.has(name) });
  }
  const left = world.leftovers();
  if (left.containers > 0 || left.images.length > 0) {
    throw new Error(`the run left ${left.containers} containers and ${left.images.length} images`);
  }
  return played;
}
