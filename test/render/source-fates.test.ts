import { expect, test } from 'vitest';
import { finalStage, isCopy } from '../../src/dockerfile/model.ts';
import type { LayoutFile } from '../../src/plan/layout.ts';
import { sourceFates } from '../../src/render/source-fates.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { dockerfileOf } from '../support/dockerfile.ts';
import { rootfsOf } from '../support/rootfs.ts';

test('a file that a donor adds, and no line of the author copies, belongs to no source', async () => {
  await using full = await rootfsOf({ '/lib/a.so': 'a' });
  const [copy] = finalStage(dockerfileOf('FROM a AS b\nFROM scratch\nCOPY --from=b /x /x\n')).instructions;
  if (copy === undefined || !isCopy(copy)) throw new Error('the stage has a COPY');
  const path = imagePath('/lib/a.so');
  const added: LayoutFile = {
    type: 'file',
    path,
    source: path,
    mode: 0o644,
    uid: 0,
    gid: 0,
    sha256: '',
    size: 1,
    reasons: [],
  };
  const fateOf = sourceFates({ entries: [added], origins: new Map(), copied: new Map(), prunings: [], full });
  expect(fateOf(copy, 0)).toMatchObject({ isWhole: false, files: [] });
});
