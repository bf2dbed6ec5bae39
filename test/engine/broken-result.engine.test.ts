import { expect, test } from 'vitest';
import { fixtureCatalog } from '../support/catalog.ts';
import { runCli, runJson } from '../support/cli.ts';
import { schemaFaults } from '../support/schemas.ts';
import { SWEEP_MS, slimmedFixtures } from '../support/swept-fixtures.ts';

const NGINX = 'library/nginx/1.22';

test.each([
  ['a library', '/**/libpcre2-8.so.0*', 'libpcre2-8.so.0: cannot open shared object file'],
  ['the page that is asked', '/wwwroot/index.html', '403 Forbidden'],
])(
  'a plan without %s that is needed fails with verify-failed, and nothing is written',
  async (_, glob, why) => {
    await using catalog = await fixtureCatalog({ [`${NGINX}/kraft-slim.yaml`]: `drop: ['${glob}']\n` });
    const { exitCode, document } = await runJson([NGINX], { cwd: catalog.path });
    expect(schemaFaults(document)).toEqual([]);
    expect({ exitCode, ...document }).toMatchObject({
      exitCode: 1,
      status: 'failed',
      code: 'verify-failed',
      verified: false,
      written: [],
    });
    const { exitCode: shownExitCode, stdout } = await runCli([NGINX], { cwd: catalog.path });
    expect(shownExitCode).toBe(1);
    expect(stdout).toContain(why);
    expect(await catalog.status()).toEqual([]);
  },
);

test(
  'a Dockerfile that lost a needed line after it was written fails verify, and is slimmed again',
  async () => {
    const { catalog, resultOf } = await slimmedFixtures([NGINX]);
    await using _ = catalog;
    expect(resultOf(NGINX).status).toBe('slimmed');
    const written = await catalog.read(`${NGINX}/Dockerfile`);
    await catalog.write({
      [`${NGINX}/Dockerfile`]: (text) => text.replace(/ {4}\S+\/libpcre2-8\.so\.0 \\\n/, ''),
    });
    await catalog.commit();
    const verified = await runJson(['verify', NGINX], { cwd: catalog.path });
    expect({ exitCode: verified.exitCode, ...verified.document }).toMatchObject({
      exitCode: 1,
      status: 'failed',
      code: 'verify-failed',
    });
    const again = await runJson([NGINX], { cwd: catalog.path });
    expect(again.document).toMatchObject({ status: 'slimmed', verified: true });
    expect(await catalog.read(`${NGINX}/Dockerfile`)).toBe(written);
  },
  SWEEP_MS,
);
