import { UserError } from '../../../src/shared/failure.ts';
import { answers, kraftfileOf, prints, type Story } from '../story.ts';

const block = (name: string, inside = '') =>
  `<!-- kraft-slim:begin ${name} -->\n${inside}<!-- kraft-slim:end -->\n`;

/** An old Kraftfile, and what the upgrade makes of it. */
const upgraded = (
  title: string,
  old: string,
  parts: string,
  warnings: Story['ends']['warnings'] = [],
): Story => ({
  title,
  files: { Kraftfile: null, 'kraft.yaml': old },
  options: { upgrade: true },
  ends: { status: 'slimmed', written: ['Kraftfile', 'Dockerfile'], files: { Kraftfile: parts }, warnings },
});

const SERVER = { cmd: ['/bin/server'], readme: answers('<h1>Hello</h1>') } as const;

/** What is written beside the Dockerfile, and what is not overwritten. */
export const WRITTEN: readonly Story[] = [
  upgraded(
    'an old Kraftfile with comments keeps them',
    '# the license\n\nspecification: v0.6 # of the year\nruntime: base:latest\n# where it is\nrootfs: ./Dockerfile\nenv:\n- A=1\n  # one more\n- B=2\ncmd: /bin/app\nx-team:\n  name: us\n# the end\n',
    '# the license\nspec: v0.6 # of the year\n\nx-team:\n  name: us\n\nruntime: base:latest\n\n# where it is\nrootfs: ./Dockerfile\n\ncmd: ["/bin/app"]\n\nenv:\n- A=1\n  # one more\n- B=2\n\n# the end\n',
    ['kraftfile-cmd-text'],
  ),
  upgraded(
    'an old Kraftfile that is one map in braces is written again',
    '{spec: v0.6, runtime: "base:latest", rootfs: ./Dockerfile, cmd: ["/bin/app"], env: {A: "1", B: "2"}, labels: {}}\n',
    'spec: v0.6\n\nruntime: base:latest\n\nrootfs: ./Dockerfile\n\ncmd: ["/bin/app"]\n\nenv:\n',
  ),
  upgraded(
    'an old Kraftfile with anchors is written again',
    'x-all: &all\n  env:\n    A: "1"\n    M: 5\nspec: v0.6 # the spec\n# where\nrootfs: ./Dockerfile\nruntime: base:latest\n<<: *all\ncmd: ["/bin/app"]\n',
    'cmd: ["/bin/app"]\n\nenv:\n',
  ),
  upgraded(
    'an old Kraftfile that is indented, behind the mark of a document',
    '%YAML 1.1\n---\n  spec: v0.6\n  runtime: base:latest\n  # where\n  rootfs: ./Dockerfile\n  cmd:\n  # the program\n  - /bin/app\n',
    'spec: v0.6\n\nruntime: base:latest\n\n# where\nrootfs: ./Dockerfile\n\ncmd:\n# the program\n- /bin/app\n',
  ),
  {
    title: 'an entry that is as it was gets its old Kraftfile upgraded',
    files: { Kraftfile: null, 'kraft.yaml': kraftfileOf(['/bin/app']) },
    ends: { status: 'slimmed', written: ['Dockerfile'] },
    next: [
      {
        options: { upgrade: true },
        ends: { status: 'slimmed', written: ['Kraftfile'], result: { removed: ['kraft.yaml'] } },
      },
      { ends: { status: 'unchanged' } },
    ],
  },
  {
    title: 'a dry run of an upgrade writes nothing',
    files: { Kraftfile: null, 'kraft.yaml': kraftfileOf(['/bin/app']) },
    ends: { status: 'slimmed' },
    next: [
      {
        options: { upgrade: true, dryRun: true },
        ends: { status: 'slimmed', result: { removed: ['kraft.yaml'] } },
      },
      { ends: { status: 'unchanged' } },
    ],
  },
  {
    title: 'a Kraftfile without a command gets that of the image',
    dockerfile: ['FROM base:1', 'CMD ["/bin/app"]'],
    kraftfile: 'spec: v0.6\n\nruntime: base:latest\n\nrootfs: ./Dockerfile\n',
    ends: { status: 'slimmed', files: { Kraftfile: 'cmd: ["/bin/app"]' } },
    next: [{ ends: { status: 'unchanged' } }],
  },
  {
    title: 'a Kraftfile without a command over an image with an ENTRYPOINT',
    dockerfile: ['FROM base:1', 'ENTRYPOINT ["/bin/app"]', 'CMD ["-v"]'],
    kraftfile: 'spec: v0.6\n\nruntime: base:latest\n\nrootfs: ./Dockerfile\n',
    ends: { status: 'slimmed', files: { Kraftfile: 'cmd: ["/bin/app", "-v"]' } },
  },
  {
    title: 'every block of a README is filled',
    readme: `${prints('Hello')}\n${block('sizes')}\n${block('memory')}\n${block('expected-output')}`,
    ends: {
      status: 'slimmed',
      written: ['Dockerfile', 'README.md'],
      files: { 'README.md': '| As it is run | 4 |' },
    },
    next: [
      { ends: { status: 'unchanged' } },
      { options: { redo: true }, ends: { status: 'unchanged' } },
      {
        edits: { 'README.md': `${prints('Hello')}\n${block('memory', 'Run it with much.\n')}` },
        options: { redo: true, force: true },
        ends: { status: 'slimmed', files: { 'README.md': 'Run it with `-M ' } },
      },
    ],
  },
  {
    title: 'a README with Windows line ends keeps them',
    readme: `${prints('Hello')}\n${block('sizes')}\n${block('expected-output', 'old\n')}`.replaceAll(
      '\n',
      '\r\n',
    ),
    ends: { status: 'slimmed', files: { 'README.md': '| As it is run | 4 |' } },
  },
  {
    title: 'large sizes are in megabytes, and those that hardly differ stay',
    tree: { '/etc/app.conf': 'x'.repeat(2_000_000) },
    readme: `${prints('Hello')}\n${block('sizes')}`,
    ends: { status: 'slimmed', files: { 'README.md': '2.0 MB |' } },
    next: [
      {
        edits: { Dockerfile: 'FROM base:1\nENV MODE=1\n' },
        options: { force: true },
        ends: { status: 'slimmed', written: ['Dockerfile'] },
      },
    ],
  },
  {
    title: 'an output that no README can show',
    programs: { app: { does: ['open /etc/app.conf', 'print \u0007Hello'] } },
    readme: `# App\n\n${block('expected-output')}`,
    ends: { status: 'slimmed', warnings: ['readme-block', 'weak-workload'], says: 'has nothing to show' },
  },
  {
    title: 'an app that prints nothing has no output to show',
    programs: { app: { does: ['open /etc/app.conf'] } },
    readme: `# App\n\n${block('expected-output')}`,
    ends: { status: 'slimmed', warnings: ['readme-block', 'weak-workload'] },
  },
  {
    title: 'an output that would be read as a command is not shown',
    programs: { app: { does: ['open /etc/app.conf', 'print kraft run .'] } },
    readme: `# App\n\n${block('expected-output')}`,
    ends: { status: 'slimmed', warnings: ['readme-block', 'weak-workload'] },
  },
  {
    title: 'a block of a name that is nearly known',
    readme: `${prints('Hello')}\n${block('size')}`,
    ends: { status: 'slimmed', warnings: ['readme-block'], says: 'did you mean sizes?' },
  },
  {
    title: 'a block of a README without its end',
    readme: `${prints('Hello')}\n<!-- kraft-slim:begin sizes -->\n`,
    ends: { status: 'failed', code: 'config-invalid' },
  },
  {
    title: 'the sizes of an entry that has drifted show the result alone',
    dockerfile: ['FROM base:1 AS build', 'FROM scratch', 'COPY --from=build /bin/app /bin/app'],
    readme: `${prints('Hello')}\n${block('sizes')}`,
    ends: { status: 'slimmed', warnings: ['drifted'], files: { 'README.md': '|-|-:|-:|\n| As it is run' } },
  },
  {
    title: 'a settings file that is too large to be a size',
    config: 'maxBytes: 1K\n',
    ends: { status: 'failed', code: 'too-big' },
    next: [
      { edits: { 'kraft-slim.yaml': 'maxBytes: 10M\n' }, ends: { status: 'slimmed' } },
      { ends: { status: 'unchanged' } },
      { verb: 'verify', ends: { status: 'unchanged' } },
      {
        verb: 'verify',
        edits: { 'kraft-slim.yaml': 'maxBytes: 1K\n' },
        ends: { status: 'failed', code: 'too-big' },
      },
    ],
  },
  {
    title: 'an edited line below the marker is verified without a layout',
    git: true,
    ...SERVER,
    ends: { status: 'slimmed' },
    next: [
      {
        verb: 'verify',
        patches: { Dockerfile: ['# Executable', '# The program'] },
        ends: { status: 'unchanged', result: { verified: false } },
      },
      { ends: { status: 'failed', code: 'would-overwrite' } },
      { options: { force: true }, ends: { status: 'slimmed' } },
    ],
  },
  {
    title: 'a result that an upstream change breaks is analysed again',
    dockerfile: ['FROM base:1', 'RUN version'],
    ...SERVER,
    runs: { version: { adds: (build) => ({ '/etc/app.conf': build > 2 ? 'new' : 'old' }) } },
    ends: { status: 'slimmed' },
    next: [
      {
        options: { search: { strategy: 'shrink', aggressive: false, maxRuns: null } },
        ends: { status: 'slimmed' },
      },
    ],
  },
  {
    title: 'an entry that was never slimmed is verified by what it expects',
    ...SERVER,
    verb: 'verify',
    ends: { status: 'unchanged', result: { verified: false, before: null } },
    next: [
      {
        verb: 'verify',
        edits: { 'README.md': answers('<h1>Bye</h1>') },
        ends: { status: 'failed', code: 'verify-failed' },
      },
    ],
  },
  {
    title: 'a target of the settings is verified',
    dockerfile: ['FROM base:1 AS test', 'FROM base:1 AS other'],
    config: 'build: {target: test}\n',
    verb: 'verify',
    ends: { status: 'unchanged' },
    next: [{ ends: { status: 'slimmed' } }, { verb: 'verify', ends: { status: 'unchanged' } }],
  },
  {
    title: 'a hand-made entry is verified by its donors, and its client in another stage',
    dockerfile: ['FROM base:1 AS build', 'FROM scratch', 'COPY --from=build / /'],
    ...SERVER,
    verb: 'verify',
    ends: { status: 'unchanged' },
    next: [
      { ends: { status: 'slimmed' } },
      {
        verb: 'verify',
        edits: { 'kraft-slim.yaml': 'drop: [/etc/app.conf]\n' },
        ends: { status: 'unchanged' },
      },
      { ends: { status: 'failed', code: 'verify-failed' } },
    ],
  },
  {
    title: 'an engine that fails while an unchanged entry is rebuilt',
    ...SERVER,
    ends: { status: 'slimmed' },
    world: {
      fault: ({ kind, count }) => {
        if (kind === 'build' && count === 4) throw new UserError('disk-full', 'cannot build: no space left');
      },
    },
    next: [{ verb: 'verify', ends: { status: 'failed', code: 'disk-full' } }],
  },
];
