import { describe, expect, test } from 'vitest';
import { asUnikraftRun, withErofsOption, withImageOption } from '../../src/migrate/cloud-command.ts';
import { migrateReadme } from '../../src/migrate/readme.ts';
import { migrateWorkflow } from '../../src/migrate/workflow.ts';

describe('kraft cloud deploy', () => {
  test('is two commands, with the image last', () => {
    const command =
      'kraft cloud deploy --metro fra0 -M 512 -p 443:8080 \\\n  -e A=b -v data:/data --name=web .';
    expect(asUnikraftRun(command, 'http-g++13.2')).toEqual({
      text: [
        'unikraft build . --output <my-org>/http-gxx132:latest',
        'unikraft run --metro fra \\',
        '  -m 512M \\',
        '  -p 443:8080/tls+http \\',
        '  -e A=b \\',
        '  -v data:/data \\',
        '  --name web \\',
        '  --image <my-org>/http-gxx132:latest',
      ].join('\n'),
    });
  });

  test.each([
    ['kraft cloud deploy -M 1Gi .', '-m 1G'],
    ['kraft cloud deploy -p 443:8080/http+tls .', '-p 443:8080/http+tls'],
    ['kraft cloud deploy -p 6379:6379/tls .', '-p 6379:6379/tls'],
    ['kraft cloud deploy -e "A=b c" .', '-e "A=b c"'],
  ])('%s has %s', (command, option) => {
    expect(asUnikraftRun(command, 'a')).toEqual({ text: expect.stringContaining(option) });
  });

  test.each([
    ['kraft cloud deploy --start .', '--start'],
    ['kraft cloud deploy -p 443:80 mariadb:latest', 'something other'],
    ['kraft cloud deploy -p 443:80 . /app', 'something other'],
    ['kraft cloud deploy -M lots .', '-M'],
    ["kraft cloud deploy -e 'A=`id`' .", '-e'],
  ])('%s stays: %s', (command, why) => {
    expect(asUnikraftRun(command, 'a')).toEqual({ why: expect.stringContaining(why) });
  });

  test.each(['kraft cloud instance list', 'kraft run .', 'echo kraft cloud deploy'])(
    '%s is none',
    (command) => {
      expect(asUnikraftRun(command, 'a')).toBeNull();
    },
  );
});

test.each([
  ['unikraft run --metro=fra -m 2G a/b:latest', 'unikraft run --metro=fra -m 2G --image a/b:latest'],
  ['unikraft run --metro fra \\\n  a/b;', 'unikraft run --metro fra \\\n  --image a/b;'],
])('%s names its image', (command, text) => {
  expect(withImageOption(command)).toEqual({ text });
});

test.each(['unikraft run --image a/b', 'unikraft run -m 2G', 'unikraft run a b', 'unikraft build .'])(
  '%s stays',
  (command) => expect(withImageOption(command)).toBeNull(),
);

test('--rootfs-type cpio of a kraft command is erofs', () => {
  expect(withErofsOption('kraft pkg --rootfs-type=cpio .')).toEqual({
    text: 'kraft pkg --rootfs-type=erofs .',
  });
  expect(withErofsOption('kraft pkg --rootfs-type cpio-x .')).toBeNull();
  expect(withErofsOption('echo --rootfs-type cpio')).toBeNull();
});

const README = `# App

\`\`\`console
$ sudo kraft cloud deploy -p 443:8080 .
\`\`\`

1. In a list:

   \`\`\`bash
   kraft cloud deploy --start .
   kraft cloud deploy -M 256 .
   \`\`\`

\`\`\`yaml
# quoted
spec: v0.6

runtime: base:latest
\`\`\`

* \`spec: v0.6\`: The current \`Kraftfile\` specification version is \`0.6\`.
* \`type: erofs\` means EROFS; version \`0.6\` of the app stays.
`;

describe('a README', () => {
  test('is changed where it speaks of the form, and says what stays', () => {
    const { text, left } = migrateReadme(README, 'v0.7', 'app');
    expect(text).toBe(`# App

\`\`\`console
$ sudo unikraft build . --output <my-org>/app:latest
unikraft run --metro fra \\
  -p 443:8080/tls+http \\
  --image <my-org>/app:latest
\`\`\`

1. In a list:

   \`\`\`bash
   kraft cloud deploy --start .
   unikraft build . --output <my-org>/app:latest
   unikraft run --metro fra \\
     -m 256M \\
     --image <my-org>/app:latest
   \`\`\`

\`\`\`yaml
# quoted
spec: v0.7

runtime: base:latest
\`\`\`

* \`spec: v0.7\`: The current \`Kraftfile\` specification version is \`0.7\`.
* \`format: erofs\` means EROFS; version \`0.6\` of the app stays.
`);
    expect(left).toEqual([{ line: 10, why: expect.stringContaining('--start') }]);
  });

  test('that is changed already stays, and so does one with both commands', () => {
    const { text } = migrateReadme(README.replace('   kraft cloud deploy --start .\n', ''), 'v0.7', 'app');
    expect(migrateReadme(text, 'v0.7', 'app')).toEqual({ text, left: [] });
    const both = '```bash\nunikraft build . --output a/b\n```\n\nor\n\n```bash\nkraft cloud deploy .\n```\n';
    expect(migrateReadme(both, 'v0.7', 'app')).toEqual({ text: both, left: [] });
  });

  test('about erofs has the quoted Kraftfile in it', () => {
    const text = '```yaml\r\nspec: v0.6\r\nruntime: base\r\nrootfs: ./Dockerfile\r\n```\r\n';
    expect(migrateReadme(text, 'erofs', 'app').text).toBe(
      '```yaml\r\nspec: v0.6\r\nruntime: base\r\nrootfs:\r\n  source: ./Dockerfile\r\n  type: erofs\r\n```\r\n',
    );
  });
});

test('a workflow keeps what kraft runs, with the format of the root file system', () => {
  const text =
    'run: |\n  cd a;\n  kraft cloud deploy \\\n    --rootfs-type cpio \\\n    -p 443:80 .;\n  unikraft run a/b\n';
  expect(migrateWorkflow(text, 'erofs')).toBe(text.replace('cpio', 'erofs'));
  expect(migrateWorkflow(text, 'v0.7')).toBe(text.replace('run a/b', 'run --image a/b'));
});
