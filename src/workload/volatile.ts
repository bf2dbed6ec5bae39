/** Headers whose value is another from one answer or build to the next, RFC 9110 and 9111. */
const HEADERS = /^([\t\v\f ]*(?:date|last-modified|etag|age|expires):).*$/gim;

/** The head of an HTTP answer without the values that differ from one answer or build to the next. */
export function maskHeaders(text: string): string {
  return text.replace(HEADERS, '$1');
}

const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const CLOCK = String.raw`\d\d:\d\d:\d\d`;

/**
 * What shows a moment or a duration beyond doubt: date and clock together, in a form that programs print. A date
 * or a clock alone, or the seconds of an epoch, could be anything and stay. So does the zone behind a moment: a
 * slimmed app that has lost its zone shows another.
 */
const TIMES: readonly { readonly pattern: RegExp; readonly mask: string }[] = [
  // ISO 8601, RFC 3339: 2026-11-24T14:00:00.123Z, 2026-11-24 14:00:00,123
  { pattern: new RegExp(String.raw`\b\d{4}-\d\d-\d\d[T ]${CLOCK}(?:[.,]\d+)?`, 'g'), mask: '<date T time>' },
  // IMF-fixdate of RFC 9110: Tue, 24 Nov 2026 14:00:00 GMT
  { pattern: new RegExp(String.raw`\b${DAY}, \d\d ${MONTH} \d{4} ${CLOCK}`, 'g'), mask: '<day, date time>' },
  // the common log format: 24/Nov/2026:14:00:00 +0000
  { pattern: new RegExp(String.raw`\b\d\d/${MONTH}/\d{4}:${CLOCK}`, 'g'), mask: '<date:time>' },
  // asctime(3): Tue Nov 24 14:00:00 2026
  {
    pattern: new RegExp(String.raw`\b${DAY} ${MONTH} [ \d]\d ${CLOCK} \d{4}\b`, 'g'),
    mask: '<day date time>',
  },
  // how long a statement took, as mysql says it: (0.001 sec), (1 min 2.50 sec)
  { pattern: /\((?:\d+ hours? )?(?:\d+ min )?\d+\.\d+ sec\)/g, mask: '(<seconds> sec)' },
];

/** A text in which each moment and duration is replaced by the name of its form: to compare two runs of one app. */
export function maskTimes(text: string): string {
  return TIMES.reduce((masked, { pattern, mask }) => masked.replace(pattern, mask), text);
}
