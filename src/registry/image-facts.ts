import { asMap, asText, parseOrNull } from '../shared/json-value.ts';
import { type Digest, isDigest } from './image-reference.ts';

/** What the configuration of an image says; null for what is missing, or has another form. */
export type ImageFacts = {
  /** When it was built. */
  readonly created: Date | null;
  /** Where its sources are, an http address. */
  readonly source: string | null;
  /** The revision of the sources: a commit or a tag. */
  readonly revision: string | null;
};

/** The keys of image-spec, annotations.md; labels of an image's configuration have the same. */
const PREFIX = 'org.opencontainers.image.';

/** No image is older than Docker. */
const EARLIEST_MS = Date.parse('2013-03-01T00:00:00Z');

const ADDRESS = /^https?:\/\/[\w.:/~#?&=%+@-]{1,300}$/;
const REVISION = /^[\w./+-]{1,100}$/;

/** The digest of the configuration that a manifest names; null where it names none. */
export function configOf(manifest: Uint8Array): Digest | null {
  const digest = asText(asMap(mapOf(manifest).config).digest);
  return isDigest(digest) ? digest : null;
}

/** Reads an image's configuration, and the annotations of its manifest where that lacks labels. */
export function factsOf(manifest: Uint8Array, config: Uint8Array): ImageFacts {
  const { created, config: settings } = mapOf(config);
  const labels = { ...asMap(mapOf(manifest).annotations), ...asMap(asMap(settings).Labels) };
  const label = (name: string, form: RegExp) => {
    const text = asText(labels[`${PREFIX}${name}`]);
    return form.test(text) ? text : null;
  };
  const time = new Date(asText(created));
  return {
    // a reproducible build writes the beginning of some era
    created: time.getTime() > EARLIEST_MS ? time : null,
    source: label('source', ADDRESS),
    revision: label('revision', REVISION),
  };
}

function mapOf(bytes: Uint8Array) {
  return asMap(parseOrNull(Buffer.from(bytes).toString('utf8')));
}
