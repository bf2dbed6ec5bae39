import { answers, type Story } from '../story.ts';

const SERVER = { cmd: ['/bin/server'], readme: answers('<h1>Hello</h1>') } as const;

/** What a second run does. */
export const AGAIN: readonly Story[] = [
  {
    ...SERVER,
    title: 'a run on what it wrote changes nothing, and does not run the app',
    ends: { status: 'slimmed', written: ['Dockerfile'] },
    next: [{ ends: { status: 'unchanged', written: [] } }],
  },
  {
    title: 'a dry run writes nothing and says what it would write',
    options: { dryRun: true },
    ends: { status: 'slimmed', written: ['Dockerfile'], without: ['FROM scratch'] },
  },
  {
    title: 'a run by --redo analyses what is unchanged',
    ends: { status: 'slimmed' },
    next: [{ options: { redo: true }, ends: { status: 'unchanged', dockerfile: ['/etc/app.conf'] } }],
  },
  {
    title: 'a changed source of the context is seen',
    dockerfile: ['FROM base:1', 'COPY a.html /srv/a.html'],
    files: { 'a.html': 'a' },
    ends: { status: 'slimmed' },
    next: [{ edits: { 'a.html': 'b' }, ends: { status: 'unchanged' } }],
  },
  {
    title: 'a new source of the context is added',
    dockerfile: ['FROM base:1', 'COPY site/ /srv/site/'],
    files: { 'site/a.html': 'a', 'site/b.html': 'b' },
    config: 'drop: [/srv/site/b.html]\n',
    ends: { status: 'slimmed', dockerfile: ['/srv/site/a.html'], without: ['/srv/site/b.html'] },
    next: [{ edits: { 'site/c.html': 'c' }, ends: { status: 'slimmed', dockerfile: ['/srv/site/c.html'] } }],
  },
  {
    title: 'an edit below the marker is overwritten by force alone',
    git: true,
    ends: { status: 'slimmed' },
    next: [
      {
        edits: { Dockerfile: 'FROM base:1\nRUN true\n' },
        ends: { status: 'failed', code: 'would-overwrite' },
      },
    ],
  },
  {
    title: 'the stages are asked about on request',
    options: { askStages: true },
    ends: { status: 'slimmed' },
  },
  {
    title: 'a stage of COPY lines is rewritten in place',
    dockerfile: [
      'FROM base:1 AS build',
      'FROM scratch',
      'COPY --from=build /bin/server /bin/server',
      'COPY --from=build /etc /etc',
      'COPY --from=build /srv /srv',
    ],
    ...SERVER,
    ends: {
      status: 'slimmed',
      stage: [
        'FROM scratch',
        'COPY --from=build /bin/server /bin/server',
        'COPY --from=build /etc/app.conf /etc/app.conf',
        'COPY --from=build /srv /srv',
      ],
    },
    next: [{ ends: { status: 'unchanged' } }],
  },
  {
    title: 'a stage of COPY lines of which nothing can go stays as it is',
    dockerfile: [
      'FROM base:1 AS build',
      'FROM scratch',
      'COPY --from=build /bin/server /bin/server',
      'COPY --from=build /etc/app.conf /etc/app.conf',
      'COPY --from=build /srv/index.html /srv/index.html',
    ],
    ...SERVER,
    ends: { status: 'unchanged', written: [], without: ['# kraft-slim'] },
  },
  {
    title: 'a promise that a stage rewritten in place cannot hold any more',
    dockerfile: [
      'FROM base:1 AS build',
      'FROM scratch',
      'COPY --from=build /bin/server /bin/server',
      'COPY --from=build /etc /etc',
      'COPY --from=build /srv /srv',
    ],
    ...SERVER,
    ends: { status: 'slimmed' },
    next: [
      {
        edits: { 'kraft-slim.yaml': 'promise: runtime\n' },
        ends: { status: 'unchanged', warnings: ['promise-narrowed'] },
      },
    ],
  },
  {
    title: 'an entry that the tool never slimmed has no baseline to be verified by',
    dockerfile: [
      'FROM base:1 AS build',
      'FROM scratch',
      'COPY --from=build /bin/server /bin/server',
      'COPY --from=build /etc/app.conf /etc/app.conf',
      'COPY --from=build /srv/index.html /srv/index.html',
    ],
    cmd: ['/bin/server'],
    readme: answers('<h1>Hello</h1>'),
    verb: 'verify',
    ends: { status: 'unchanged', result: { verified: false } },
  },
];
