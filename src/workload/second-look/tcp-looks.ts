import type { PassingConnection } from '../connection-line.ts';
import type { TcpProbe } from '../probe.ts';
import type { Look } from './look.ts';

/** Every byte once: no protocol starts so. */
const GARBAGE = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');

/** What happens to any server: clients that leave, send what it cannot read, or come two at a time. */
export function tcpLooks(shown: TcpProbe): readonly Look[] {
  const { port, send } = shown;
  const probe: TcpProbe = { ...shown, expect: null };
  const look = (title: string, before: PassingConnection): Look => ({
    title: `${title} on port ${port}`,
    before,
    probe,
  });
  return [
    look('a second connection', { port, send: '', end: 'stays' }),
    look('the answer after a client that left at once', { port, send: '', end: 'at-once' }),
    look('the answer after garbage', { port, send: GARBAGE, end: 'at-once' }),
    ...(send === '' ? [] : [look('the answer after a reset', { port, send, end: 'unread' })]),
  ];
}
