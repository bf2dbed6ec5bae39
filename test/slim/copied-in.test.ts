import { expect, test } from 'vitest';
import { finalStage } from '../../src/dockerfile/model.ts';
import { parseDockerfile } from '../../src/dockerfile/parse-dockerfile.ts';
import { stageChain } from '../../src/dockerfile/stage-chain.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { directoryCopies } from '../../src/slim/find/copied-in.ts';
import { memoryTree } from '../support/memory-tree.ts';

const TEXT = `FROM debian AS site
RUN make
FROM debian AS tools
COPY --from=site /out/lib /opt/lib
FROM tools
COPY pages /pages
COPY --from=site /out /www
COPY --from=site /bin/app /usr/bin/app
COPY --from=site /bin/tool /usr/bin/
COPY --from=nginx:1.25 /html/ /html
`;

test('COPY lines of a stage, and of the stages that it is FROM, copy directories from stages and images', () => {
  const dockerfile = parseDockerfile(TEXT);
  const tree = memoryTree({
    '/www/index.html': 'x',
    '/opt/lib/a': 'x',
    '/usr/bin/app': 'x',
    '/usr/bin/tool': 'x',
    '/html/index.html': 'x',
    '/pages/a': 'x',
  });
  const found = directoryCopies(dockerfile, stageChain(dockerfile, finalStage(dockerfile)), tree);
  expect(found.map(({ path, from }) => [path, from.raw])).toEqual([
    ['/www', 'site'],
    ['/html', 'nginx:1.25'],
    ['/opt/lib', 'site'],
  ]);
  expect(found[0]?.originOf(imagePath('/www/de/a.html'))).toBe('/out/de/a.html');
  expect(found[0]?.originOf(imagePath('/wwwx'))).toBeNull();
});
