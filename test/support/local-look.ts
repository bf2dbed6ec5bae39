import { connect } from 'node:net';
import type { PassingConnection } from '../../src/workload/connection-line.ts';
import type { LookContext } from '../../src/workload/second-look/ask-looks.ts';
import type {} from '../../src/workload/second-look/look.ts';
import { localContext } from './local-server.ts';

/** What a second look is given to reach a local server with; `lives` is what it hears of the app. */
export function localLook(lives: () => boolean = () => true): LookContext {
  let passed: Promise<void> = Promise.resolve();
  const context = localContext(AbortSignal.timeout(20_000));
  return {
    ...context,
    async connect(port) {
      await passed;
      return await context.connect(port);
    },
    passBy: (connection) => {
      passed = passBy(connection);
    },
    lives: async () => lives(),
  };
}

function passBy({ port, send, end }: PassingConnection): Promise<void> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
    socket.once('connect', () => socket.write(send, 'latin1', () => sent()));
    const sent = () => {
      if (end === 'at-once') socket.destroy();
      // the bytes behind the first are not read: the far side sees a reset
      if (end === 'unread') socket.once('readable', () => socket.resetAndDestroy());
      if (end === 'stays') setTimeout(() => socket.destroy(), 100);
      if (end === 'stays') resolve();
    };
  });
}
