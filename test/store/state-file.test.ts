import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { seal, unseal } from '../../src/store/seal.ts';
import { signingKey } from '../../src/store/signing-key.ts';
import {
  openStateDirectory,
  readStateFile,
  writeStateFile,
  writeStateText,
} from '../../src/store/state-file.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

const FILE = { kind: 'unit', key: 'library/a/1.0', name: 'units/a.json' };

let top: TemporaryDirectory;
let state: string;
beforeEach(async () => {
  top = await temporaryDirectory();
  state = join(top.path, '.kraft-slim');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await top[Symbol.asyncDispose]();
});

const path = () => join(state, FILE.name);

/** What is read, and why it counts as absent. */
function read(file = FILE): { value: unknown; why: string[] } {
  const why: string[] = [];
  return { value: readStateFile(state, file, (text) => why.push(text)), why };
}

describe('state', () => {
  test('that this user has written is read', () => {
    writeStateFile(state, FILE, { a: [1, 'ü', null] });
    expect(read()).toEqual({ value: { a: [1, 'ü', null] }, why: [] });
    expect(readFileSync(join(state, '.gitignore'), 'utf8')).toBe('*\n');
    expect(readdirSync(join(state, 'units'))).toEqual(['a.json']);
  });

  test('that is not there is absent without a word', () => {
    expect(read()).toEqual({ value: undefined, why: [] });
  });

  const distrusted = { value: undefined, why: ['units/a.json is not signed by the key of this user'] };

  test.each<[string, () => void]>([
    ['without a signature', () => writeFileSync(path(), '{"a":1}')],
    ['that is empty', () => writeFileSync(path(), '')],
    [
      'under a signature of another text',
      () => writeFileSync(path(), readFileSync(path(), 'utf8').replace('1', '2')),
    ],
    [
      'under a made-up signature',
      () => writeFileSync(path(), `${randomBytes(32).toString('hex')} {"a":1}\n`),
    ],
    ['under a short signature', () => writeFileSync(path(), readFileSync(path(), 'utf8').slice(2))],
    ['with a second line', () => writeFileSync(path(), `${readFileSync(path(), 'utf8')}{"a":2}\n`)],
    ['of another key', () => vi.stubEnv('KRAFT_SLIM_STATE_KEY', 'k'.repeat(32))],
  ])('%s counts as absent', (_, forge) => {
    writeStateFile(state, FILE, { a: 1 });
    forge();
    expect(read()).toEqual(distrusted);
  });

  test('of another entry, or of another kind, counts as absent', () => {
    for (const other of [
      { ...FILE, key: 'library/b/1.0' },
      { ...FILE, kind: 'bases' },
    ]) {
      writeStateFile(state, { ...other, name: 'units/other.json' }, { a: 1 });
      renameSync(join(state, 'units/other.json'), path());
      expect(read()).toEqual(distrusted);
    }
  });

  test.each<[string, () => void]>([
    ['a directory', () => mkdirSync(path())],
    ['a link to the host', () => symlinkSync('/etc/hostname', path())],
    ['a link to a device', () => symlinkSync('/dev/zero', path())],
  ])('in whose place is %s counts as absent', (_, make) => {
    writeStateFile(state, FILE, { a: 1 });
    rmSync(path());
    make();
    expect(read()).toMatchObject({
      value: undefined,
      why: [expect.stringContaining('cannot use units/a.json')],
    });
  });

  test('whose directory is a link is neither read nor written', () => {
    writeStateFile(state, FILE, { a: 1 });
    const elsewhere = join(top.path, 'elsewhere');
    renameSync(state, elsewhere);
    symlinkSync(elsewhere, state);
    expect(read().value).toBeUndefined();
    expect(() => writeStateFile(state, FILE, { a: 2 })).toThrow(/cannot keep state in .*: it is a link/);
    rmSync(state);
    mkdirSync(state);
    symlinkSync(join(elsewhere, 'units'), join(state, 'units'));
    expect(() => writeStateText(state, FILE.name, 'x')).toThrow(expect.objectContaining({ code: 'refused' }));
    expect(readFileSync(join(elsewhere, FILE.name), 'utf8')).toContain('{"a":1}');
  });

  test.each(['/proc/x', '/proc/x/y', '/dev/null', '/dev/null/x'])(
    'cannot lie in %s, which is reported at once',
    (place) => {
      expect(() => openStateDirectory(place)).toThrow(expect.objectContaining({ code: 'refused' }));
    },
  );
});

describe('a signature', () => {
  test('holds for its text and its place alone', () => {
    const word = fc.string({ unit: 'grapheme' });
    const text = word.map((one) => JSON.stringify(one));
    fc.assert(
      fc.property(text, word, word, text, word, word, (...[a, kind, key, b, otherKind, otherKey]) => {
        const line = seal(a, { kind, key });
        expect(unseal(line, { kind, key })).toBe(a);
        const isSame = kind === otherKind && key === otherKey;
        expect(unseal(line, { kind: otherKind, key: otherKey })).toBe(isSame ? a : null);
        expect(unseal(`${line.slice(0, 64)} ${b}`, { kind, key })).toBe(a === b ? a : null);
      }),
    );
  });

  test('does not survive a flipped bit', () => {
    const as = { kind: 'journal', key: 'sweep' };
    const line = Buffer.from(seal('{"type":"begun"}', as), 'latin1');
    for (let bit = 0; bit < line.length * 8; bit += 1) {
      const forged = Buffer.from(line);
      forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(unseal(forged.toString('latin1'), as)).toBeNull();
    }
  });

  test('holds over every separator of lines but the line break', () => {
    const as = { kind: 'unit', key: 'a' };
    for (const text of ['a\u2028b', 'a\u2029b', 'a\rb', 'a\u0085b'])
      expect(unseal(seal(text, as), as)).toBe(text);
    expect(() => seal('a\nb', as)).toThrow('more than one line');
  });

  test('does not mix the end of a kind with the beginning of a key', () => {
    expect(unseal(seal('1', { kind: 'ab', key: 'c' }), { kind: 'a', key: 'bc' })).toBeNull();
  });
});

describe('the key', () => {
  const keyFile = () => join(top.path, 'state-home/kraft-slim/state-key');
  beforeEach(() => {
    vi.stubEnv('KRAFT_SLIM_STATE_KEY', '');
    vi.stubEnv('XDG_STATE_HOME', join(top.path, 'state-home'));
  });

  test('is made at first use, for the user alone, and stays', () => {
    const key = signingKey();
    expect(key).toHaveLength(32);
    expect(lstatSync(keyFile()).mode & 0o777).toBe(0o600);
    expect(lstatSync(join(keyFile(), '..')).mode & 0o777).toBe(0o700);
    expect(readFileSync(keyFile(), 'utf8').trim()).toBe(key.toString('hex'));
    expect(signingKey()).toEqual(key);
  });

  const other = `${'ab'.repeat(32)}\n`;

  test.each<[string, () => void, RegExp]>([
    ['of a file that others may write', () => chmodSync(keyFile(), 0o620), /other users may write it/],
    ['of a file that others may read', () => chmodSync(keyFile(), 0o644), /other users may read it/],
    [
      'of a directory that others may write',
      () => chmodSync(join(keyFile(), '..'), 0o770),
      /other users may write it/,
    ],
    [
      'of a file of another user',
      () => void vi.spyOn(process, 'getuid').mockReturnValue(4242),
      /it belongs to the user/,
    ],
    [
      'behind a link',
      () => {
        renameSync(keyFile(), `${keyFile()}-real`);
        symlinkSync('state-key-real', keyFile());
      },
      /it is a link/,
    ],
    ['that is no key', () => writeFileSync(keyFile(), 'x'), /it holds no key/],
  ])('%s is refused', (_, spoil, why) => {
    mkdirSync(join(keyFile(), '..'), { recursive: true, mode: 0o700 });
    writeFileSync(keyFile(), other, { mode: 0o600 });
    spoil();
    expect(() => signingKey()).toThrow(
      expect.objectContaining({ code: 'refused', message: expect.stringMatching(why) }),
    );
  });

  test('that cannot be made is reported with what to do', () => {
    vi.stubEnv('XDG_STATE_HOME', '/proc/none');
    expect(() => signingKey()).toThrow(
      expect.objectContaining({ code: 'refused', hint: expect.stringContaining('KRAFT_SLIM_STATE_KEY') }),
    );
  });

  test('comes from the environment, unless it is short enough to be guessed', () => {
    vi.stubEnv('KRAFT_SLIM_STATE_KEY', 'a secret of more than 32 characters');
    expect(signingKey()).toHaveLength(32);
    vi.stubEnv('KRAFT_SLIM_STATE_KEY', 'short');
    expect(() => signingKey()).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

test('a directory in the place of a state file goes', () => {
  mkdirSync(join(state, FILE.name, 'full'), { recursive: true });
  writeStateFile(state, FILE, { a: 1 });
  expect(readStateFile(state, FILE)).toEqual({ a: 1 });
});
