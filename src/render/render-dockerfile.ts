import { type MarkerFields, writeMarker } from '../dockerfile/marker.ts';
import type { Dockerfile, Stage } from '../dockerfile/model.ts';
import type { Layout } from '../plan/layout.ts';
import { UserError } from '../shared/failure.ts';
import { type BlockView, blocksOf } from './blocks.ts';
import { workdirWord } from './copy-words.ts';
import { loadTemplate } from './template.ts';

/** What the template `Dockerfile.hbs` shows: a stage that holds the layout and nothing else. */
type StageView = {
  readonly env: readonly string[];
  readonly blocks: readonly BlockView[];
  readonly directories: readonly string[];
  /** What joins a line with the next: the Dockerfile's escape character. */
  readonly continued: string;
};

export type RenderRequest = {
  readonly dockerfile: Dockerfile;
  /** The stage that holds the full root file system; it must not be empty of a base. */
  readonly full: Stage;
  readonly layout: Layout;
  /** Variables of the image that the app needs and the platform does not set. */
  readonly env: Readonly<Record<string, string>>;
  readonly minimal: MarkerFields['minimal'];
};

/** Names for the stage that holds the full root file system, in the order in which they are tried. */
const STAGE_NAMES = ['build', 'rootfs'];

/**
 * A Dockerfile with a final stage of the layout's files alone, below its own text. Above the marker only one thing
 * changes: the stage that is copied from gets a name where it has none.
 */
export function renderDockerfile({ dockerfile, full, layout, env, minimal }: RenderRequest): string {
  const { above, name } = nameStage(dockerfile, full);
  const view: StageView = {
    env: Object.entries(env).map(([key, value]) => `${key}=${quoteEnv(value)}`),
    blocks: blocksOf(
      layout.entries.filter((entry) => entry.type === 'file'),
      name,
    ),
    directories: layout.entries
      .filter((entry) => entry.type === 'directory' && entry.isEmpty)
      .map(({ path }) => workdirWord(path)),
    continued: dockerfile.escapeToken,
  };
  const layers = view.directories.length + view.blocks.reduce((sum, { copies }) => sum + copies.length, 0);
  if (layers > MAX_LAYERS) throw tooManyLayers(layers);
  const stage = loadTemplate<StageView>('Dockerfile.hbs')(view);
  const head = `${above.trimEnd()}\n\n`;
  return `${head}${writeMarker(head, stage, { before: name, minimal })}${stage}`;
}

/** The classic builder fails past 125 layers, BuildKit of Engine 20.10 past 126; one is left for the last WORKDIR. */
const MAX_LAYERS = 124;

function tooManyLayers(layers: number): UserError {
  const message = `cannot write the stage: what is needed lies in ${layers} directories, each a layer of its own`;
  return new UserError('build-failed', `${message}, and engines build ${MAX_LAYERS + 1} at the most`, {
    hint: 'stages that assemble their root first are still to come; drop what the app can do without',
  });
}

/** The text of a Dockerfile in which a stage has a name, and that name. */
function nameStage({ text, stages }: Dockerfile, stage: Stage): { above: string; name: string } {
  if (stage.name !== null) return { above: text, name: stage.name };
  const taken = new Set(stages.map((other) => other.name));
  let name = STAGE_NAMES.find((one) => !taken.has(one));
  for (let count = 2; name === undefined; count += 1) {
    if (!taken.has(`rootfs${count}`)) name = `rootfs${count}`;
  }
  const { end } = stage.from.range;
  return { above: `${text.slice(0, end)} AS ${name}${text.slice(end)}`, name };
}

/** A value of an ENV instruction: quoted where it must be, so that nothing in it is expanded. */
function quoteEnv(value: string): string {
  return /^[\w./:@%+=,~-]+$/.test(value) ? value : `"${value.replace(/[\\"$]/g, '\\$&')}"`;
}
