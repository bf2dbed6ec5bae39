import { mars, neptune } from './moons.cjs';

const names = [...mars, ...neptune];

/** The moons in the order of the alphabet, as one line of text. */
export function moons() {
  const list = new Intl.ListFormat('en', { type: 'conjunction' });

  return list.format(names.sort(new Intl.Collator('en').compare));
}
