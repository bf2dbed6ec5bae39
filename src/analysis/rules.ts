import type { Rule } from './rule.ts';
import { argumentFiles } from './rules/argument-files.ts';
import { caCertificates } from './rules/ca-certificates.ts';
import { cpython } from './rules/cpython.ts';
import { dlopenNotes } from './rules/dlopen-notes.ts';
import { gconv } from './rules/gconv.ts';
import { jvm } from './rules/jvm.ts';
import { libgcc } from './rules/libgcc.ts';
import { locales } from './rules/locales.ts';
import { node } from './rules/node.ts';
import { nss } from './rules/nss.ts';
import { perl } from './rules/perl.ts';
import { php } from './rules/php.ts';
import { ruby } from './rules/ruby.ts';
import { timeZones } from './rules/time-zones.ts';
import { users } from './rules/users.ts';

/** Every rule; the order is that of the needs. */
export const RULES: readonly Rule[] = [
  argumentFiles,
  dlopenNotes,
  nss,
  libgcc,
  gconv,
  caCertificates,
  timeZones,
  locales,
  users,
  cpython,
  perl,
  ruby,
  php,
  jvm,
  node,
];
