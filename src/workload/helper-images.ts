import { readFile } from 'node:fs/promises';
import { bytesSource } from '../elf/byte-source.ts';
import { isElf } from '../elf/elf-header.ts';
import { readElf } from '../elf/read-elf.ts';
import type { Engine, ImageId } from '../engine/engine.ts';
import { packItems } from '../image/pack-tar.ts';
import { isNotFound, UserError } from '../shared/failure.ts';

/** Images that the tool makes once in an engine, and that stay there until `clean`. */
const EMPTY = 'kraft-slim/empty:2';
const SIDECAR = 'kraft-slim/sidecar:1';

/** Where the busybox is in the sidecar's image. */
export const SIDECAR_BUSYBOX = '/bin/busybox';

/** An image with nothing in it that a container would not have anyway, for containers whose files are put in one by one. */
export async function emptyImage(engine: Engine): Promise<ImageId> {
  const found = await engine.inspectImage(EMPTY);
  // engines refuse to import a tar without any entry; /dev they make themselves in every container
  return (
    found?.id ??
    (await engine.importImage(packItems([{ name: 'dev', type: 'directory', mode: 0o755 }]), EMPTY))
  );
}

/** An image with a static busybox alone; its `nc` is the way to an app's loopback. */
export async function sidecarImage(engine: Engine): Promise<ImageId> {
  const found = await engine.inspectImage(SIDECAR);
  if (found !== undefined) return found.id;
  const content = await staticBusybox();
  const items = [
    { name: 'bin', type: 'directory', mode: 0o755 } as const,
    { name: SIDECAR_BUSYBOX.slice(1), mode: 0o755, size: content.length, content },
  ];
  return await engine.importImage(packItems(items), SIDECAR);
}

/** Where this project's set-up script puts one on a machine whose own busybox is another. */
const SETUP_BUSYBOX = '/usr/local/lib/kraft-slim/busybox';

async function staticBusybox(): Promise<Buffer> {
  const candidates = [process.env.KRAFT_SLIM_BUSYBOX, '/bin/busybox', '/usr/bin/busybox', SETUP_BUSYBOX];
  for (const path of candidates) {
    if (path === undefined || path === '') continue;
    const bytes = await readFile(path).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
    if (bytes !== undefined && isStatic(bytes)) return bytes;
  }
  throw new UserError(
    'engine-refused',
    'cannot make the sidecar image: there is no static busybox on this machine',
    {
      hint: 'install the package busybox-static, or set KRAFT_SLIM_BUSYBOX to the path of a static busybox',
    },
  );
}

function isStatic(bytes: Buffer): boolean {
  const source = bytesSource(bytes);
  if (!isElf(source)) return false;
  const elf = readElf(source);
  return elf.interpreter === null && elf.dependencies.length === 0;
}
