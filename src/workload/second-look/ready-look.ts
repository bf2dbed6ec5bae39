import type { ProbeContext } from '../probe.ts';
import type { Sidecar } from '../sidecar.ts';
import { askLooks } from './ask-looks.ts';
import type { Look, Looked } from './look.ts';

/** The app to look at. */
export type Asked = {
  readonly looks: readonly Look[];
  readonly sidecar: Pick<Sidecar, 'line' | 'listening'>;
  /** Where the app listens as long as it lives. */
  readonly ports: readonly number[];
};

/** A second look that is ready to be taken. */
export type ReadyLook = AsyncDisposable & {
  take(context: ProbeContext): Promise<readonly Looked[]>;
};

/** Prepares a second look while the app starts: the line for its connections takes the engine as long as that. */
export function readyToLook({ looks, sidecar, ports }: Asked): ReadyLook {
  if (looks.length === 0) return { take: async () => [], [Symbol.asyncDispose]: async () => undefined };
  const opening = sidecar.line();
  // an app that does not start is not looked at, and says more than a line that cannot be opened
  opening.catch(() => undefined);
  return {
    async take(context) {
      const line = await opening;
      return await askLooks(looks, {
        ...context,
        connect: async (port) => line.connect(port),
        passBy: (connection) => line.passBy(connection),
        lives: async () => {
          const listening = await sidecar.listening(context.signal);
          return ports.every((port) => listening.has(port));
        },
      });
    },
    async [Symbol.asyncDispose]() {
      const line = await opening.catch(() => undefined);
      line?.[Symbol.dispose]();
    },
  };
}
