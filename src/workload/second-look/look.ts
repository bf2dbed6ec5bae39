import type { PassingConnection } from '../connection-line.ts';
import type { Answer, ClientProbe, HttpProbe, OutputProbe, TcpProbe } from '../probe.ts';

/** One case of the second look: an ordinary use that no README shows. Its answer is the probe's. */
export type Look = {
  /** One short line for people, unlike those of all other cases of a list: `HEAD / on port 80`. */
  readonly title: string;
  /** What happens before the question; null for nothing. */
  readonly before: PassingConnection | null;
  readonly probe: HttpProbe | TcpProbe | ClientProbe | OutputProbe;
};

/** A case with the answer to it; plain data. */
export type Looked = { readonly look: Look; readonly answer: Answer };

/** The most cases of one kind of app. */
export const MAX_LOOKS = 16;

/** How long an app may take for one case. */
export const LOOK_MS = 2000;
