import { copyWords } from '../../../src/render/copy-words.ts';
import { ODD_NAMES } from './source.ts';
import type { Tree } from './tree.ts';

/** A builder of the running engine; `old`: an engine before 23.0. */
export type Builder = { readonly kind: 'classic' | 'BuildKit'; readonly old: boolean };

/** What COPY makes of one kind of source. */
export type Row = {
  /** What is claimed of it. */
  readonly claim: string;
  /** The words after `COPY --from=IMAGE`, one line each; `OUT` is the row's own directory. */
  readonly copies: readonly string[];
  /** What is in that directory then; null where the row is not asked of this builder. */
  readonly arrives: (builder: Builder) => Tree | null;
};

const DIRECTORY = 'directory 755 0:0';

const always = (tree: Tree) => () => tree;

/** Rows that need no separate build. */
export const ROWS: readonly Row[] = [
  {
    claim: 'a symbolic link that is named arrives as the file that it leads to',
    copies: ['/s/links/to-file OUT/link', '/s/glob/li* OUT/by-glob/'],
    arrives: always({
      '/link': 'file 644 0:0 file',
      '/by-glob': DIRECTORY,
      '/by-glob/link': 'file 644 0:0 file',
    }),
  },
  {
    claim: 'of a link to a directory that is named, what is in the directory arrives',
    copies: ['/s/links/to-directory OUT/directory'],
    arrives: always({ '/directory': DIRECTORY, '/directory/below': 'file 644 0:0 below' }),
  },
  {
    claim: 'links inside a directory that is copied stay links, dangling ones too',
    copies: ['/s/links/ OUT/links/'],
    arrives: always({
      '/links': DIRECTORY,
      '/links/file': 'file 644 0:0 file',
      '/links/real': DIRECTORY,
      '/links/real/below': 'file 644 0:0 below',
      '/links/to-file': 'symlink file',
      '/links/to-directory': 'symlink real',
      '/links/dangling': 'symlink nowhere',
    }),
  },
  {
    claim: 'a path through a link to a directory is followed, in a source and in a destination',
    copies: [
      '/s/links/to-directory/below OUT/below',
      '/s/links/ OUT/links/',
      '/s/links/file OUT/links/to-directory/file',
    ],
    arrives: always({
      '/below': 'file 644 0:0 below',
      '/links': DIRECTORY,
      '/links/file': 'file 644 0:0 file',
      '/links/real': DIRECTORY,
      '/links/real/below': 'file 644 0:0 below',
      '/links/real/file': 'file 644 0:0 file',
      '/links/to-file': 'symlink file',
      '/links/to-directory': 'symlink real',
      '/links/dangling': 'symlink nowhere',
    }),
  },
  {
    claim: 'a directory that is named, and those made on the way to it, get mode 755 and owner 0',
    copies: ['/s/modes/ OUT/on/the/way/'],
    arrives: always({
      '/on': DIRECTORY,
      '/on/the': DIRECTORY,
      '/on/the/way': DIRECTORY,
      '/on/the/way/below': 'directory 3750 5:7 old',
      '/on/the/way/below/sgid': 'file 2755 5:7 old set',
      '/on/the/way/su': 'file 4750 5:7 old su',
    }),
  },
  {
    claim: 'directories below keep mode, owner, setgid, sticky and times',
    copies: ['/s/within/ OUT/'],
    arrives: always({
      '/modes': 'directory 3770 5:7 old',
      '/modes/below': 'directory 3750 5:7 old',
      '/modes/below/sgid': 'file 2755 5:7 old set',
      '/modes/su': 'file 4750 5:7 old su',
    }),
  },
  {
    claim: 'a file keeps mode, owner, times and setuid',
    copies: ['/s/modes/su OUT/su'],
    arrives: always({ '/su': 'file 4750 5:7 old su' }),
  },
  {
    claim: 'with --chown a file keeps setuid by BuildKit and loses it by the classic builder',
    copies: ['--chown=1:2 /s/modes/su OUT/su'],
    arrives: ({ kind }) => ({ '/su': `file ${kind === 'classic' ? '750' : '4750'} 1:2 old su` }),
  },
  {
    claim: 'hard links stay such inside one directory that is copied',
    copies: ['/s/twins/ OUT/twins/'],
    arrives: always({
      '/twins': DIRECTORY,
      '/twins/a': 'file 644 0:0 twin',
      '/twins/b': 'link /twins/a',
    }),
  },
  {
    claim: 'hard links that are named apart become copies',
    copies: ['/s/twins/a OUT/apart/a', '/s/twins/b OUT/apart/b', '/s/twins/a /s/twins/b OUT/together/'],
    arrives: always({
      '/apart': DIRECTORY,
      '/apart/a': 'file 644 0:0 twin',
      '/apart/b': 'file 644 0:0 twin',
      '/together': DIRECTORY,
      '/together/a': 'file 644 0:0 twin',
      '/together/b': 'file 644 0:0 twin',
    }),
  },
  {
    claim: 'a FIFO is dropped by BuildKit of old engines and kept by that of newer ones',
    // never with the classic builder: Engine 20.10 opens the FIFO and waits for its other end, and so does the daemon
    copies: ['/s/fifo/ OUT/fifo/'],
    arrives: ({ kind, old }) =>
      kind === 'classic'
        ? null
        : {
            '/fifo': DIRECTORY,
            '/fifo/beside': 'file 644 0:0 beside',
            ...(old ? {} : { '/fifo/fifo': 'fifo 644 0:0' }),
          },
  },
  {
    claim: 'a device becomes an empty file by BuildKit of old engines, and is kept by all others',
    copies: ['/s/device/ OUT/device/'],
    arrives: ({ kind, old }) => ({
      '/device': DIRECTORY,
      '/device/beside': 'file 644 0:0 beside',
      '/device/null': kind === 'BuildKit' && old ? 'file 644 0:0 ' : 'character-device 644 0:0',
    }),
  },
  {
    claim: 'of a name with a bracket that is not escaped, BuildKit copies nothing and says nothing',
    // the classic builder fails, in a separate build
    copies: ['/s/bracket/a[b] OUT/'],
    arrives: ({ kind }) => (kind === 'classic' ? null : {}),
  },
  {
    claim: 'a name with a variable that is not escaped copies the whole directory above it',
    copies: ['/s/dollar/$X OUT/'],
    arrives: always({ '/beside': 'file 644 0:0 beside', '/$X': 'file 644 0:0 x' }),
  },
  {
    claim: 'odd names arrive when they are escaped',
    copies: ODD_NAMES.map((name) => copyWords([`/s/odd/${name}`], `OUT/${name}`, '\\').join(' ')),
    arrives: always(Object.fromEntries(ODD_NAMES.map((name) => [`/${name}`, `file 644 0:0 ${name}`]))),
  },
];
