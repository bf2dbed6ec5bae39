import { UserError } from '../../../src/shared/failure.ts';
import { binary, executable } from '../program.ts';
import { answers, kraftfileOf, prints, type Story } from '../story.ts';

const silent = { does: ['print Bye'] };

/** Every way in which a run ends without a slimmed entry. */
export const FAILURES: readonly Story[] = [
  {
    title: 'an app that reads where a link leads, where no stage can make links',
    tree: { '/etc/zone': 'symlink /usr/share/zone', '/usr/share/zone': 'UTC' },
    programs: { app: { does: ['readlink /etc/zone', 'print Hello'] } },
    ends: { status: 'failed', code: 'verify-failed', reason: 'exit code 1', detail: '/etc/zone is no link' },
  },
  {
    title: 'a directory with neither a Kraftfile nor a Dockerfile',
    files: { Kraftfile: null, Dockerfile: null },
    ends: { status: 'failed', code: 'kraftfile-missing' },
  },
  {
    title: 'an entry with two of the standard names',
    files: { 'kraft.yaml': kraftfileOf(['/bin/app']) },
    ends: { status: 'failed', code: 'kraftfile-ambiguous', reason: 'kraft.yaml' },
  },
  {
    title: 'a Kraftfile with a mistake',
    kraftfile: 'spec: v0.6\nrootfs: ./Dockerfile\ncmd: {a: 1}\n',
    ends: { status: 'failed', code: 'kraftfile-invalid', reason: 'cmd must be a list' },
  },
  {
    title: 'a Kraftfile without a spec',
    kraftfile: 'rootfs: ./Dockerfile\n',
    ends: { status: 'failed', code: 'kraftfile-invalid', reason: 'the key spec is missing' },
  },
  {
    title: 'an unknown key in the settings',
    config: 'kepe: []\n',
    ends: { status: 'failed', code: 'config-invalid', reason: 'kepe' },
  },
  {
    title: 'a target that the Dockerfile does not have',
    config: 'build: {target: test}\n',
    ends: {
      status: 'failed',
      code: 'config-invalid',
      reason: 'cannot build the stage test',
      hint: 'build.target',
    },
  },
  {
    title: 'a rootfs that is named and not there',
    dockerfile: null,
    ends: { status: 'failed', code: 'rootfs-missing' },
  },
  {
    title: 'a rootfs that is a directory',
    dockerfile: null,
    kraftfile: 'spec: v0.6\nruntime: base:latest\nrootfs: ./tree\ncmd: ["/bin/app"]\n',
    files: { 'tree/bin/app': 'x' },
    ends: { status: 'skipped', code: 'no-dockerfile' },
  },
  {
    title: 'no rootfs at all',
    kraftfile: 'spec: v0.6\nruntime: base:latest\ncmd: ["/bin/app"]\n',
    ends: { status: 'skipped', code: 'no-dockerfile' },
  },
  {
    title: 'a rootfs outside of the catalog',
    kraftfile: 'spec: v0.6\nruntime: base:latest\nrootfs: ../../../Dockerfile\ncmd: ["/bin/app"]\n',
    files: { '/../outside-Dockerfile': 'FROM base:1\n' },
    ends: { status: 'failed', code: 'refused' },
  },
  {
    title: 'a Dockerfile that cannot be read',
    dockerfile: ['FROM base:1', 'COPY onlyone'],
    ends: { status: 'failed', code: 'dockerfile-invalid' },
  },
  {
    title: 'a Dockerfile without a stage',
    dockerfile: ['# nothing'],
    ends: { status: 'failed', code: 'dockerfile-invalid' },
  },
  {
    title: 'a RUN line that fails',
    dockerfile: ['FROM base:1', 'RUN make'],
    runs: { make: { fails: ['make: *** No targets.  Stop.'] } },
    ends: { status: 'failed', code: 'build-failed', reason: 'RUN make', detail: 'No targets' },
  },
  {
    title: 'a base image that is not there',
    dockerfile: ['FROM gone:1'],
    ends: { status: 'failed', code: 'build-failed', reason: 'gone:1' },
  },
  {
    title: 'a COPY of a file that is not there',
    dockerfile: ['FROM base:1', 'COPY none /srv/'],
    ends: { status: 'failed', code: 'build-failed', reason: 'none' },
  },
  {
    title: 'a command that the image does not have',
    cmd: ['/bin/none'],
    ends: { status: 'failed', code: 'cmd-not-found' },
  },
  {
    title: 'a program without its loader',
    cmd: ['/bin/odd'],
    tree: { '/bin/odd': executable('odd', { interpreter: '/lib/ld-musl-x86_64.so.1' }) },
    ends: { warnings: ['library-missing'], status: 'failed', code: 'not-started' },
  },
  {
    title: 'a program without the execute bit',
    cmd: ['/bin/odd'],
    tree: { '/bin/odd': { content: binary('odd'), mode: 0o644 } },
    ends: { warnings: ['not-executable'], status: 'failed', code: 'not-started' },
  },
  {
    title: 'a program that lacks a library on the full root file system',
    tree: {
      '/bin/app': executable('app', { interpreter: '/lib64/ld-linux-x86-64.so.2', needed: ['libno.so.1'] }),
    },
    ends: { warnings: ['library-missing'], status: 'failed', code: 'workload-failed', detail: 'libno.so.1' },
  },
  {
    title: 'an app that prints something else than the README shows',
    programs: { app: silent },
    ends: { status: 'failed', code: 'workload-failed', reason: 'Kraftfile' },
  },
  {
    title: 'a server that never listens',
    cmd: ['/bin/server'],
    programs: { server: { does: ['print up', 'wait'] } },
    config: 'workload: {limits: {readySeconds: 0.2}}\n',
    readme: answers('<h1>Hello</h1>'),
    ends: { status: 'failed', code: 'not-started', reason: 'port 8080' },
  },
  {
    title: 'a server that answers with an error',
    cmd: ['/bin/server'],
    programs: { server: { does: ['listen 8080'], http: {} } },
    readme: answers('<h1>Hello</h1>'),
    ends: { status: 'failed', code: 'workload-failed' },
  },
  {
    title: 'an app that never ends',
    programs: { app: { does: ['print Hello', 'wait'] } },
    config: 'workload: {limits: {probeSeconds: 0.3}, probes: [{kind: output}]}\n',
    ends: { status: 'failed', code: 'workload-failed', reason: 'did not end in time' },
  },
  {
    title: 'an app that answers otherwise each time',
    programs: { app: { does: ['count', 'count', 'print x'] } },
    config: 'workload: {probes: [{kind: output}]}\n',
    ends: { status: 'failed', code: 'baseline-unstable' },
  },
  {
    title: 'a result that is larger than the settings allow',
    config: 'maxBytes: 10\n',
    ends: { status: 'failed', code: 'too-big', reason: '10' },
  },
  {
    title: 'a Dockerfile that git does not know',
    git: true,
    edits: { Dockerfile: 'FROM base:1\n# edited\n' },
    ends: { status: 'failed', code: 'would-overwrite' },
  },
  {
    title: 'a Dockerfile that git does not know is overwritten by force',
    git: true,
    edits: { Dockerfile: 'FROM base:1\n# edited\n' },
    options: { force: true },
    ends: { status: 'slimmed', written: ['Dockerfile'] },
  },
  {
    title: 'an engine that is not there',
    reach: async () => {
      throw new UserError('engine-absent', 'cannot reach a container engine', { hint: 'start it' });
    },
    ends: { status: 'failed', code: 'engine-absent', hint: 'start it' },
  },
  {
    title: 'an engine that refuses a container',
    world: {
      fault: ({ kind }) => {
        if (kind === 'create') throw new UserError('engine-refused', 'cannot create: no such runtime');
      },
    },
    ends: { status: 'failed', code: 'engine-refused', reason: 'no such runtime' },
  },
  {
    title: 'a disk that is full while the image is built',
    world: {
      fault: ({ kind }) => {
        if (kind === 'build') throw new UserError('disk-full', 'cannot build: no space left on device');
      },
    },
    ends: { status: 'failed', code: 'disk-full' },
  },
  {
    title: 'an app that writes more to the disk than it may',
    world: {
      fault: ({ kind }) => {
        if (kind === 'wait')
          throw new UserError('limit-exceeded', 'cannot run the app: it wrote more than 1 MB');
      },
    },
    ends: { status: 'failed', code: 'limit-exceeded' },
  },
  {
    title: 'a defect of the tool',
    world: {
      fault: ({ kind }) => {
        if (kind === 'export') throw new TypeError('cannot read properties of undefined');
      },
    },
    ends: { status: 'failed', code: 'internal', reason: 'cannot read properties' },
  },
  {
    title: 'an answer that is longer than any may be',
    programs: { app: { does: [`print ${'x'.repeat(4 * 1024 ** 2 + 1)}`] } },
    readme: prints('Hello'),
    ends: { status: 'failed', code: 'limit-exceeded' },
  },
];
