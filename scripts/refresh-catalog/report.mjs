// Reads documents of kraft-slim refresh: report.mjs plan DOCUMENT REQUESTS | newer DOCUMENT BASE | done DOCUMENT | made DOCUMENT
import { readFileSync } from 'node:fs';

const [what, path, more] = process.argv.slice(2);
const { results, seconds } = JSON.parse(readFileSync(path, 'utf8'));
const host = /127\.0\.0\.1:\d+\//g;

const REPORTS = {
  plan() {
    const twice = results.filter(({ entry, made }, at) =>
      results.some(
        (other, place) => place < at && (other.entry === entry || (made !== null && other.made === made)),
      ),
    );
    const silent = results.filter(({ status, reason }) => status !== 'planned' && !reason);
    const requests = readFileSync(more, 'utf8').split('\n').filter(Boolean);
    const lists = requests.filter((line) => line.includes('/tags/list'));
    printAll();
    print(
      `${results.length} entries: ${counts()}; planned twice: ${twice.length}; without a reason: ${silent.length}`,
    );
    print(
      `${requests.length} requests, ${lists.length} for tags of ${new Set(lists).size} images; ${seconds} s`,
    );
  },
  newer() {
    const found = results.flatMap(({ bases }) => bases).filter(({ reference }) => reference === more);
    print([...new Set(found.flatMap(({ newer }) => newer ?? []))].join('\n'));
  },
  done() {
    printAll();
    const verified = results.filter(({ status, result }) => status === 'made' && result?.verified);
    print(
      `${results.length} entries: ${counts()}; new versions that are verified: ${verified.length}; ${seconds} s`,
    );
  },
  made() {
    print(results.flatMap(({ made, status }) => (status === 'made' ? [made] : [])).join('\n'));
  },
};

REPORTS[what]();

function counts() {
  const all = new Map();
  for (const { status } of results) all.set(status, (all.get(status) ?? 0) + 1);
  return [...all].map(([status, count]) => `${count} ${status}`).join(', ');
}

function printAll() {
  for (const { entry, status, made, code, reason } of results)
    print([entry, status, made ?? '', code ?? '', (reason ?? '').replaceAll(host, '')].join('\t'));
}

function print(text) {
  process.stdout.write(`${text}\n`);
}
