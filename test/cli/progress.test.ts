import { expect, test } from 'vitest';
import { showProgress } from '../../src/cli/progress.ts';
import { captured } from '../support/capture.ts';

const tell = (quiet: boolean) =>
  captured(() => {
    using progress = showProgress({ quiet });
    progress.listener({ type: 'step', entry: 'library/a', step: 'build', detail: 'building it' });
    progress.listener({ type: 'build-log', entry: 'library/a', line: '#1 RUN make' });
    progress.listener({ type: 'step', entry: 'library/a', step: 'verify', detail: 'running it' });
  });

test.skipIf(process.stderr.isTTY)(
  'without a terminal each step is one plain line on standard error',
  async () => {
    const { stdout, stderr } = await tell(false);
    expect(stdout).toBe('');
    expect(stderr.replace(/^ +\d+\.\d s/gm, 'N s')).toBe(
      'N s  library/a: build: building it\nN s  library/a: verify: running it\n',
    );
  },
);

test('quiet is quiet', async () => {
  expect(await tell(true)).toMatchObject({ stdout: '', stderr: '' });
});
