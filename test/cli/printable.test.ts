import { expect, test } from 'vitest';
import { printable } from '../../src/cli/printable.ts';

test.each([
  ['plain, with\ttabs\nand lines', 'plain, with\ttabs\nand lines'],
  ['\u001b[31mred\u001b[0m', 'red'],
  ['\u001b]52;c;cGF5bG9hZA==\u0007copied', 'copied'],
  ['progress\rdone', 'progressdone'],
  ['a\u0000b\u0085c', 'abc'],
  ['é ✓', 'é ✓'],
])('%j is shown as %j', (text, shown) => {
  expect(printable(text)).toBe(shown);
});
