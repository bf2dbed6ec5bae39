import { workflowNameOf } from '../catalog/entry-files.ts';
import type { Diagnostic, SourceFile, TextRange } from '../shared/diagnostic.ts';
import { nodeAt, type YamlNode, type YamlPath } from '../shared/yaml-node.ts';
import { parseYaml } from '../shared/yaml-source.ts';
import type { Edit } from './finding.ts';
import type { CatalogFrame, LibraryImage } from './frame.ts';

/** A text of a workflow, and where. */
export type WorkflowText = { readonly value: string; readonly range: TextRange };

/** The workflow of a library entry, as far as it is about the entry. */
export type Workflow = {
  readonly source: SourceFile;
  readonly image: LibraryImage;
  readonly mistakes: readonly Diagnostic[];
  /** Null where it has none, or where the file is not YAML. */
  readonly name: WorkflowText | null;
  /** The paths that start it: by `push` and by `pull_request`, where they are filtered. */
  readonly paths: readonly {
    readonly event: string;
    readonly texts: readonly WorkflowText[];
    readonly range: TextRange;
  }[];
  /** The inputs `workdir` and `output` of the step that builds. */
  readonly workdirs: readonly WorkflowText[];
  readonly outputs: readonly WorkflowText[];
};

/** The workflow of a library entry; null where there is none. */
export function workflowOf(image: LibraryImage, { workflows }: CatalogFrame): Workflow | null {
  const source = workflows?.get(workflowNameOf(image));
  if (source === undefined) return null;
  const { root, diagnostics } = parseYaml(source);
  const inputs = stepsOf(root).map((step) => nodeAt(step, ['with']) ?? null);
  return {
    source,
    image,
    mistakes: diagnostics,
    name: textAt(root, ['name']),
    paths: ['push', 'pull_request'].flatMap((event) => pathsOf(root, event)),
    workdirs: inputs.flatMap((input) => textAt(input, ['workdir']) ?? []),
    outputs: inputs.flatMap((input) => textAt(input, ['output']) ?? []),
  };
}

/** The edit that puts another text in the place of one, with the quotes that it has. */
export function rewritten(
  { file, text }: SourceFile,
  { value, range }: WorkflowText,
  replacement: string,
): Edit[] {
  const start = text.indexOf(value, range.start);
  const isWritten = start >= range.start && start + value.length <= range.end;
  return isWritten ? [{ file, range: { start, end: start + value.length }, replacement }] : [];
}

function pathsOf(root: YamlNode | null, event: string): Workflow['paths'] {
  const node = nodeAt(root, ['on', event, 'paths']);
  if (node?.kind !== 'list') return [];
  const texts = node.items.flatMap((item) => textAt(item, []) ?? []);
  return [{ event, texts, range: node.range }];
}

function stepsOf(root: YamlNode | null): YamlNode[] {
  const jobs = nodeAt(root, ['jobs']);
  if (jobs?.kind !== 'map') return [];
  return [...jobs.entries.values()].flatMap(({ node }) => {
    const steps = nodeAt(node, ['steps']);
    return steps?.kind === 'list' ? steps.items : [];
  });
}

function textAt(root: YamlNode | null, path: YamlPath): WorkflowText | null {
  const node = nodeAt(root, path);
  return node?.kind === 'scalar' && typeof node.value === 'string'
    ? { value: node.value, range: node.range }
    : null;
}
