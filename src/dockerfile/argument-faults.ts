import type { InstructionOf } from './model.ts';

/** A range of ports, `[address:][host:]80-90/tcp`. Source: BuildKit, dockerfile2llb/convert_expose.go. */
export function portFault(word: string): string | null {
  const parts = word.split(':');
  const [ports = '', protocol = 'tcp'] = (parts.pop() ?? '').split(/\/(.*)/s);
  const host = parts.pop();
  if (!/^(?:tcp|udp|sctp|)$/i.test(protocol)) return `EXPOSE knows no protocol ${protocol}`;
  const range = portRange(ports);
  if (range === null) return `EXPOSE needs a port, not ${word}`;
  if (host === undefined || host === '') return null;
  const hostRange = portRange(host);
  if (hostRange === null) return `EXPOSE needs a port, not ${word}`;
  const isSame = range.end - range.start === hostRange.end - hostRange.start;
  return isSame || range.end === range.start ? null : `EXPOSE has two ranges of other lengths in ${word}`;
}

function portRange(text: string): { start: number; end: number } | null {
  const [, first, last = first] = /^(\+?\d+)(?:-(\+?\d+))?$/.exec(text) ?? [];
  if (first === undefined) return null;
  const [start, end] = [Number(first), Number(last)];
  return end < start || end > 65_535 ? null : { start, end };
}

const SIGNALS =
  /^(?:ABRT|ALRM|BUS|CHLD|CLD|CONT|EMT|FPE|HUP|ILL|INFO|INT|IO|IOT|KILL|LOST|PIPE|POLL|PROF|PWR|QUIT|SEGV|STKFLT|STOP|SYS|TERM|THR|TRAP|TSTP|TTIN|TTOU|UNUSED|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ|RTMIN(?:\+\d{1,2})?|RTMAX(?:-\d{1,2})?)$/;

/** Source: moby/sys/signal, ParseSignal, with the signals of every system. */
export function signalFault(text: string): string | null {
  const isNumber = /^[-+]?\d+$/.test(text);
  if (isNumber ? Number(text) !== 0 : SIGNALS.test(text.toUpperCase().replace(/^SIG/, ''))) return null;
  return `STOPSIGNAL needs a signal, not ${text}`;
}

/** An octal number up to 7777, or a mode as of chmod(1). Source: BuildKit, dockerfile2llb/convert_copy.go. */
export function modeFault(text: string): string | null {
  if (text === '') return null;
  const isOctal = /^[0-7]+$/.test(text);
  if (isOctal ? Number.parseInt(text, 8) <= 0o7777 : SYMBOLIC_MODE.test(text)) return null;
  return `--chmod needs an octal number up to 7777 or a symbolic mode, not ${text}`;
}

const SYMBOLIC_MODE = /^[ugoa]*(?:[-+=][rwxXstugo0-7]*)+(?:,[ugoa]*(?:[-+=][rwxXstugo0-7]*)+)*$/;

/** Source: BuildKit, instructions/parse.go, parseHealthcheck. */
export function healthFault({ text, flags }: InstructionOf<'HEALTHCHECK'>): string | null {
  const [, type = '', command = ''] = /^(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  if (type.toUpperCase() === 'NONE') return command === '' ? null : 'HEALTHCHECK NONE takes no arguments';
  if (type.toUpperCase() !== 'CMD') return `HEALTHCHECK takes CMD or NONE, not ${type}`;
  if (command === '' || isEmptyArray(command)) return 'HEALTHCHECK CMD needs a command';
  for (const { name, value } of flags) {
    if (value === null || value === '') continue;
    const isCount = /^\+?\d+$/.test(value) && Number(value) < 2 ** 31;
    if (name === 'retries' ? !isCount : !isDuration(value))
      return `the flag --${name} of HEALTHCHECK cannot be ${value}`;
  }
  return null;
}

function isEmptyArray(text: string): boolean {
  return /^\[\s*\]$/.test(text);
}

/** Go's time.ParseDuration; a negative one is less than the minimum. */
function isDuration(text: string): boolean {
  return /^[+-]?0+$/.test(text) || /^\+?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(text);
}

/** Source: BuildKit, instructions/parse.go, parseOnBuild. */
export function triggerFault({ text }: InstructionOf<'ONBUILD'>): string | null {
  const trigger = /^\S*/.exec(text)?.[0].toUpperCase() ?? '';
  if (trigger === 'ONBUILD') return 'ONBUILD cannot trigger another ONBUILD';
  return trigger === 'FROM' || trigger === 'MAINTAINER' ? `ONBUILD cannot trigger ${trigger}` : null;
}
