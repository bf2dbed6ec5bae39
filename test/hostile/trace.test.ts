import { expect, test } from 'vitest';
import { foreignCalls } from './trace.ts';

const TOP = '/tmp/kraft-slim-test-x';
const found = (call: string) => foreignCalls(`12 ${call}`, { top: TOP, path: `${TOP}/catalog` }).length;

test.each([
  `openat(AT_FDCWD<${TOP}/catalog>, "examples/a/README.md", O_RDONLY) = 5<${TOP}/host/secret>`,
  `openat(AT_FDCWD</>, "${TOP}/home/.git-credentials", O_RDONLY) = 5<${TOP}/home/.git-credentials>`,
  'openat(AT_FDCWD</>, "/root/.ssh/id_ed25519", O_RDONLY) = 5</root/.ssh/id_ed25519>',
  'openat(AT_FDCWD</>, "/etc/shadow", O_RDONLY) = 5</etc/shadow>',
  'openat(AT_FDCWD</>, "/usr/lib/x", O_WRONLY|O_CREAT, 0666) = 5</usr/lib/x>',
  'execve("/bin/sh", ["sh", "-c", "id"], 0x1 /* 3 vars */) = 0',
  `unlink("${TOP}/host/victim/file") = 0`,
  `chmod("${TOP}/host/secret", 0644) = 0`,
  `rename("${TOP}/catalog/a", "${TOP}/host/b") = 0`,
])('%s is foreign', (call) => {
  expect(found(call)).toBe(1);
});

test.each([
  `openat(AT_FDCWD<${TOP}/catalog>, "examples/a/README.md", O_RDONLY) = 5<${TOP}/catalog/examples/a/README.md>`,
  'openat(AT_FDCWD</>, "/etc/shadow", O_RDONLY) = -1 EACCES (Permission denied)',
  'execve("/usr/bin/git", ["git", "status"], 0x1 /* 3 vars */) = 0',
  `rename("${TOP}/catalog/a", "${TOP}/catalog/b") = 0`,
])('%s is not', (call) => {
  expect(found(call)).toBe(0);
});
