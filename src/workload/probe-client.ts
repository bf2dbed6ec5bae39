import { helperReference } from './helper-images.ts';
import { lookupCommand } from './name-lookup.ts';
import { lastLines } from './output.ts';
import { type ClientProbe, noAnswer, type ProbeContext, type ProbeKind } from './probe.ts';
import { redisTalkOf, talkRedis } from './redis-talk.ts';

/** How much of a client's standard error is worth showing. */
const COMPLAINT_LINES = 3;

/** A client program asks, and its exit code and standard output are the answer. */
export const clientProbe: ProbeKind<ClientProbe> = {
  describe: ({ command }) =>
    command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(' '),
  async ask(probe, context) {
    try {
      const talk = probe.speaks === 'redis' ? redisTalkOf(probe) : undefined;
      if (talk !== undefined) {
        const text = await talkRedis(context.connect, talk, context.signal);
        return { status: 'exit code 0', text, fault: null };
      }
      const { exitCode, stdout, stderr } = await context.runClient(clientOf(probe), context.signal);
      const complaint = lastLines(stderr, COMPLAINT_LINES);
      return { status: `exit code ${exitCode}`, text: stdout, fault: null, complaint };
    } catch (error) {
      return noAnswer(error, context.signal);
    }
  },
};

/** What is executed for a probe, and where. */
function clientOf(probe: ClientProbe): Parameters<ProbeContext['runClient']>[0] {
  if (probe.speaks !== 'dns') return probe;
  return { ...probe, command: lookupCommand(probe), image: helperReference('sidecar') };
}
