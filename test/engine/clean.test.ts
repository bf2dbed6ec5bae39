import { expect, test } from 'vitest';
import { clean } from '../../src/engine/clean.ts';
import { LABEL } from '../../src/engine/ownership.ts';
import { fakeEngine, sendJson } from './fake-engine.ts';

test('only what really went is told as removed', async () => {
  const thing = (Id: string) => ({ Id, Labels: { [LABEL]: 'elsewhere/1/1' }, RepoTags: [`${Id}:1`] });
  const statuses: Record<string, number> = { busy: 409, gone: 404 };
  await using engine = await fakeEngine(({ method, url = '' }, response) => {
    const id = url.replace(/\?.*/, '').split('/').at(-1) ?? '';
    if (method === 'DELETE') sendJson(response, { message: 'why' }, statuses[id] ?? 200);
    else sendJson(response, ['old', 'busy', 'gone'].map(thing));
  });
  expect(await clean(engine.docker, 'all')).toEqual({
    containers: ['old'],
    networks: ['old'],
    images: ['old:1'],
  });
});
