import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Config } from '../config/config-schema.ts';
import { type ContextEntry, readBuildContext } from '../dockerfile/build-context.ts';
import { BuildError, type BuildRequest, type Engine, type ImageId } from '../engine/engine.ts';
import { messageOf, UserError } from '../shared/failure.ts';
import { contentPieces } from '../store/read.ts';
import { readBuildSecrets, withoutSecretFiles } from './build-secrets.ts';
import { packItems, type TarItem } from './pack-tar.ts';

export type BuildOptions = {
  /** Directory of the build context on the host. */
  readonly directory: string;
  /** Host path of the catalog, see `readBuildContext`. */
  readonly root?: string;
  /** The Dockerfile's path from there; it may lie outside. */
  readonly dockerfile: string;
  /** What the Dockerfile says; on disk it may say something else. */
  readonly text: string;
  /**
   * Files of the context with another text than on disk, or that are not there yet: texts by their paths in the
   * context.
   */
  readonly files?: ReadonlyMap<string, string>;
  readonly target?: string;
  readonly settings: Config['build'];
  readonly signal?: AbortSignal;
  readonly onLog?: (line: string) => void;
  readonly onWarning: (code: 'build-host-network' | 'syntax-line-ignored', message: string) => void;
};

/** What a step prints when its network leads nowhere: libc's resolver, apt, curl, wget, npm, pip and Go. */
const UNREACHABLE =
  /Temporary failure (in name resolution|resolving)|Could not resolve|bad address|ENETUNREACH|EAI_AGAIN|ENOTFOUND|Network is unreachable|no route to host|Connection timed out|Unable to connect to|dial tcp/i;

const UNREACHABLE_HINT =
  "the network of the build cannot reach it, and build.network: default or --untrusted forbids the host's network";

/**
 * What BuildKit 20.10 says at random of COPY lines with many sources, under load: the same build passes the next
 * time.
 */
const RANDOM_FAULT = /flightcontrol: exceeded retry timeout/;
const MAX_RETRIES = 4;

/** What BuildKit says of a secret that is `required` and not there; newer ones have a colon after the id. */
const SECRET_MISSING = /\bsecret (\S+?):? not found/;

/** The name in the context of a Dockerfile that lies outside of it. */
const OUTSIDE_NAME = '.kraft-slim-dockerfile';

/** The one architecture that is written into entries, as engines call x86_64. */
const ARCHITECTURE = 'amd64';

/** The steps by which BuildKit fetches the frontend that a `# syntax=` line names; a FROM has others. */
const FRONTEND_STEP = /^(resolve image config for |docker-image:\/\/)/;
const SYNTAX_LINE = /^#\s*syntax\s*=.*\n/im;

/**
 * Builds a Dockerfile over a context of the host. A step that cannot reach out is tried once more on the host's
 * network, one that fails at random as it was, and a `# syntax` line whose frontend is not available is left out,
 * each with a warning. An engine of another architecture builds for x86_64 where the settings name no platform.
 * @throws UserError `build-failed` with the failing step and its last lines, or for an image of another architecture,
 * `config-invalid` where a secret that is set cannot be read.
 */
export async function buildImage(engine: Engine, options: BuildOptions): Promise<ImageId> {
  const { directory, settings } = options;
  const secrets = await readBuildSecrets(settings.secrets);
  const { files = new Map<string, string>() } = options;
  const context = await readBuildContext({
    directory,
    ...(options.root === undefined ? {} : { root: options.root }),
    dockerfile: join(directory, options.dockerfile),
    texts: new Map([...files].map(([path, text]) => [join(directory, path), text])),
  });
  const dockerfile = context.dockerfile ?? OUTSIDE_NAME;
  const entries = await withoutSecretFiles(context.entries, { directory, secrets: settings.secrets });
  const hidden = new Set(entries.filter(({ ignored }) => ignored).map(({ path }) => path));
  let { text } = options;
  let network: 'default' | 'host' = settings.network === 'host' ? 'host' : 'default';
  for (let retries = 0; ; ) {
    try {
      const texts = new Map([...files].filter(([path]) => !hidden.has(path))).set(dockerfile, text);
      const id = await buildOnce(engine, { ...options, dockerfile }, { entries, texts, network, secrets });
      await insistOnArchitecture(engine, id);
      return id;
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      if (RANDOM_FAULT.test(error.message) && retries < MAX_RETRIES) retries += 1;
      else if (SYNTAX_LINE.test(text) && FRONTEND_STEP.test(error.step ?? '')) {
        options.onWarning(
          'syntax-line-ignored',
          'the frontend of the # syntax line is not available: built without it',
        );
        text = text.replace(SYNTAX_LINE, '#\n');
      } else if (network === 'default' && settings.network === undefined && cannotReachOut(error)) {
        options.onWarning(
          'build-host-network',
          `${error.step} cannot reach out: built on the host's network`,
        );
        network = 'host';
      } else throw explain(error);
    }
  }
}

/**
 * Requires that an image can be written into an entry; an image that cannot is removed.
 * @throws UserError `build-failed`.
 */
async function insistOnArchitecture(engine: Engine, id: ImageId): Promise<void> {
  const { architecture = '' } = (await engine.inspectImage(id)) ?? {};
  if (architecture === '' || architecture === ARCHITECTURE) return;
  await engine.removeImage(id);
  throw new UserError(
    'build-failed',
    `cannot use an image for ${architecture}: only x86_64 is written into entries`,
    { hint: 'set build.platform: linux/amd64 in kraft-slim.yaml' },
  );
}

async function buildOnce(
  engine: Engine,
  { target, settings, signal, onLog, dockerfile }: BuildOptions,
  {
    entries,
    texts,
    network,
    secrets,
  }: Required<Pick<BuildRequest, 'network' | 'secrets'>> & {
    entries: readonly ContextEntry[];
    texts: ReadonlyMap<string, string>;
  },
): Promise<ImageId> {
  const elsewhere = engine.architecture === ARCHITECTURE ? undefined : `linux/${ARCHITECTURE}`;
  const platform = settings.platform ?? elsewhere;
  const unreadable: UserError[] = [];
  const request: BuildRequest = {
    context: () => packContext(entries, { texts, onUnreadable: (why) => unreadable.push(why) }),
    dockerfile,
    buildArgs: settings.args,
    network,
    secrets,
    ...(target === undefined ? {} : { target }),
    ...(platform === undefined ? {} : { platform }),
    ...(signal === undefined ? {} : { signal }),
    ...(onLog === undefined ? {} : { onLog }),
  };
  try {
    return await engine.build(request);
  } catch (error) {
    // where a context ends too early, the engine's message does not name the file
    throw unreadable[0] ?? error;
  }
}

/**
 * The context as a tar, `texts` in place of what is on disk at their paths. What its ignore file hides is not in it,
 * since BuildKit applies no ignore file to a context that comes over the API; only a hidden Dockerfile cannot be kept
 * from it.
 */
function packContext(
  entries: readonly ContextEntry[],
  { texts, onUnreadable }: { texts: ReadonlyMap<string, string>; onUnreadable: (why: UserError) => void },
): Readable {
  const written = [...texts].map(([name, text]): TarItem => {
    const content = Buffer.from(text);
    return { name, mode: 0o644, size: content.length, content };
  });
  const others = entries.filter(({ path, ignored }) => !texts.has(path) && !ignored);
  return packItems([...written, ...others.map((entry) => itemOf(entry, onUnreadable))]);
}

function itemOf(
  { path, type, mode, mtime, size, linkTarget, hostPath }: ContextEntry,
  onUnreadable: (why: UserError) => void,
): TarItem {
  const header = { name: path, mode, mtime: new Date(mtime * 1000), type };
  if (type === 'symlink') return { ...header, linkname: linkTarget ?? '' };
  return type === 'file' ? { ...header, size, content: () => contentOf(hostPath, onUnreadable) } : header;
}

async function* contentOf(
  hostPath: string,
  onUnreadable: (why: UserError) => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* contentPieces(hostPath, { root: dirname(hostPath) });
  } catch (error) {
    const message = `cannot read ${hostPath} of the build context: ${messageOf(error)}`;
    onUnreadable(new UserError('build-failed', message, { cause: error }));
    throw error;
  }
}

function cannotReachOut({ step, lastLines }: BuildError): boolean {
  return step !== null && /\bRUN\b/.test(step) && lastLines.some((line) => UNREACHABLE.test(line));
}

function explain(error: BuildError): UserError {
  const what = error.step === null ? 'the Dockerfile' : error.step;
  const [, secret] = SECRET_MISSING.exec(error.message) ?? [];
  return new UserError('build-failed', `cannot build ${what}: ${error.message}`, {
    detail: error.lastLines.join('\n'),
    ...(secret === undefined
      ? cannotReachOut(error)
        ? { hint: UNREACHABLE_HINT }
        : {}
      : { hint: `set the secret ${secret} by build.secrets in kraft-slim.yaml` }),
    cause: error,
  });
}
