import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configJsonSchema } from '../../src/config/config-schema.ts';

const FILE = join(import.meta.dirname, '../../docs/schemas/kraft-slim.yaml.json');

// after a change of the settings: npx vitest run --project unit test/config/config-schema.test.ts -u
test('the published schema of kraft-slim.yaml is the schema of the settings', async () => {
  await expect(`${JSON.stringify(configJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(FILE);
});
