// A registry on loopback for a whole catalog: registry.mjs TAGS STORE LOG PORT_FILE
// It lists the tags of the file TAGS. A docker-registry at the address STORE answers for the images that it holds; of
// every other listed tag there is a manifest alone, so that it resolves and no engine can pull it. LOG gets a line for
// each request.
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';

const [tagsFile, store, log, portFile] = process.argv.slice(2);
const tags = readTags(readFileSync(tagsFile, 'utf8'));
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

createServer((asked, answer) => {
  appendFileSync(log, `${asked.method} ${asked.url}\n`);
  const [, name, what, reference = ''] = /^\/v2\/(.+)\/(tags|manifests|blobs)\/([^?]*)/.exec(asked.url) ?? [];
  const known = tags.get(name);
  if (what === 'tags' && known !== undefined) return send(answer, { name, tags: [...known] });
  if (what !== 'manifests') return forward(asked, answer, () => refuse(answer, what));
  return forward(asked, answer, () => {
    if (!known?.has(reference)) return refuse(answer, what);
    const layer = {
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      digest: digestOf(`${name} layer`),
      size: 1,
    };
    const config = {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: digestOf(`${name}:${reference}`),
      size: 1,
    };
    return send(answer, { schemaVersion: 2, mediaType: MANIFEST, config, layers: [layer] }, MANIFEST);
  });
}).listen(0, '127.0.0.1', function listening() {
  writeFileSync(portFile, String(this.address().port));
});

/** `-` is no word, `v` stands before the version, and `=` takes the tags as they are. */
function readTags(text) {
  const found = new Map();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [image, words, versions] = line.split('\t');
    const name = image.includes('/') ? image : `library/${image}`;
    // an image of another registry keeps its path alone, and an official one may go without library/
    const names = [name.replace(/^[^/]*\.[^/]*\//, ''), image];
    const all = versions
      .split(' ')
      .flatMap((version) => words.split(' ').flatMap((word) => formsOf(version, word)));
    for (const each of names) found.set(each, new Set([...(found.get(each) ?? ['latest']), ...all]));
  }
  return found;
}

function formsOf(version, word) {
  if (word === '=') return [version];
  if (word === 'v') return [`v${version}`];
  const parts = version.split('.');
  const isRelease = /^[\d.]+$/.test(version);
  const forms = isRelease ? parts.map((_, at) => parts.slice(0, at + 1).join('.')) : [version];
  return forms.map((form) => `${form}${word === '-' ? '' : word}`);
}

/** Sends a request on to the docker-registry; what that does not know goes to `otherwise`. */
function forward(asked, answer, otherwise) {
  const { method, url, headers } = asked;
  const onward = request(`${store}${url}`, { method, headers }, (reply) => {
    if (reply.statusCode === 404 && method !== 'POST') {
      reply.resume();
      return otherwise();
    }
    answer.writeHead(reply.statusCode, reply.headers);
    return reply.pipe(answer);
  });
  onward.on('error', otherwise);
  asked.pipe(onward);
}

function send(answer, value, type = 'application/json') {
  const body = JSON.stringify(value);
  answer.writeHead(200, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'docker-content-digest': digestOf(body),
  });
  answer.end(body);
}

/** What a registry says of a thing that it does not have: the distribution specification's error codes. */
function refuse(answer, what) {
  const code =
    { tags: 'NAME_UNKNOWN', manifests: 'MANIFEST_UNKNOWN', blobs: 'BLOB_UNKNOWN' }[what] ?? 'UNSUPPORTED';
  answer.writeHead(404, { 'content-type': 'application/json' });
  answer.end(JSON.stringify({ errors: [{ code, message: 'unknown to this registry' }] }));
}

function digestOf(text) {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
