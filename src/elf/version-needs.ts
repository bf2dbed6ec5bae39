import { type ByteSource, readRange } from './byte-source.ts';
import { TAG, tagValue } from './dynamic-section.ts';
import { ElfError } from './elf-error.ts';
import { mappedAt } from './program-headers.ts';
import type { ElfFile } from './read-elf.ts';

/** The symbol versions that an object wants of one library, e.g. `libc.so.6`: `GLIBC_2.34`. */
export type VersionNeed = { readonly library: string; readonly versions: readonly string[] };

/** Bytes of Elfxx_Verneed and of Elfxx_Vernaux, elf.h. */
const RECORD = 16;

/**
 * DT_VERNEED: a chain of libraries, each with a chain of versions.
 * @throws ElfError where a chain leaves its segment, or runs through records that overlap.
 */
export function readVersionNeeds(source: ByteSource, elf: ElfFile): VersionNeed[] {
  const { dynamic } = elf;
  const address = dynamic ? tagValue(dynamic, TAG.versionNeeds) : undefined;
  if (dynamic === null || address === undefined) return [];
  const mapped = mappedAt(elf.segments, address);
  if (mapped === undefined) throw new ElfError(0, 'cannot read version needs: no PT_LOAD holds them');
  const walk = recordWalk(source, elf.header.format.littleEndian);
  const needs: VersionNeed[] = [];
  const count = tagValue(dynamic, TAG.versionNeedCount) ?? 0;
  let at = mapped.offset;
  for (let index = 0; index < count; index++) {
    const { half, long } = walk(at);
    const versions: string[] = [];
    let inner = at + long(8);
    for (let left = half(2); left > 0; left--) {
      const version = walk(inner);
      versions.push(dynamic.strings(version.long(8)));
      if (version.long(12) === 0) break;
      inner += version.long(12);
    }
    needs.push({ library: dynamic.strings(long(4)), versions });
    if (long(12) === 0) break;
    at += long(12);
  }
  return needs;
}

/** Reads records, at most as many as fit into the file side by side, so that no chain costs more than the file. */
function recordWalk(source: ByteSource, littleEndian: boolean) {
  let budget = source.size / RECORD;
  return (at: number) => {
    if (--budget < 0)
      throw new ElfError(at, 'cannot read version needs: more records than the file has room for');
    const view = readRange(source, at, RECORD, 'version needs');
    return {
      half: (field: number) => view.getUint16(field, littleEndian),
      long: (field: number) => view.getUint32(field, littleEndian),
    };
  };
}
