// Simulates a sweep over a queue: node bench/scale.mjs [entries] [workers] [concurrency]
// Seeded: the same figures on every machine. docs/scale.md says what it stands for.

const [ENTRIES = 10_000, WORKERS = 100, CONCURRENCY = 2] = process.argv.slice(2).map(Number);

const say = (line) => process.stdout.write(`${line}\n`);

/** Of a library entry's dependents, as in Unikraft's catalog: 20 of 194 entries are deltas. */
const DELTAS = 20 / 194;
const LIBRARIES = Math.ceil(ENTRIES / 25);
/** Seconds of one entry, log-normal: half take less than 30, one in a hundred more than 6 minutes. */
const MEDIAN_S = 30;
const SIGMA = 1.07;
/** What the sweeping side takes for one entry: reading, hashing, packing, sending; and for one result. */
const SEND_S = 0.012;
const APPLY_S = 0.025;
/** A worker is killed once in so many hours, and its entries are taken over after lock and check. */
const HOURS_BETWEEN_KILLS = 24;
const TAKEOVER_S = 40;
/** Bytes of an entry on the server: packed files, job, state; and of a result. */
const JOB_BYTES = 60_000;

function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function workload(next) {
  const normal = () => Math.sqrt(-2 * Math.log(next() || 1e-12)) * Math.cos(2 * Math.PI * next());
  // the first of them are the library entries that deltas lie over
  return Array.from({ length: ENTRIES }, (_, at) => {
    const isDelta = at >= LIBRARIES && next() < DELTAS;
    const before = isDelta ? Math.floor(next() * LIBRARIES) : null;
    return { seconds: MEDIAN_S * Math.exp(SIGMA * normal()), before };
  });
}

/** A heap of events by their time. */
function createHeap() {
  const items = [];
  const swap = (a, b) => {
    [items[a], items[b]] = [items[b], items[a]];
  };
  return {
    get size() {
      return items.length;
    },
    push(item) {
      items.push(item);
      for (let at = items.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (items[parent].time <= items[at].time) break;
        swap(parent, at);
        at = parent;
      }
    },
    pop() {
      const first = items[0];
      const last = items.pop();
      if (items.length > 0) {
        items[0] = last;
        for (let at = 0; ; ) {
          const [left, right] = [2 * at + 1, 2 * at + 2];
          let least = at;
          if (left < items.length && items[left].time < items[least].time) least = left;
          if (right < items.length && items[right].time < items[least].time) least = right;
          if (least === at) break;
          swap(least, at);
          at = least;
        }
      }
      return first;
    },
  };
}

function simulate(window, { longestFirst }) {
  const next = random(1);
  const entries = workload(next);
  const slots = WORKERS * CONCURRENCY;
  const events = createHeap();
  const waiting = [];
  const blocked = new Map();
  const done = new Set();
  const ready = [];
  for (const [at, { before }] of entries.entries()) {
    if (before === null) ready.push(at);
    else blocked.set(before, [...(blocked.get(before) ?? []), at]);
  }
  const longest = (a, b) => entries[b].seconds - entries[a].seconds;
  // as workOrder of src/sweep/select.ts: what others wait for first
  if (longestFirst) ready.sort((a, b) => blocked.has(b) - blocked.has(a) || longest(a, b));
  let [free, sent, busyUntil, kills, peak, idle, last] = [slots, 0, 0, 0, 0, 0, 0];
  let cursor = 0;
  const sendMore = (time) => {
    while (sent < window && cursor < ready.length) {
      busyUntil = Math.max(busyUntil, time) + SEND_S;
      events.push({ time: busyUntil, kind: 'queued', at: ready[cursor++] });
      sent += 1;
    }
    peak = Math.max(peak, sent);
  };
  const begin = (time) => {
    while (free > 0 && waiting.length > 0) {
      const at = waiting.shift();
      free -= 1;
      const { seconds } = entries[at];
      const isKilled = next() < seconds / 3600 / HOURS_BETWEEN_KILLS;
      if (isKilled) kills += 1;
      const own = isKilled ? next() * seconds + TAKEOVER_S : seconds;
      events.push({ time: time + own, kind: isKilled ? 'lost' : 'worked', at });
    }
  };
  sendMore(0);
  while (events.size > 0) {
    const { time, kind, at } = events.pop();
    idle += free * (time - last);
    last = time;
    if (kind === 'queued') waiting.push(at);
    else if (kind === 'lost') {
      free += 1;
      waiting.unshift(at);
    } else if (kind === 'worked') {
      free += 1;
      busyUntil = Math.max(busyUntil, time) + APPLY_S;
      events.push({ time: busyUntil, kind: 'applied', at });
    } else {
      done.add(at);
      sent -= 1;
      ready.push(...(blocked.get(at) ?? []).sort(longest));
      sendMore(time);
    }
    begin(time);
  }
  if (done.size !== ENTRIES) throw new Error(`only ${done.size} of ${ENTRIES} entries were done`);
  const work = entries.reduce((sum, { seconds }) => sum + seconds, 0);
  return {
    minutes: last / 60,
    best: work / slots / 60,
    kills,
    idle: idle / (slots * last),
    megabytes: (peak * JOB_BYTES) / 1e6,
  };
}

say(`${ENTRIES} entries, ${WORKERS} workers of ${CONCURRENCY}\n`);
say('| order | under way | minutes | best possible | slots idle | workers killed | in Redis |');
say('|-|-:|-:|-:|-:|-:|-:|');
const windows = [0.5, 1, 1.28, 2, 10].map((times) => Math.round(times * WORKERS * CONCURRENCY));
const cases = [...windows.map((window) => [window, true]), [windows[2], false]];
for (const [window, longestFirst] of cases) {
  const { minutes, best, kills, idle, megabytes } = simulate(window, { longestFirst });
  say(
    `| ${longestFirst ? 'longest first' : 'by name'} | ${window} | ${minutes.toFixed(1)} | ${best.toFixed(1)} | ${(100 * idle).toFixed(1)} % | ${kills} | ${megabytes.toFixed(0)} MB |`,
  );
}
