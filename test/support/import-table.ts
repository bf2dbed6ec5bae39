/** What the files of a folder of src/ may import, beside each other and `shared`. */
export type Room = {
  /** Folders whose values and types it imports. */
  readonly values?: readonly string[];
  /** Folders of which it imports types alone. */
  readonly types?: readonly string[];
  /** Why, by folder, where an import surprises. */
  readonly because?: Readonly<Record<string, string>>;
};

/** Every room imports it. */
export const EVERYWHERE = 'shared';

/** Rooms of verbs: no verb imports another. `slim` is no such room: it slims a unit, which most verbs end with. */
export const VERBS: readonly string[] = ['check', 'new', 'pr', 'refresh', 'sweep'];

/**
 * The imports of src/ as they are: an import that is not in the table fails, and so does a row that no file needs. A new
 * import belongs here only where the reader of `docs/architecture.md` expects it; else write the reason under `because`.
 */
export const ROOMS: Readonly<Record<string, Room>> = {
  shared: {},

  // borders and guarded doors
  words: {},
  programs: {},
  store: {},
  'docker-config': {
    values: ['programs'],
    because: { programs: 'docker-credential-NAME prints logins' },
  },

  // formats: bytes and lines in, data out
  elf: {},
  strace: {},
  kraftfile: {
    values: ['store', 'words'],
    because: {
      store: 'finds the Kraftfiles of a directory, which only store opens',
      words: 'a scalar that is written shows foreign text',
    },
  },
  dockerfile: {
    values: ['kraftfile', 'store', 'words'],
    because: {
      kraftfile: 'the names that a Kraftfile may have, for the list of our files in a build context',
      store: 'reads the build context',
      words: 'messages name foreign files',
    },
  },
  config: { values: ['store'], because: { store: 'reads each kraft-slim.yaml from the entry up' } },

  // a catalog and its entries
  catalog: { values: ['kraftfile', 'store'] },
  entry: {
    values: ['catalog', 'dockerfile', 'kraftfile', 'store'],
    because: {
      dockerfile: 'the COPY lines of a Dockerfile in a sub-directory show what its build context is',
    },
  },

  // the outside
  git: {
    values: ['catalog', 'programs'],
    because: { catalog: 'git runs at the top of a catalog only' },
  },
  engine: {
    values: ['docker-config'],
    because: { 'docker-config': 'pulls and builds with the logins of the user' },
  },
  registry: {
    values: ['docker-config'],
    because: { 'docker-config': 'the same logins, mirrors and proxies as the Docker client; no engine' },
  },
  image: {
    values: ['dockerfile', 'engine', 'store', 'words'],
    types: ['config'],
    because: {
      dockerfile: 'packs a build context',
      engine: 'builds, and exports containers into spools',
      config: 'the section `build` of the settings',
      words: 'names that a tar cannot hold',
    },
  },

  // an app, started and probed
  workload: {
    values: ['elf', 'engine', 'entry', 'image'],
    types: ['config'],
    because: {
      elf: "the helper images hold the host's programs with their closure",
      entry: 'probes from the README',
      config: 'probes from the settings',
    },
  },

  // from a root file system to a Dockerfile
  analysis: {
    values: ['elf', 'image', 'strace', 'workload'],
    types: ['config', 'engine', 'entry'],
    because: {
      workload: 'the tracer lies in a helper image, which workload makes',
      engine: 'the tracer names the image that it starts in',
      config: 'rules read `assume` of the settings',
    },
  },
  plan: {
    values: ['dockerfile', 'image', 'words'],
    types: ['analysis'],
    because: {
      analysis: 'a plan is made of needs, and makes none',
      dockerfile: 'a layout reads which COPY a path came by',
      words: 'a layout refuses names with a message',
    },
  },
  search: {},
  render: {
    values: ['dockerfile', 'entry', 'image', 'kraftfile', 'plan', 'words', 'workload'],
    types: ['analysis'],
    because: {
      analysis: 'the paragraphs of a stage are grouped by reason',
      workload: 'output in a README differs in moments alone: the same mask as in the comparison',
      entry: 'finds the block of a README that shows output',
      image: 'the directories that the engine makes, and sizes',
    },
  },

  // a unit, slimmed or verified
  slim: {
    values: [
      'analysis',
      'catalog',
      'config',
      'dockerfile',
      'entry',
      'git',
      'image',
      'kraftfile',
      'plan',
      'render',
      'search',
      'store',
      'workload',
    ],
    types: ['engine', 'strace'],
    because: {
      engine: 'gets an engine from its caller, and connects to none',
      git: 'whether git holds what is overwritten',
    },
  },

  // verbs, and what two of them share
  making: {
    values: ['catalog', 'dockerfile', 'git', 'render', 'slim', 'store'],
    because: { git: 'copies what git lists, and no build output' },
  },
  check: {
    values: ['catalog', 'config', 'dockerfile', 'entry', 'kraftfile', 'store', 'words'],
  },
  sweep: {
    values: [
      'catalog',
      'config',
      'dockerfile',
      'entry',
      'image',
      'kraftfile',
      'slim',
      'store',
      'words',
      'workload',
    ],
    types: ['engine'],
    because: {
      image: 'a pack for a worker is a tar',
      dockerfile: 'a pack holds the build context',
      kraftfile: 'skips a directory whose Kraftfiles share no name',
      workload: 'apps of all entries share the networks of the engine',
    },
  },
  refresh: {
    values: [
      'catalog',
      'config',
      'dockerfile',
      'entry',
      'image',
      'making',
      'registry',
      'slim',
      'store',
      'workload',
    ],
    types: ['engine'],
    because: {
      image: 'builds the full root file system for its list of packages',
      workload: 'reads the list of packages from a container',
    },
  },
  new: {
    values: [
      'analysis',
      'catalog',
      'entry',
      'making',
      'registry',
      'render',
      'slim',
      'store',
      'words',
      'workload',
    ],
    types: ['engine'],
    because: {
      analysis: 'finds the program of an image as a launch does',
      workload: 'starts the app once, for the README of the new entry',
    },
  },
  migrate: {
    values: ['catalog', 'entry', 'kraftfile', 'slim', 'store'],
    because: { entry: 'reads the lines and the code blocks of a README', slim: 'writes as all verbs do' },
  },
  pr: {
    values: ['catalog', 'config', 'entry', 'git', 'programs', 'render', 'slim', 'store', 'words'],
    because: {
      config: 'the group of an entry, whose entries share a branch',
      programs: 'hands the proposal to gh',
    },
  },

  // the only room that knows all verbs, flags, the terminal and exit codes
  cli: {
    values: [
      'catalog',
      'check',
      'engine',
      'git',
      'making',
      'migrate',
      'pr',
      'refresh',
      'registry',
      'render',
      'new',
      'slim',
      'store',
      'sweep',
      'words',
      'workload',
    ],
    types: ['entry'],
    because: {
      engine: 'the only room that connects to the engine',
      git: '`--changed-since`',
      registry: 'connects to registries for refresh and new',
      render: 'the template of `--print-workflow`',
      workload: 'one pool of networks for all entries of a command',
    },
  },
};

/**
 * The steps of slim, from the lowest to the highest, and the steps that each imports. What all of them use lies beside
 * them: the task, the tools, the reporter, the texts of a unit.
 */
export const STEPS: Readonly<Record<string, readonly string[]>> = {
  baseline: [],
  find: ['baseline'],
  plan: ['baseline', 'find'],
  render: ['baseline', 'plan'],
  finish: ['baseline', 'plan', 'render'],
  state: [],
  search: ['baseline', 'find', 'finish', 'plan', 'state'],
  verify: ['baseline', 'find', 'finish'],
  write: ['state'],
};
