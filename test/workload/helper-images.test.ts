import type { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { expect, test } from 'vitest';
import type { Engine, ImageId } from '../../src/engine/engine.ts';
import { emptyImage } from '../../src/workload/helper-images.ts';

test('the empty image holds nothing that an engine does not make in every container anyway', async () => {
  const names: string[] = [];
  const engine: Pick<Engine, 'inspectImage' | 'importImage'> = {
    inspectImage: async () => undefined,
    async importImage(tar: Readable) {
      const entries = tar.pipe(extract());
      for await (const entry of entries) {
        names.push(entry.header.name.replace(/\/$/, ''));
        entry.resume();
      }
      return 'sha256:0' as ImageId;
    },
  };
  await emptyImage(engine as Engine);
  expect(names).toEqual(['dev']);
});
