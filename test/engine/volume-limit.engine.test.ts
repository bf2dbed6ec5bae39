import { expect, test } from 'vitest';
import { catalogOf } from '../support/catalog.ts';
import { runEntry } from '../support/run-entry.ts';
import { APP, smallEntry } from '../support/small-entry.ts';

const TIGHT = 'workload:\n  limits: { readySeconds: 20, probeSeconds: 20, disk: 64M }\n';

/** An entry with a volume that holds 80 MB to begin with; the app runs this Perl. */
const entry = (code: string) => ({
  ...smallEntry({
    dockerfile: [
      'FROM debian:bookworm',
      'RUN mkdir /data && head -c 80000000 /dev/zero > /data/there',
      'VOLUME /data',
      'COPY app.pl /app.pl',
    ],
    cmd: ['/usr/bin/perl', '/app.pl'],
  }),
  [`${APP}/app.pl`]: code,
  [`${APP}/kraft-slim.yaml`]: TIGHT,
});

const writes = (path: string) => `open(my $f, ">", "${path}") or die; print $f "x" x 2e7; close($f);`;

test('an app that fills a volume of its image ends at the limit of its disk', async () => {
  await using catalog = await catalogOf(
    entry(
      `for my $n (1..99) { ${writes('/data/fill$n')} select(undef, undef, undef, 0.2) } print "Hello\\n";`,
    ),
  );
  const result = await runEntry(catalog, APP);
  expect([result.code, result.exitCode]).toEqual(['limit-exceeded', 2]);
  expect(result.reason).toContain('to the disk');
});

test('what the image has in its volume does not count', async () => {
  await using catalog = await catalogOf(entry(`${writes('/data/new')} sleep 3; print "Hello\\n";`));
  const result = await runEntry(catalog, APP);
  expect([result.code, result.status, result.verified]).toEqual([null, 'slimmed', true]);
});
