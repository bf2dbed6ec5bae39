import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { HostileRow, Place } from '../hostile/row.ts';
import { plantCanaries, SECRET } from './canaries.ts';
import { git } from './git.ts';
import { type Canary, canary } from './hostile-repository.ts';
import { APP, smallEntry } from './small-entry.ts';
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.ts';

/** A catalog that strangers wrote, with canaries beside it. */
export interface HostileCatalog extends AsyncDisposable {
  readonly path: string;
  /** The directory that holds the catalog, the canaries and a home. */
  readonly top: string;
  readonly traps: Canary;
  /** The environment of a user whose home is full of secrets. */
  readonly env: Readonly<Record<string, string>>;
}

export type HostileCatalogOptions = {
  readonly rows: readonly HostileRow[];
  /** How many good entries lie between. */
  readonly good: number;
};

/** Makes the catalog: all that git can hold is committed, what git must not read follows. */
export async function hostileCatalog({ rows, good }: HostileCatalogOptions): Promise<HostileCatalog> {
  const directory: TemporaryDirectory = await temporaryDirectory();
  const top = directory.path;
  const path = join(top, 'catalog');
  const traps = await canary();
  await plantCanaries(top);
  await mkdir(join(path, 'library'), { recursive: true });
  for (const row of rows) await writeEntry(path, row);
  for (const name of goodNames(good, rows)) await writeEntry(path, goodRow(name));
  for (const row of rows) if (!row.uncommitted) await row.plant?.(placeOf(top, row, traps));
  await git(path, 'init', '--quiet', '--initial-branch=main');
  await git(path, 'add', '--all');
  await git(path, 'commit', '--quiet', '--message', 'All entries');
  await git(path, 'config', 'http.extraHeader', `Authorization: ${SECRET}`);
  for (const row of rows) if (row.uncommitted) await row.plant?.(placeOf(top, row, traps));
  const env = {
    HOME: join(top, 'home'),
    XDG_STATE_HOME: join(top, 'xdg-state'),
    XDG_CACHE_HOME: join(top, 'xdg-cache'),
    CANARY_TOKEN: SECRET,
    GIT_CONFIG_NOSYSTEM: '1',
  };
  return {
    path,
    top,
    traps,
    env,
    [Symbol.asyncDispose]: async () => {
      await directory[Symbol.asyncDispose]();
      await traps[Symbol.asyncDispose]();
    },
  };
}

/** Names that sort between those of the rows. */
export function goodNames(count: number, rows: readonly HostileRow[]): string[] {
  const names = rows.map(({ name }) => name).sort();
  return Array.from({ length: count }, (_, at) => {
    const before = names[Math.floor((at * names.length) / count)] ?? 'a';
    return `${/^[a-z-]*/.exec(before)?.[0] || 'a'}-good-${at}`;
  });
}

function goodRow(name: string): HostileRow {
  const entry = {
    dockerfile: ['FROM debian:bookworm', `RUN echo ${name} > /hello`],
    readme: `kraft run .\n\`\`\`\n\n\`\`\`\n${name}`,
  };
  return { name, tries: 'nothing', ends: 'slimmed', entry };
}

async function writeEntry(catalog: string, { name, entry, files = {} }: HostileRow): Promise<void> {
  const usual = Object.entries(smallEntry(entry)).map(
    ([path, text]) => [path.slice(APP.length + 1), text as string] as const,
  );
  for (const [file, text] of [...usual, ...Object.entries(files)]) {
    const path = join(catalog, 'examples', name, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}

function placeOf(top: string, { name }: HostileRow, traps: Canary): Place {
  return {
    at: (file) => join(top, 'catalog/examples', name, file),
    beside: (file) => join(top, file),
    traps,
  };
}
