#!/usr/bin/env node
// Any old Node parses and runs this file: it imports nothing before it knows the version, and uses only old syntax.

const OLDEST_NODE = 20;
const EXIT_USER = 2;
const EXIT_INTERNAL = 3;

const version = process.versions.node;
const args = process.argv.slice(2);

if (Number.parseInt(version, 10) < OLDEST_NODE) {
  const message = `cannot run on Node ${version}: Node ${OLDEST_NODE} or newer is required`;
  const hint = 'install it from https://nodejs.org/en/download';
  const document = { schema: 'kraft-slim/error/1', code: 'usage', message, hint };
  if (args.indexOf('--json') >= 0) process.stdout.write(`${JSON.stringify(document)}\n`);
  else process.stderr.write(`kraft-slim: ${message}\nhint: ${hint}\n`);
  process.exitCode = EXIT_USER;
} else {
  import('node:v8')
    .then(({ setFlagsFromString }) => {
      // left alone, V8 lets garbage grow to hundreds of megabytes before it looks at the old generation
      setFlagsFromString('--heap-growing-percent=50');
      return import('./main.ts');
    })
    .then(({ start }) => start(args))
    .catch((error: unknown) => {
      const why = error instanceof Error ? error.stack : String(error);
      process.stderr.write(`kraft-slim: cannot load the command: ${why}\n`);
      process.exitCode = EXIT_INTERNAL;
    });
}
