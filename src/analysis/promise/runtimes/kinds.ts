import { erlang } from './erlang.ts';
import { java } from './java.ts';
import { lua } from './lua.ts';
import { node } from './node.ts';
import { perl } from './perl.ts';
import { php } from './php.ts';
import { python } from './python.ts';
import { r } from './r.ts';
import { ruby } from './ruby.ts';
import type { RuntimeKind } from './runtime.ts';
import { tcl } from './tcl.ts';

/** All interpreters whose libraries are known. */
export const KINDS: readonly RuntimeKind[] = [python, perl, ruby, php, node, java, lua, tcl, r, erlang];
