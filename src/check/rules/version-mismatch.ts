import type { TextRange } from '../../shared/diagnostic.ts';
import type { EntryDockerfile } from '../dockerfile.ts';
import { libraryImageOf } from '../entry.ts';
import type { Rule } from '../rule.ts';
import { contradicts, versionOfImage, versionsInName } from '../versions.ts';

export const versionMismatch: Rule = {
  code: 'version-mismatch',
  severity: 'warning',
  about:
    'A FROM, or an ARG such as `NGINX_VERSION`, whose version differs from the version in the directory’s name.',
  of: 'dockerfile',
  *check(subject) {
    const image = libraryImageOf(subject.entry);
    const ofImage = image?.version == null ? [] : [{ name: image.name, version: image.version }];
    const expected = subject.entry.startsWith('library/') ? ofImage : versionsInName(subject.entry);
    for (const { name, version, range, as } of namedVersions(subject)) {
      const said = expected.find((candidate) => candidate.name === name);
      if (said === undefined || !contradicts(said.version, version)) continue;
      const message = `${as} is of version ${version}, the directory ${subject.entry} says ${name} ${said.version}`;
      yield { file: subject.source.file, range, message };
    }
  },
};

type Named = {
  readonly name: string;
  readonly version: string;
  readonly as: string;
  readonly range: TextRange;
};

function namedVersions({ dockerfile, stages }: EntryDockerfile): Named[] {
  const images = stages.flatMap(({ stage: { from } }): Named[] => {
    const named = from.kind === 'image' ? versionOfImage(from.image) : undefined;
    return named === undefined ? [] : [{ ...named, as: `FROM ${from.image}`, range: from.range }];
  });
  const args = [
    ...(dockerfile?.globalArgs ?? []),
    ...stages.flatMap(({ stage }) => stage.instructions.filter((candidate) => candidate.keyword === 'ARG')),
  ].flatMap((instruction) =>
    instruction.definitions.flatMap(({ name, value }): Named[] => {
      const [, program] = /^(\w+)_VERSION$/.exec(name) ?? [];
      const [version] = /(?<=^v?)\d+(?:\.\d+)*$/.exec(value ?? '') ?? [];
      if (program === undefined || version === undefined) return [];
      return [{ name: program.toLowerCase(), version, as: `ARG ${name}`, range: instruction.range }];
    }),
  );
  return [...images, ...args];
}
