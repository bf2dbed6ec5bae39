import { expect, test } from 'vitest';
import { internalServices, overLoopback } from '../../src/entry/internal-services.ts';
import { PLAIN_RUN } from '../../src/entry/kraft-run.ts';

const run = (env: Record<string, string>, ...internal: string[]) => ({
  ...PLAIN_RUN,
  env,
  cloud: { project: null, image: null, internal },
});
const MONGO = { entry: 'shop/mongo', run: run({}, 'mongo.internal', 'mongo-1.internal') };
const FLASK = {
  entry: 'shop/flask',
  run: run({ MONGO: 'mongo.internal:27017', P: '9091' }, 'backend.internal'),
};
const OTHERS = [FLASK, MONGO];
const found = (env: Record<string, string>) => {
  const { services, missing } = internalServices(run(env, 'web.internal'), OTHERS);
  return { services: services.map(({ entry, ports }) => [entry, ports]), missing };
};

test('a service stands behind those that it needs, with the ports by which it is named', () => {
  expect(
    found({ BACKEND: 'http://backend.internal:9091/', AGAIN: 'backend.internal:9092,backend.internal:9091' }),
  ).toEqual({
    services: [
      ['shop/mongo', [27017]],
      ['shop/flask', [9091, 9092]],
    ],
    missing: [],
  });
});

test.each<[Record<string, string>, unknown]>([
  [
    { A: 'web.internal:80', B: 'internal', C: 'a.internal.example:1' },
    { services: [], missing: [] },
  ],
  [{ A: 'mongo-1.internal' }, { services: [['shop/mongo', []]], missing: [] }],
  [{ A: 'redis.internal:6379' }, { services: [], missing: ['redis.internal'] }],
])('%j needs', (env, needed) => {
  expect(found(env)).toEqual(needed);
});

test('apps that need each other are found once', () => {
  const others = [
    { entry: 'a', run: run({ B: 'b.internal:2' }, 'a.internal') },
    { entry: 'b', run: run({ A: 'a.internal:1' }, 'b.internal') },
  ];
  const { services } = internalServices(run({ A: 'a.internal:1' }), others);
  expect(services.map(({ entry }) => entry)).toEqual(['b', 'a']);
});

test('over one loopback the names are its address', () => {
  const plain = {
    env: { A: 'http://db.internal:1/x', B: 'db.internal', C: 'my.internal.example' },
    args: ['--db=a-b.internal:2'],
  };
  expect(overLoopback(plain)).toEqual({
    env: { A: 'http://127.0.0.1:1/x', B: '127.0.0.1', C: 'my.internal.example' },
    args: ['--db=127.0.0.1:2'],
  });
  expect(overLoopback({ env: {}, args: null }).args).toBeNull();
});
