import { readdirSync } from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { connectEngine } from '../../src/engine/connect.ts';
import type { Engine, ImageId } from '../../src/engine/engine.ts';
import { buildImage } from '../../src/image/build.ts';
import type { Result } from '../../src/slim/result.ts';
import { runJson } from '../../test/support/cli.ts';
import { temporaryDirectory } from '../../test/support/temporary-directory.ts';
import { askAll } from './ask.ts';
import { readUses } from './uses.ts';

const HERE = import.meta.dirname;
const ENTRIES = ['examples', 'library'].flatMap((folder) =>
  readdirSync(join(HERE, folder)).map((name) => `${folder}/${name}`),
);
/** Answers that are shown of a use that is lost. */
const SHOWN_CHARACTERS = 600;

const tell = (text: string) => process.stdout.write(`${text}\n`);
const sums = { same: 0, counted: 0 };

async function imageOf(engine: Engine, directory: string): Promise<ImageId> {
  return await buildImage(engine, {
    directory,
    dockerfile: 'Dockerfile',
    text: await readFile(join(directory, 'Dockerfile'), 'utf8'),
    settings: { args: {}, secrets: [], network: 'host' },
    onWarning: () => undefined,
  });
}

const megabytes = (size: Result['before']) => (size === null ? '-' : (size.bytes / 1e6).toFixed(1));
const shortened = (answer: string) => answer.slice(0, SHOWN_CHARACTERS).replaceAll('\n', '\n      ');

test.each(ENTRIES)('%s is used as no README shows', async (entry) => {
  await using top = await temporaryDirectory();
  await cp(HERE, top.path, { recursive: true });
  const directory = join(top.path, entry);
  const engine = await connectEngine();
  const { cmd: argv } = parse(await readFile(join(directory, 'Kraftfile'), 'utf8')) as { cmd: string[] };
  const uses = await readUses(join(directory, 'uses.yaml'));
  const full = await imageOf(engine, directory);
  const first = await askAll(engine, { image: full, argv }, uses);

  const { document } = await runJson([entry], { cwd: top.path });
  const result = document as unknown as Result;
  expect(result, `${result.reason} ${result.detail}`).toMatchObject({ status: 'slimmed', verified: true });
  const slim = await imageOf(engine, directory);
  const after = await askAll(engine, { image: slim, argv }, uses);
  const isAlike = first.every((answer, at) => answer === after[at]);
  // asked again only where something differs: a use that the full image answers in two ways does not count
  const second = isAlike ? first : await askAll(engine, { image: full, argv }, uses);
  for (const image of [slim, full]) await engine.removeImage(image).catch(() => undefined);

  const counted = uses.uses.map((use, at) => ({ use, at })).filter(({ at }) => first[at] === second[at]);
  const lost = counted.filter(({ at }) => first[at] !== after[at]);
  const passing = counted.length - lost.length;
  sums.same += passing;
  sums.counted += counted.length;
  const sizes = `${megabytes(result.before)} -> ${megabytes(result.after)} MB`;
  tell(`${entry.padEnd(28)} ${passing} of ${counted.length} alike, ${sizes}`);
  for (const { use, at } of uses.uses.map((use, at) => ({ use, at }))) {
    if (process.env.KRAFT_SLIM_SHOW_ANSWERS === '1') tell(`  = ${use.title}: ${shortened(first[at] ?? '')}`);
    if (first[at] !== second[at]) tell(`  ~ ${use.title}: the full image answers in two ways`);
  }
  for (const { use, at } of lost) {
    tell(`  - ${use.title}\n      ${shortened(first[at] ?? '')}\n    > ${shortened(after[at] ?? '')}`);
  }
});

afterAll(() => {
  tell(`${sums.same} of ${sums.counted} uses alike (${((100 * sums.same) / sums.counted).toFixed(1)} %)`);
});
