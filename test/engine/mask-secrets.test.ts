import { expect, test } from 'vitest';
import { maskSecrets } from '../../src/engine/mask-secrets.ts';

const mask = (text: string, ...secrets: string[]) =>
  maskSecrets(secrets.map((one) => Buffer.from(one)))(text);

test.each([
  ['+ curl -u me:s3cret https://x', ['s3cret\n'], '+ curl -u me:*** https://x'],
  ['one token-2 two token', ['token', 'token-2'], 'one *** two ***'],
  ['line two, line one', ['line one\r\nline two\r\n'], '***, ***'],
  ['a+b.c a+bxc', ['a+b.c'], '*** a+bxc'],
  ['abc $& $1', ['abc', ''], 'abc $& $1'],
  ['nothing', [], 'nothing'],
])('%s with %j becomes %s', (text, secrets, masked) => {
  expect(mask(text, ...secrets)).toBe(masked);
});
