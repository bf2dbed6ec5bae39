import { readMarker } from '../../dockerfile/marker.ts';
import { type Dockerfile, finalStage, type Stage } from '../../dockerfile/model.ts';
import { parseDockerfile } from '../../dockerfile/parse-dockerfile.ts';
import { targetStage } from '../../dockerfile/stages-used.ts';
import { disposeAll } from '../../shared/dispose-all.ts';
import type { Case } from '../baseline/case.ts';
import { casesOf } from '../baseline/cases-of.ts';
import { type ClientImages, clientImages } from '../baseline/client-images.ts';
import { type Donors, openDonors } from '../baseline/donors.ts';
import { type OtherImages, openOthers } from '../baseline/other-image.ts';
import { subjectOf } from '../baseline/subject.ts';
import { type BuiltImage, buildUnit } from '../built-image.ts';
import type { Reporter } from '../reporter.ts';
import type { Task } from '../task.ts';
import type { Tools } from '../tools.ts';
import { readUnitList } from '../unit-texts.ts';

/** What is on disk of a unit, built. */
export type OpenedWritten = AsyncDisposable & {
  readonly task: Task;
  readonly dockerfile: Dockerfile;
  /** The text of the root list; null where there is none. */
  readonly list: string | null;
  /** Whether the tool wrote the final stage, and no person has changed it since. */
  readonly isIntact: boolean;
  /** The last stage, or that of the settings. */
  readonly final: Stage;
  readonly built: BuiltImage;
  /** The stage of the full root file system, where the tool wrote a stage below it; else null. */
  readonly full: { readonly stage: Stage; readonly built: BuiltImage } | null;
  /** What a stage made by hand copies from; null for any other stage. */
  readonly donors: Donors | null;
  readonly others: OtherImages;
  readonly images: ClientImages;
  readonly cases: readonly Case[];
};

type Keep = <T extends AsyncDisposable>(resource: T) => T;

/** Builds what is on disk of a unit, and all images that its runs need; disposing of it removes them. */
export async function openWritten(
  tools: Tools,
  reporter: Reporter,
  { task, text }: { readonly task: Task; readonly text: string },
): Promise<OpenedWritten> {
  const opened: AsyncDisposable[] = [];
  const keep: Keep = (resource) => {
    opened.push(resource);
    return resource;
  };
  const dispose = async () => await disposeAll(opened);
  try {
    return { ...(await open(tools, reporter, { task, text, keep })), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function open(
  tools: Tools,
  reporter: Reporter,
  { task, text, keep }: { readonly task: Task; readonly text: string; readonly keep: Keep },
): Promise<Omit<OpenedWritten, typeof Symbol.asyncDispose>> {
  const { unit, config } = task;
  const list = await readUnitList(unit);
  const marker = readMarker(text, list);
  const target = marker === null ? config.build.target : undefined;
  const fullName = marker?.fields?.before ?? null;
  const timed = <T extends AsyncDisposable>(work: () => Promise<T>) =>
    reporter.time('build', async () => keep(await work()));
  const build = (name?: string) => timed(() => buildUnit(tools, reporter, { task, text, target: name }));
  const built = await build(target);
  const fullImage = fullName === null ? null : await build(fullName);
  const dockerfile = parseDockerfile(text, { file: unit.dockerfile, buildArgs: config.build.args });
  const final = targetStage(dockerfile, target) ?? finalStage(dockerfile);
  const isHandMade = fullImage === null && final.from.kind === 'scratch';
  const donors = isHandMade
    ? await timed(() => openDonors(tools, reporter, { task, dockerfile, stage: final }))
    : null;
  const withDependents = fullImage !== null;
  const others = await timed(() => openOthers(tools, reporter, { task, withDependents }));
  const stage = fullName === null ? final : (targetStage(dockerfile, fullName) ?? final);
  const runtime = others.runtime?.unit ?? null;
  const images = keep(clientImages(tools, reporter, { task, dockerfile, stage, donors, runtime }));
  const clients = fullImage?.config.id ?? donors?.all[0]?.config.id;
  const subject = subjectOf(fullImage ?? built, clients);
  const cases = await casesOf(tools, reporter, { task, image: built.config, subject, others });
  const full = fullImage === null ? null : { stage, built: fullImage };
  const isIntact = marker?.intact === true;
  return { task, dockerfile, list, isIntact, final, built, full, donors, others, images, cases };
}
