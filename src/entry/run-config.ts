import { UserError } from '../shared/failure.ts';
import { plainValue } from '../shared/yaml-node.ts';
import { parseYaml } from '../shared/yaml-source.ts';
import { memoryOf } from './cloud-run.ts';
import { PLAIN_RUN } from './kraft-run.ts';
import { type ReadmeCommand, readCommand } from './readme.ts';
import type { ReadmeRun } from './readme-runs.ts';

/** The file that unikraft/autokraft tests an entry by. */
export const RUN_CONFIG = 'RunConfig.yaml';

/**
 * The run that a `RunConfig.yaml` describes (unikraft/autokraft, src/app_config.py): `RunMetadata` with `Memory` in
 * mebibytes, `ExposedPort` of the app and `PublicPort` of the host, `ListOfCommands`, and `ExpectedOutput`, a text for
 * each command, or all texts of the only command. Where their numbers differ, no text is expected of any command.
 * @throws UserError `workload-failed` where it is no YAML.
 */
export function runOfConfig({ file, text }: { readonly file: string; readonly text: string }): ReadmeRun {
  const { root, diagnostics } = parseYaml({ file, text }, { version: '1.1' });
  const [first] = diagnostics;
  if (first !== undefined) throw new UserError('workload-failed', `cannot read ${file}: ${first.message}`);
  const config = mapOf(plainValue(root));
  const about = mapOf(config.RunMetadata);
  const guest = portOf(about.ExposedPort);
  const host = portOf(about.PublicPort) ?? guest;
  const lines = textsOf(config.ListOfCommands);
  const outputs = textsOf(config.ExpectedOutput);
  return {
    run: {
      ...PLAIN_RUN,
      ports: guest === null || host === null ? [] : [{ host, guest }],
      memoryBytes: memoryOf(String(about.Memory ?? '')),
    },
    commands: lines.length === 0 ? [ownOutput(outputs)] : commandsOf(lines, outputs),
  };
}

/** What an app that is only started prints. */
function ownOutput(outputs: readonly string[]): ReadmeCommand {
  return { words: ['kraft', 'run'], input: null, env: {}, expected: allOf(outputs) };
}

function commandsOf(lines: readonly string[], outputs: readonly string[]): ReadmeCommand[] {
  const expectedAt = (at: number) => (lines.length === outputs.length ? (outputs[at] ?? null) : null);
  return lines.flatMap(
    (line, at) => readCommand(line, lines.length === 1 ? allOf(outputs) : expectedAt(at)) ?? [],
  );
}

/** The texts one after another, with anything between. */
function allOf(outputs: readonly string[]): string | null {
  return outputs.length === 0 ? null : outputs.join('\n...\n');
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((item) => item !== null && typeof item !== 'object').map(String)
    : [];
}

/** 0 stands for none. */
function portOf(value: unknown): number | null {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536 ? Number(value) : null;
}
