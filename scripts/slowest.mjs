// Prints the ten slowest suites of JSON reports of vitest: node scripts/slowest.mjs REPORT...
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const testResults = process.argv
  .slice(2)
  .flatMap((report) => JSON.parse(readFileSync(report, 'utf8')).testResults);
const suites = testResults.map(({ name, startTime, endTime }) => ({
  name: relative(process.cwd(), name),
  seconds: (endTime - startTime) / 1000,
}));
for (const { name, seconds } of suites.sort((a, b) => b.seconds - a.seconds).slice(0, 10)) {
  process.stdout.write(`${seconds.toFixed(1).padStart(8)}  ${name}\n`);
}
