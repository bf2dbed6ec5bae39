import { describe, expect, test } from 'vitest';
import { testRuns } from '../../../src/entry/python/test-file.ts';

const RUN = `
    image = build_image("shop", "shop")
    instance = run_instance(image, publish=["443:8080/tls+http"], memory="512M")
    url = extract_instance_url(instance)
    assert url, f"no URL: {instance!r}"
`;
const file = (body: string, before = '') => `"""A test.

    url = "of nothing"
"""
from __future__ import annotations
${before}
def test_shop(build_image, run_instance, http, http_post, wait_instance):
${RUN}${body
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
`;
/** The lines that ask the app, each with its text. */
const requestsIn = (body: string, before?: string) =>
  testRuns(file(body, before)).flatMap(({ commands }) =>
    commands.map(({ words, expected }) => [
      words
        .slice(1)
        .join(' ')
        .replace(/\d+\.under-test[^/]*/, 'APP'),
      expected,
    ]),
  );

test('a run has ports, memory, variables, a volume, a command and the directory of its image', () => {
  const [run, ...more] = testRuns(`
PASSWORD = "s" "ecret"  # two texts are one
def test_it(build_image, run_instance):
    image = build_image(
        "databases/postgres",
        "postgres",
    )
    run_instance(
        image,
        publish=["5432:5432/tls", "443:80"],
        memory="1G",
        env={"POSTGRES_PASSWORD": PASSWORD, "TRIES": 3, "OTHER": unknown()},
        volume="data:/var/lib",
        command="/usr/bin/postgres -D /data",
    )
`);
  expect(more).toEqual([]);
  expect(run).toMatchObject({
    directory: 'databases/postgres',
    commands: [],
    run: {
      ports: [
        { host: 5432, guest: 5432 },
        { host: 443, guest: 80 },
      ],
      memoryBytes: 1e9,
      env: { POSTGRES_PASSWORD: 'secret', TRIES: '3' },
      volumes: [{ host: 'data', guest: '/var/lib', readOnly: false }],
      args: ['/usr/bin/postgres -D /data'],
    },
  });
});

describe('a request', () => {
  test.each<[string, unknown[]]>([
    ['http(url)', [['https://APP', null]]],
    ['http(f"{url}/admin/", expected_status=200)', [['https://APP/admin/', null]]],
    ['requests.get(url + "/a?b=c", timeout=5)', [['https://APP/a?b=c', null]]],
    ['http_post(url, data={"k": "a b", "n": 1})', [['-X POST --data-raw k=a+b&n=1 https://APP', null]]],
    [
      'http_post(url, json={"a": [True, None, 2], "b": {"c": "d"}}, headers={"Accept": "x"})',
      [['-X POST -H Accept: x --json {"a":[true,null,2],"b":{"c":"d"}} https://APP', null]],
    ],
    ['requests.delete(f"{url}/a")', [['-X DELETE https://APP/a', null]]],
    ['http_post(url, data=made())', []],
    ['http(f"{url}/{made()}")', []],
    ['http("https://example.org/")', []],
    ['requests.get(url, params={"a": made()})', []],
    ['if True: http(url)', [['https://APP', null]]],
  ])('%s', (line, expected) => {
    expect(requestsIn(line)).toEqual(expected);
  });
});

describe('an answer has the text', () => {
  const NONE = [['https://APP', null]];
  const WANTED = [['https://APP', 'Bye']];
  test.each<[string, unknown[]]>([
    ['assert "Bye" in resp.text', WANTED],
    ['assert \'B\\x79e\' in resp.text, f"not in {resp.text!r}"', WANTED],
    ['assert resp.text.strip() == "Bye"', WANTED],
    ['assert "Bye" == resp.text', WANTED],
    ['assert b"Bye" in resp.content', WANTED],
    ['body = resp.text\nassert "Bye" in body', WANTED],
    ['assert TEXT in resp.text', WANTED],
    ['assert resp.status_code == 200\nassert "Bye" in resp.text', WANTED],
    ['assert "Bye" in resp.text or "Hello" in resp.text', NONE],
    ['assert "Bye" not in resp.text', NONE],
    ['assert "bye" in resp.text.lower()', NONE],
    ['assert resp.json()["a"] == "Bye"', NONE],
    ['assert resp.status_code == 404', []],
    [
      'assert "A" in resp.text\nassert "B" in resp.text',
      [
        ['https://APP', 'A'],
        ['https://APP', 'B'],
      ],
    ],
  ])('%s', (lines, expected) => {
    expect(requestsIn(`resp = http(url)\n${lines}`, 'TEXT = "Bye"')).toEqual(expected);
  });

  test('of a request that changes the app, once', () => {
    const lines = 'resp = http_post(url)\nassert "A" in resp.text\nassert "B" in resp.text';
    expect(requestsIn(lines)).toEqual([['-X POST https://APP', 'A']]);
  });
});

test('requests belong to the instance whose address they name', () => {
  const runs = testRuns(`
def test_it(build_image, run_instance, http, test_run_id):
    domain = os.environ.get("D") or f"db-{test_run_id}.internal"
    db = run_instance(build_image("shop/db", "db"), domain=domain)
    web = run_instance(build_image("shop/web", "web"), publish=["443:80"], env={"DB": f"{domain}:5432"})
    resp = http(extract_instance_url(web))
    assert "Bye" in resp.text
`);
  expect(
    runs.map(({ directory, run, commands }) => [directory, run.cloud?.internal, run.env, commands.length]),
  ).toEqual([
    ['shop/db', ['db-test.internal'], {}, 0],
    ['shop/web', [], { DB: 'db-test.internal:5432' }, 1],
  ]);
});

test.each([
  '',
  '((((',
  '"""',
  "x = '",
  'run_instance(',
  '\\',
  `${'('.repeat(20_000)}1`,
  'not '.repeat(50_000),
  `f"${'{a'.repeat(20_000)}"`,
])('what is no test has no runs and takes no time: %.12s', (source) => {
  const begun = performance.now();
  expect(testRuns(source).flatMap(({ commands }) => commands)).toEqual([]);
  expect(performance.now() - begun).toBeLessThan(2000);
});
