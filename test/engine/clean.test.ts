import { afterEach, describe, expect, test, vi } from 'vitest';
import { clean } from '../../src/engine/clean.ts';
import { LABEL, SCOPE_LABEL } from '../../src/engine/labels.ts';
import { scopeOfRun } from '../../src/shared/scope.ts';
import { fakeEngine, sendJson } from './fake-engine.ts';

test('only what really went is reported as removed', async () => {
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

describe('of things of several scopes', () => {
  afterEach(() => vi.unstubAllEnvs());

  const dead = 'elsewhere/1/1';
  const thing = (Id: string, scope?: string) => ({
    Id,
    Labels: { [LABEL]: dead, ...(scope === undefined ? {} : { [SCOPE_LABEL]: scope }) },
    RepoTags: [],
  });

  test.each([
    ['one', ['named-one']],
    ['other', ['named-other']],
    ['', ['unnamed', 'users']],
  ])('a clean with the scope %j removes %j alone', async (scope, expected) => {
    vi.stubEnv('KRAFT_SLIM_SCOPE', '');
    const users = scopeOfRun().name;
    vi.stubEnv('KRAFT_SLIM_SCOPE', scope);
    const things = [
      thing('unnamed'),
      thing('users', users),
      thing('named-one', 'one'),
      thing('named-other', 'other'),
    ];
    await using engine = await fakeEngine(({ method }, response) =>
      sendJson(response, method === 'DELETE' ? {} : things),
    );
    const { containers, networks, images } = await clean(engine.docker, 'all');
    expect({ containers, networks, images }).toEqual({
      containers: expected,
      networks: expected,
      images: expected,
    });
  });
});
