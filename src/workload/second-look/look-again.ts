import type { ProbeContext } from '../probe.ts';
import type { Sidecar } from '../sidecar.ts';
import { askLooks } from './ask-looks.ts';
import type { Look, Looked } from './look.ts';

/** The app to look at, and the way to it. */
export type Asked = {
  readonly context: ProbeContext;
  readonly sidecar: Pick<Sidecar, 'line' | 'listening'>;
  /** Where the app listens as long as it lives. */
  readonly ports: readonly number[];
};

/** Looks a second time at a running app: its connections go over one line. */
export async function lookAgain(
  looks: readonly Look[],
  { context, sidecar, ports }: Asked,
): Promise<readonly Looked[]> {
  if (looks.length === 0) return [];
  using line = await sidecar.line();
  return await askLooks(looks, {
    ...context,
    connect: async (port) => line.connect(port),
    passBy: (connection) => line.passBy(connection),
    lives: async () => {
      const listening = await sidecar.listening(context.signal);
      return ports.every((port) => listening.has(port));
    },
  });
}
