import { describe, expect, test } from 'vitest';
import { composeLaunch } from '../../src/entry/launch.ts';
import { unitKraftfile } from '../support/kraftfile.ts';

const said = (env: Readonly<Record<string, string>>, args: readonly string[] | null = null) => ({
  run: { env, args },
});
const IMAGE = { env: [], entrypoint: [], cmd: [] };
const UNIKRAFT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LD_LIBRARY_PATH: '/usr/local/lib:/usr/lib:/lib',
  HOME: '/',
  PWD: '/',
};
const envp = (...variables: string[]) => [
  'unikraft:',
  '  kconfig:',
  ...variables.map((variable) => `    CONFIG_LIBPOSIX_ENVIRON_ENVP${variable}`),
];
const envOf = (lines: readonly string[], image: readonly string[] = [], readme = {}) =>
  composeLaunch(unitKraftfile(['cmd: ["/a"]', ...lines]), { ...IMAGE, env: image }, said(readme)).env;

describe('the command', () => {
  const image = { env: [], entrypoint: ['/entry', '-x'], cmd: ['run'] };

  test("is the Kraftfile's where it has one", () => {
    expect(composeLaunch(unitKraftfile(['cmd: ["/app", "-v"]']), image, said({})).argv).toEqual([
      '/app',
      '-v',
    ]);
  });

  test.each([
    ['["/usr/bin/php /usr/src/server.php"]', ['/usr/bin/php', '/usr/src/server.php']],
    ['[\'/app "a b"  -c\']', ['/app', 'a b', '-c']],
    // what a shell would do besides is none of kraft's business
    ['["/app a;b"]', ['/app', 'a;b']],
    ['["/app a", "b"]', ['/app a', 'b']],
    ['["app a"]', ['app a']],
    ['["/app"]', ['/app']],
  ])('%s is %j', (cmd, argv) => {
    expect(composeLaunch(unitKraftfile([`cmd: ${cmd}`]), image, said({})).argv).toEqual(argv);
  });

  test.each([[[]], [['cmd: []']], [['cmd:']]])(
    "is the image's entry point and its command with %j",
    (lines) => {
      expect(composeLaunch(unitKraftfile(lines), image, said({})).argv).toEqual(['/entry', '-x', 'run']);
    },
  );

  test("is the README's arguments alone where it gives any", () => {
    const launch = composeLaunch(unitKraftfile(['cmd: ["/app", "-v"]']), image, said({}, ['/other']));
    expect(launch.argv).toEqual(['/other']);
  });

  test('is missing where neither has one', () => {
    expect(() => composeLaunch(unitKraftfile([], 'Kraftfile.ls'), IMAGE, said({}))).toThrow(
      expect.objectContaining({
        code: 'cmd-not-found',
        message: 'cannot find the command of Kraftfile.ls: neither the Kraftfile nor the image has a command',
      }),
    );
  });
});

describe('the environment', () => {
  test("is Unikraft's own where nothing is said", () => {
    expect(envOf([])).toEqual(UNIKRAFT);
  });

  test("is the kernel options' alone where they set one", () => {
    expect(envOf(envp('0: "PATH=/bin"', '1: "A=b=c"'))).toEqual({ PATH: '/bin', A: 'b=c' });
  });

  test('takes kernel options in the order of their numbers', () => {
    expect(envOf(envp('10: "A=ten"', '9: "A=nine"', '2: "A=two"'))).toEqual({ A: 'ten' });
  });

  test('takes no notice of kernel options that are empty or mean something else', () => {
    expect(envOf(envp('0: ""', '_COUNT: "A=b"'))).toEqual(UNIKRAFT);
  });

  test.each<[string, string[], string[], object, string]>([
    ['the image beats the platform', [], ['HOME=/image'], {}, '/image'],
    ['the image beats kernel options', envp('0: "HOME=/kernel"'), ['HOME=/image'], {}, '/image'],
    ['the Kraftfile beats the image', ['env: { HOME: /kraftfile }'], ['HOME=/image'], {}, '/kraftfile'],
    ['the README beats the Kraftfile', ['env: { HOME: /kraftfile }'], [], { HOME: '/readme' }, '/readme'],
  ])('%s', (_, lines, image, readme, expected) => {
    expect(envOf(lines, image, readme).HOME).toBe(expected);
  });

  test('the settings beat the README', () => {
    const words = { ...said({ HOME: '/readme', A: 'readme' }), configEnv: { HOME: '/config' } };
    expect(composeLaunch(unitKraftfile(['cmd: ["/a"]']), IMAGE, words).env).toMatchObject({
      HOME: '/config',
      A: 'readme',
    });
  });

  test('arguments of the settings stand in place of all words but the program', () => {
    const words = { run: { env: {}, args: null }, configArguments: ['-c', '1', '127.0.0.1'] };
    const { argv } = composeLaunch(unitKraftfile(['cmd: ["/bin/ping", "example.org"]']), IMAGE, words);
    expect(argv).toEqual(['/bin/ping', '-c', '1', '127.0.0.1']);
    const others = { run: { env: {}, args: ['/bin/other', 'x'] }, configArguments: [] };
    expect(composeLaunch(unitKraftfile(['cmd: ["/a", "b"]']), IMAGE, others).argv).toEqual(['/bin/other']);
  });

  test('keeps the rest of each source', () => {
    expect(envOf(['env: { B: kraftfile }'], ['A=image', 'EMPTY=', 'BARE'], { C: 'readme' })).toEqual({
      ...UNIKRAFT,
      A: 'image',
      EMPTY: '',
      BARE: '',
      B: 'kraftfile',
      C: 'readme',
    });
  });
});
