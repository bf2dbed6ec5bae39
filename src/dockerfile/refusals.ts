import { append } from '../shared/append.ts';
import type { Diagnostic, TextRange } from '../shared/diagnostic.ts';
import { healthFault, modeFault, portFault, signalFault, triggerFault } from './argument-faults.ts';
import { expandFault, plainText } from './expand-fault.ts';
import { isDigest, referenceFault } from './image-reference.ts';
import { flagFaults } from './known-flags.ts';
import { physicalLines } from './logical-line.ts';
import {
  type CopyInstruction,
  type Dockerfile,
  flagOf,
  type Instruction,
  isCopy,
  type Stage,
} from './model.ts';
import { mountFault } from './mount-faults.ts';
import { platformFault } from './platform-fault.ts';
import { stageCircle } from './stage-circle.ts';
import { readFrom, stagesUsedBy, targetStage } from './stages-used.ts';

/** A line may have so many bytes: bufio.MaxScanTokenSize of Go, which BuildKit's parser reads lines with. */
const MAX_LINE_BYTES = 65_535;
const OWN_FRONTEND = /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?:[:@]|$)/;

/**
 * What BuildKit refuses of a Dockerfile that can be parsed, in the order of the text. What it looks at only where it
 * builds a stage is judged for the stages of the target; a value that depends on a variable of a stage is left alone.
 * None where another frontend reads the file. Source: BuildKit, frontend/dockerfile/instructions and dockerfile2llb.
 */
export function refusals(dockerfile: Dockerfile, target?: string): Diagnostic[] {
  const syntax = dockerfile.directives.find(({ name }) => name === 'syntax')?.value;
  if (syntax !== undefined && !OWN_FRONTEND.test(syntax)) return [];
  const last = targetStage(dockerfile, target);
  const built = new Set(last === undefined ? [] : stagesUsedBy(dockerfile, last));
  const circle = stageCircle(dockerfile);
  const faults = dockerfile.stages.flatMap((stage) => [
    ...stageFaults(stage, dockerfile),
    ...stage.instructions.flatMap((instruction) => [
      ...readFaults(instruction),
      ...(built.has(stage.index) ? builtFaults(instruction, stage, dockerfile) : []),
    ]),
  ]);
  const circular =
    circle === null
      ? []
      : [
          {
            range: circle.instruction.range,
            message: `the stage ${circle.from} takes from itself in a circle`,
          },
        ];
  const isCircular = ({ range }: Diagnostic) => range !== circle?.instruction.range;
  return [...longLines(dockerfile), ...circular, ...faults.filter(isCircular)].sort(
    (a, b) => a.range.start - b.range.start,
  );
}

function longLines({ text }: Dockerfile): Diagnostic[] {
  if (text.length * 3 <= MAX_LINE_BYTES) return [];
  return physicalLines(text).flatMap(({ start, next }) => {
    const bytes = Buffer.byteLength(text.slice(start, next).replace(/\n$/, ''));
    if (bytes <= MAX_LINE_BYTES) return [];
    const message = `a line has ${bytes} bytes: Docker reads ${MAX_LINE_BYTES} at most`;
    return [{ range: { start, end: start }, message }];
  });
}

function stageFaults({ from, fromInstruction }: Stage, dockerfile: Dockerfile): Diagnostic[] {
  const flags = flagFaults(fromInstruction).map(({ flag, message }) => ({ range: flag.range, message }));
  const platform = flags.length > 0 ? null : platformFault(from.platform, dockerfile);
  const reference = from.kind === 'image' ? referenceFault(from.image) : null;
  const expanded = from.image === from.raw ? from.image : `${from.image}, from ${from.raw},`;
  return [
    ...flags,
    ...(platform === null ? [] : [{ range: fromInstruction.range, message: platform }]),
    ...(reference === null
      ? []
      : [{ range: from.range, message: `the image ${expanded} is no reference: ${reference}` }]),
  ];
}

/** What is refused in every stage, be it built or not. */
function readFaults(instruction: Instruction): Diagnostic[] {
  const { range } = instruction;
  const flags = flagFaults(instruction).map(({ flag, message }) => ({ range: flag.range, message }));
  if (flags.length > 0) return flags;
  const messages = [
    ...readFrom(instruction).map(({ raw, kind }) =>
      kind === 'image' ? sourceFault(raw, instruction) : null,
    ),
    ...(instruction.keyword === 'HEALTHCHECK' ? [healthFault(instruction)] : []),
    ...(instruction.keyword === 'ONBUILD' ? [triggerFault(instruction)] : []),
    ...(instruction.keyword === 'RUN' ? runFaults(instruction) : []),
  ];
  return at(range, messages);
}

function sourceFault(raw: string, instruction: Instruction): string | null {
  if (raw === 'scratch') return null;
  const isMount = instruction.keyword === 'RUN';
  // a mount is expanded later, so that only what looks like a variable is refused
  const isVariable = isMount ? /\$./s.test(raw) : raw.includes('$');
  if (isVariable)
    return `a --from takes no variable such as ${raw}: begin a stage with FROM ${raw} AS name, and name that`;
  const fault = isMount && /['"\\$]/.test(raw) ? null : referenceFault(raw);
  return fault === null ? null : `${raw} is neither a stage nor an image: ${fault}`;
}

function runFaults(instruction: Instruction): (string | null)[] {
  const network = flagOf(instruction, 'network');
  const security = flagOf(instruction, 'security');
  return [
    network === undefined || /^(?:default|none|host)$/.test(network)
      ? null
      : `RUN knows no network ${network}: default, none and host`,
    security === undefined || /^(?:sandbox|insecure)$/.test(security)
      ? null
      : `RUN knows no security mode ${security}: sandbox and insecure`,
  ];
}

/** What is refused once the stage of the instruction is built. */
function builtFaults(instruction: Instruction, stage: Stage, dockerfile: Dockerfile): Diagnostic[] {
  const unexpanded = expandFault(instruction, dockerfile);
  if (unexpanded !== null) return [{ range: instruction.range, message: unexpanded }];
  const plain = (word: string) => plainText(word, dockerfile.escapeToken);
  const known = (word: string, fault: (value: string) => string | null) => {
    const value = plain(word);
    return value === null ? null : fault(value);
  };
  const messages: (string | null)[] = readFrom(instruction).map((source) =>
    source.kind === 'stage' && source.stageIndex > stage.index
      ? `cannot take from the stage ${source.raw}: it stands below`
      : null,
  );
  if (instruction.keyword === 'STOPSIGNAL') messages.push(known(instruction.text, signalFault));
  if (instruction.keyword === 'EXPOSE') {
    const ports = instruction.words.flatMap(({ text }) => plain(text)?.split(/\s+/) ?? []);
    append(messages, ports.filter((port) => port !== '').map(portFault));
  }
  if (instruction.keyword === 'RUN') {
    const mounts = instruction.flags.filter(({ name }) => name === 'mount');
    append(
      messages,
      mounts.map(({ value }) => mountFault(value ?? '', plain)),
    );
  }
  if (isCopy(instruction)) messages.push(known(flagOf(instruction, 'chmod') ?? '', modeFault));
  if (isCopy(instruction)) append(messages, remoteFaults(instruction, plain));
  return at(instruction.range, messages);
}

const URL = /^https?:\/\//;

function remoteFaults(
  { keyword, sources, flags }: CopyInstruction,
  plain: (word: string) => string | null,
): (string | null)[] {
  const known = sources.map(({ text }) => plain(text));
  if (keyword === 'COPY') {
    const url = known.find((source) => source !== null && URL.test(source));
    return [url === undefined ? null : `COPY takes no URL such as ${url}: ADD does`];
  }
  const checksum = plain(flags.findLast(({ name }) => name === 'checksum')?.value ?? '');
  const [only] = known;
  if (checksum === null || checksum === '') return [];
  if (sources.length !== 1) return ['--checksum goes with one source'];
  if (only == null) return [];
  if (!/^(?:https?|git|ssh):\/\/|^git@/.test(only)) return [`--checksum goes with a URL, not with ${only}`];
  const isGit = !URL.test(only) || /\.git(?:[?#]|$)/.test(only);
  return [isGit || isDigest(checksum) ? null : `--checksum needs a digest such as sha256:…, not ${checksum}`];
}

function at(range: TextRange, messages: readonly (string | null)[]): Diagnostic[] {
  return messages.flatMap((message) => (message === null ? [] : [{ range, message }]));
}
