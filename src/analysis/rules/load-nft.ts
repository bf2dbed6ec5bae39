import Module, { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { STAND_INS } from './nft-stand-ins.ts';

export type Nft = typeof import('@vercel/nft');

type Load = (request: string, parent: { readonly filename?: string } | undefined, isMain: boolean) => unknown;

/** Modules of Node's and of nft's dependencies that look at no file. */
const PURE = [
  '@rollup/pluginutils',
  'acorn',
  'acorn-import-attributes',
  'async-sema',
  'estree-walker',
  'module',
  'os',
  'path',
  'picomatch',
  'url',
];

let loaded: Nft | undefined;

/**
 * nft, loaded when it is first asked for, with stand-ins for the modules by which it would look at the host. It has
 * to be this way since an application can make it load and run code: `require('node-gyp-build')('/a/path')` runs
 * node-gyp-build of that path of the host.
 * @throws Error where a release of nft asks for a module that is not known here: look at what it does with it first.
 */
export function loadNft(): Nft {
  if (loaded !== undefined) return loaded;
  const load = createRequire(import.meta.url);
  const home = dirname(load.resolve('@vercel/nft')) + sep;
  const loader = Module as unknown as { _load: Load };
  const original = loader._load;
  loader._load = (request, parent, isMain) => {
    if (!parent?.filename?.startsWith(home)) return original(request, parent, isMain);
    const standIn = STAND_INS.get(request);
    if (standIn !== undefined) return standIn;
    if (request.startsWith('.') || PURE.includes(request)) return original(request, parent, isMain);
    throw new Error(`cannot load @vercel/nft: it asks for ${request}, which may look at the host`);
  };
  try {
    loaded = load('@vercel/nft') as Nft;
  } finally {
    loader._load = original;
  }
  return loaded;
}
