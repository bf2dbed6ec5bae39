import { answers, type Story } from '../story.ts';

const SERVER = { cmd: ['/bin/server'], readme: answers('<h1>Hello</h1>') } as const;

/** A stage of COPY lines over a base whose stage has a name. */
const over = (...lines: readonly string[]) => ['FROM base:1 AS build', 'FROM scratch', ...lines];

const CONF = 'COPY --from=build /etc/app.conf /etc/app.conf';
const PROGRAM = 'COPY --from=build /bin/server /bin/server';
const PAGE = 'COPY --from=build /srv/index.html /srv/index.html';

/** Final stages that their authors made of COPY lines, rewritten in place. */
export const STAGES: readonly Story[] = [
  {
    title: 'a line of several sources loses those that nothing needs',
    dockerfile: over('COPY --from=build /bin/server /bin/sh /bin/', CONF, PAGE),
    ...SERVER,
    ends: {
      status: 'slimmed',
      stage: ['FROM scratch', 'COPY --from=build /bin/server /bin/', CONF, PAGE],
    },
  },
  {
    title: 'a line in JSON form keeps its form',
    dockerfile: over('COPY --from=build ["/bin/server", "/bin/sh", "/bin/"]', CONF, PAGE),
    ...SERVER,
    ends: { status: 'slimmed', dockerfile: ['COPY --from=build ["/bin/server", "/bin/"]'] },
  },
  {
    title: 'a line over several lines keeps the comments above the sources that stay',
    dockerfile: over(
      'COPY --from=build \\',
      '  # serves the page',
      '  /bin/server \\',
      '  # no program runs it',
      '  /bin/sh \\',
      '  /srv/index.html \\',
      '  /opt/',
      CONF,
      'COPY --from=build /srv/index.html /srv/index.html',
    ),
    cmd: ['/opt/server'],
    readme: SERVER.readme,
    config: 'keep: [/opt/index.html]\n',
    ends: {
      status: 'slimmed',
      dockerfile: [
        'COPY --from=build \\\n  # serves the page\n  /bin/server \\\n  /srv/index.html \\\n  /opt/',
      ],
      without: ['no program runs it'],
    },
  },
  {
    title: 'a stage with Windows line ends keeps them',
    dockerfile: [
      'FROM base:1 AS build\r',
      'FROM scratch\r',
      `${PROGRAM}\r`,
      `${CONF}\r`,
      'COPY --from=build /srv /srv\r',
      'COPY --from=build /usr /usr\r',
    ],
    ...SERVER,
    ends: { status: 'slimmed', dockerfile: [`${PROGRAM}\r\n`, 'FROM scratch\r\n'], without: ['/usr /usr'] },
  },
  {
    title: 'headings and comments go with the last line below them',
    dockerfile: over(
      '# The server',
      PROGRAM,
      '',
      '# Documentation',
      'COPY --from=build /usr/share/doc /usr/share/doc',
      '',
      '# Settings',
      '',
      '# and the page',
      CONF,
      '# the page itself',
      PAGE,
      '# the end',
    ),
    ...SERVER,
    ends: {
      status: 'slimmed',
      dockerfile: ['# The server\n', '# Settings\n', '# the page itself\n', '# the end'],
      without: ['Documentation'],
    },
  },
  {
    title: 'a comment below a blank line at the end of the stage stays',
    dockerfile: over(
      PROGRAM,
      CONF,
      'COPY --from=build /srv /srv',
      'COPY --from=build /usr /usr',
      '',
      '# the end',
    ),
    ...SERVER,
    ends: { status: 'slimmed', dockerfile: ['\n\n# the end\n'] },
  },
  {
    title: 'an ADD of a directory becomes a COPY of the files that stay',
    dockerfile: over('ADD --from=build /etc /etc', PROGRAM, PAGE),
    ...SERVER,
    ends: { status: 'slimmed', dockerfile: [CONF], without: ['ADD'] },
  },
  {
    title: 'ENV, EXPOSE and CMD lines stay, and WORKDIR lines with their directories',
    dockerfile: over(
      'ENV MODE=fast',
      'WORKDIR /var/www',
      PROGRAM,
      CONF,
      'COPY --from=build /srv /srv',
      'COPY --from=build /usr /usr',
      'EXPOSE 8080',
      'CMD ["/bin/server"]',
    ),
    ...SERVER,
    ends: {
      status: 'slimmed',
      dockerfile: ['ENV MODE=fast', 'WORKDIR /var/www', 'EXPOSE 8080', 'CMD ["/bin/server"]'],
    },
  },
  {
    title: 'a directory that the app lists and that is empty is made behind the lines, and WORKDIR set again',
    dockerfile: over('WORKDIR /opt', 'COPY --from=build / /'),
    tree: { '/var/empty': 'directory' },
    programs: { app: { does: ['list /var/empty', 'open /etc/app.conf', 'print Hello'] } },
    ends: {
      status: 'slimmed',
      dockerfile: ['# Directories that have to exist\nWORKDIR /var/empty\nWORKDIR /opt'],
    },
  },
  {
    title: 'files that a heredoc makes stay with it',
    dockerfile: over(
      'COPY <<EOF /etc/app.conf',
      'greeting=hello',
      'EOF',
      PROGRAM,
      'COPY --from=build /srv /srv',
      'COPY --from=build /usr /usr',
    ),
    ...SERVER,
    ends: {
      status: 'slimmed',
      dockerfile: ['COPY <<EOF /etc/app.conf\ngreeting=hello\nEOF'],
      without: ['/usr'],
    },
  },
  {
    title: 'a heredoc that nothing reads stays, since the author put it in',
    dockerfile: over(
      'COPY <<EOF /etc/other.conf',
      'x',
      'EOF',
      PROGRAM,
      CONF,
      'COPY --from=build /srv /srv',
      'COPY --from=build /usr /usr',
    ),
    ...SERVER,
    ends: { status: 'slimmed', dockerfile: ['/etc/other.conf'] },
  },
  {
    title: 'two heredocs in one line, the second dropped, get a stage below',
    dockerfile: over('COPY <<one <<two /etc/', 'x', 'one', 'y', 'two', PROGRAM, CONF, PAGE),
    ...SERVER,
    config: 'drop: [/etc/two]\n',
    ends: { status: 'slimmed', warnings: ['stage-added'], says: 'cannot reduce a line' },
  },
  {
    title: 'a line that gives a directory to another user gets a stage below',
    dockerfile: over(
      'COPY --from=build --chown=33:33 /srv /srv',
      PROGRAM,
      CONF,
      'COPY --from=build /usr /usr',
    ),
    ...SERVER,
    ends: { status: 'slimmed', warnings: ['stage-added'] },
  },
  {
    title: 'a line that gives a directory to root stays',
    dockerfile: over('COPY --from=build --chown=0:0 /srv /srv', PROGRAM, CONF, 'COPY --from=build /usr /usr'),
    ...SERVER,
    ends: { status: 'slimmed', dockerfile: ['COPY --from=build --chown=0:0 /srv /srv'] },
  },
  {
    title: 'a stage that no line copies from any more goes, with its comments',
    dockerfile: [
      '# the base',
      'FROM base:1 AS build',
      '# only documentation',
      'FROM base:1 AS docs',
      'RUN write docs',
      'FROM scratch',
      PROGRAM,
      CONF,
      PAGE,
      'COPY --from=docs /usr/share/doc /usr/share/doc',
    ],
    runs: { 'write docs': { adds: { '/usr/share/doc/x': 'x' } } },
    ...SERVER,
    ends: { status: 'slimmed', dockerfile: ['# the base'], without: ['docs', 'only documentation'] },
  },
  {
    title: 'the first stage goes where only another is copied from',
    dockerfile: [
      '# syntax=docker/dockerfile:1',
      '# only documentation',
      'FROM base:1 AS docs',
      'RUN write docs',
      'FROM base:1 AS build',
      'FROM scratch',
      PROGRAM,
      CONF,
      PAGE,
      'COPY --from=docs /usr/share/doc /usr/share/doc',
    ],
    runs: { 'write docs': { adds: { '/usr/share/doc/x': 'x' } } },
    ...SERVER,
    ends: {
      status: 'slimmed',
      dockerfile: ['# syntax=docker/dockerfile:1\nFROM base:1 AS build'],
      without: ['AS docs'],
    },
  },
  {
    title: 'a stage that a number names stays',
    dockerfile: [
      'FROM base:1 AS docs',
      'FROM base:1',
      'FROM scratch',
      'COPY --from=1 /bin/server /bin/server',
      'COPY --from=1 /etc/app.conf /etc/app.conf',
      'COPY --from=1 /srv /srv',
      'COPY --from=docs /usr/share/doc /usr/share/doc',
    ],
    ...SERVER,
    ends: { status: 'slimmed', dockerfile: ['FROM base:1 AS docs', 'COPY --from=1 /bin/server'] },
  },
  {
    title: 'a line that copies from an image',
    dockerfile: [
      'FROM scratch',
      'COPY --from=base:1 /bin/server /bin/server',
      'COPY --from=base:1 /etc /etc',
      'COPY --from=base:1 /srv /srv',
    ],
    ...SERVER,
    ends: { status: 'slimmed', dockerfile: ['COPY --from=base:1 /etc/app.conf /etc/app.conf'] },
    next: [
      { options: { redo: true }, ends: { status: 'unchanged' } },
      { verb: 'verify', ends: { status: 'unchanged' } },
    ],
  },
];
