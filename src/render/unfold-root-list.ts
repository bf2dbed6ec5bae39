import {
  type CopyInstruction,
  type Dockerfile,
  finalStage,
  isCopy,
  type Stage,
} from '../dockerfile/model.ts';
import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts';
import { rootListLines } from '../dockerfile/root-list.ts';
import { type ImagePath, imagePath } from '../shared/image-path.ts';
import { copiesOf } from './blocks.ts';
import { LIST_HEADING, type StagedView } from './staged-root.ts';
import { loadTemplate } from './template.ts';

/**
 * A Dockerfile that was rewritten in place with a root list, in the form that it had without: the stage that
 * assembles the root is gone, and the COPY of what it assembles is one of each file that the list names. It shows
 * where the files come from, and is not to be built: engines refuse so many lines. Directories of the list are left
 * out, since no line can copy a directory without what is in it. A Dockerfile of another form is given back as it is.
 */
export function unfoldRootList(dockerfile: Dockerfile, list: string | null): Dockerfile {
  const { text, stages, file, settings } = dockerfile;
  const final = finalStage(dockerfile);
  const staged = stages.at(-2);
  const root = staged && rootOf(dockerfile, staged);
  const copy = final.instructions.find(
    (candidate): candidate is CopyInstruction =>
      isCopy(candidate) && candidate.from?.kind === 'stage' && candidate.from.stageIndex === staged?.index,
  );
  if (list === null || staged === undefined || copy === undefined || copy.sources[0]?.text !== root) {
    return dockerfile;
  }
  const files = rootListLines(list).filter((line) => !line.endsWith('/'));
  const lines = copyLines(
    files.map((path) => imagePath(path)),
    staged.from.raw,
    dockerfile,
  );
  const head = text.slice(0, staged.range.start);
  const before = text
    .slice(final.range.start, copy.range.start)
    .replace(new RegExp(`${LIST_HEADING}\r?\n$`), '');
  const after = text.slice(copy.range.end);
  return parseDockerfile(`${head}${before}${lines}${after}`, { file, ...settings });
}

/** The stage as it is written today, and as it was when the list had no headings, which nothing writes any more. */
const FORMS = ['staged-root.hbs', 'staged-root-1.hbs'];

/** Where a stage of one of these forms assembles its root, with a slash at the end; null for any other stage. */
function rootOf(
  { text, escapeToken }: Dockerfile,
  { range, from, name, instructions }: Stage,
): string | null {
  const place = instructions.flatMap((candidate) =>
    candidate.keyword === 'WORKDIR' ? [candidate.text] : [],
  )[0];
  const list = instructions.find(isCopy)?.raw.slice('COPY '.length);
  if (name === null || place === undefined || list === undefined) return null;
  const staged: Omit<StagedView, 'exact'> = {
    links: false,
    from: from.raw,
    name,
    list: [list],
    place: imagePath(place.replace(/\/root$/, '')),
  };
  const found = text.slice(range.start, range.end).replaceAll('\r\n', '\n');
  const isOurs = FORMS.map(loadTemplate).some((write) =>
    [false, true].some(
      (exact) => found === write({ staged: { ...staged, exact }, continued: escapeToken }).trimEnd(),
    ),
  );
  return isOurs ? `${place}/` : null;
}

function copyLines(paths: readonly ImagePath[], from: string, { escapeToken }: Dockerfile): string {
  const write = loadTemplate('copy.hbs');
  const files = paths.map((path) => ({ path, source: path }));
  const views = copiesOf(files, { head: `COPY --from=${from}`, escapeToken });
  return views
    .map((view) => write({ continued: escapeToken, ...view }))
    .join('')
    .trimEnd();
}
