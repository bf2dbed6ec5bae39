// Prints the ten slowest suites of a JSON report of vitest: node scripts/slowest.mjs REPORT
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const { testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const suites = testResults.map(({ name, startTime, endTime }) => ({
  name: relative(process.cwd(), name),
  seconds: (endTime - startTime) / 1000,
}));
for (const { name, seconds } of suites.sort((a, b) => b.seconds - a.seconds).slice(0, 10)) {
  process.stdout.write(`${seconds.toFixed(1).padStart(8)}  ${name}\n`);
}
