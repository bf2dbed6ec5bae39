import type { SearchOptions } from '../../../src/slim/entry-options.ts';
import type { Story } from '../story.ts';

const MINIMAL: SearchOptions = { strategy: 'shrink', aggressive: false, maxRuns: null };

/** What a search finds that the app does without, or not. */
export const SEARCHED: readonly Story[] = [
  {
    title: 'a search removes what the app opens and does not need',
    programs: { app: { does: ['try /etc/passwd', 'open /etc/app.conf', 'print Hello'] } },
    options: { search: MINIMAL },
    ends: {
      status: 'slimmed',
      without: ['/etc/passwd'],
      dockerfile: ['/etc/app.conf', 'minimal=1-minimal'],
      result: { promise: 'workload' },
    },
  },
  {
    title: 'a search keeps what keep names',
    programs: { app: { does: ['try /etc/passwd', 'print Hello'] } },
    config: 'keep: [/etc/passwd]\n',
    options: { search: MINIMAL },
    ends: { status: 'slimmed', dockerfile: ['/etc/passwd'] },
  },
  {
    title: 'a search keeps what the author put in',
    dockerfile: ['FROM base:1', 'COPY a.html /srv/a.html'],
    files: { 'a.html': 'a' },
    options: { search: MINIMAL },
    ends: { status: 'slimmed', dockerfile: ['/srv/a.html'] },
  },
  {
    title: 'an aggressive search removes also that',
    dockerfile: ['FROM base:1', 'COPY a.html /srv/a.html'],
    files: { 'a.html': 'a' },
    options: { search: { ...MINIMAL, aggressive: true } },
    ends: { status: 'slimmed', without: ['COPY --from=build /srv/a.html'] },
  },
  {
    title: 'a search of few runs ends with its budget',
    programs: {
      app: { does: ['try /etc/passwd', 'open /etc/app.conf', 'try /srv/index.html', 'print Hello'] },
    },
    options: { search: { ...MINIMAL, maxRuns: 3 } },
    ends: { status: 'slimmed', dockerfile: ['minimal=budget'] },
  },
  {
    title: 'a file that the app only looks up is made empty',
    tree: { '/var/mark': 'x', '/var/nothing': '' },
    programs: { app: { does: ['stat /var/mark', 'print Hello'] } },
    options: { placeholders: true },
    ends: { status: 'slimmed', dockerfile: ['COPY --from=build /var/nothing /var/mark'] },
  },
  {
    title: 'a file whose content matters stays whole',
    tree: { '/var/mark': 'x', '/var/nothing': '' },
    programs: { app: { does: ['stat /var/mark', 'print Hello', 'hidden /var/mark'] } },
    options: { placeholders: true },
    ends: { status: 'slimmed' },
  },
  {
    title: 'no placeholder where a stage is rewritten in place',
    dockerfile: ['FROM base:1 AS build', 'FROM scratch', 'COPY --from=build / /'],
    options: { placeholders: true },
    ends: { status: 'slimmed', warnings: ['placeholder-impossible'] },
  },
  {
    title: 'a workload that an empty root file system passes cannot be searched',
    cmd: ['/bin/server'],
    readme: null,
    options: { search: MINIMAL },
    ends: { status: 'slimmed', warnings: ['weak-workload'] },
  },
];
