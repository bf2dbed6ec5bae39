import { posix } from 'node:path';
import { EVERYWHERE, ROOMS, type Room, STEPS, VERBS } from './import-table.ts';
import { type FileImport, fileImports, folderOf, type Sources } from './sources.ts';

type Rooms = Readonly<Record<string, Room>>;

/** Imports that the table does not have, files in no room, and verbs that import a verb. */
export function importFaults(sources: Sources, rooms: Rooms = ROOMS): string[] {
  const isKnown = (file: string) => file.includes('/') && folderOf(file) in rooms;
  const unknown = [...sources.keys()].filter((file) => !isKnown(file));
  const wrong = fileImports(sources).filter(
    (each) => isKnown(each.from) && !(sources.has(each.to) && mayImport(each, rooms)),
  );
  return [
    ...unknown.map((file) => `${file} is in no room of the table`),
    ...wrong.map(({ from, to, isType }) => `${from} must not import ${isType ? 'types' : 'values'} of ${to}`),
  ];
}

function mayImport({ from, to, isType }: FileImport, rooms: Rooms): boolean {
  const [room, other] = [folderOf(from), folderOf(to)];
  if (areTwoVerbs(from, to)) return false;
  if (room === other || other === EVERYWHERE) return true;
  const { values = [], types = [] } = rooms[room] ?? {};
  return values.includes(other) || (isType && types.includes(other));
}

/** Two rooms of verbs, or two files of cli that each run a verb: a table that allows it does not make it right. */
function areTwoVerbs(from: string, to: string): boolean {
  const [room, other] = [folderOf(from), folderOf(to)];
  if (room === other) {
    const commands = [from, to].map((file) => /^cli\/[\w-]+-command\.ts$/.test(file));
    return from !== to && commands.every(Boolean);
  }
  return VERBS.includes(room) && VERBS.includes(other);
}

/** Faults of the table itself: a circle of rooms, a row that no file needs, a reason for no import. */
export function tableFaults(sources: Sources, rooms: Rooms = ROOMS): string[] {
  const names = Object.keys(rooms);
  const folders = new Set([...sources.keys()].map(folderOf));
  const needed = new Map<string, boolean>();
  for (const { from, to, isType } of fileImports(sources)) {
    const pair = `${folderOf(from)} ${folderOf(to)}`;
    needed.set(pair, (needed.get(pair) ?? true) && isType);
  }
  const rows = names.flatMap((name) => {
    const { values = [], types = [], because = {} } = rooms[name] ?? {};
    const listed = [...values, ...types];
    return [
      ...(folders.has(name) ? [] : [`${name} is in the table, and no folder`]),
      ...listed
        .filter((other) => !needed.has(`${name} ${other}`))
        .map((other) => `${name} imports no ${other}`),
      ...values
        .filter((other) => needed.get(`${name} ${other}`) === true)
        .map((other) => `${name} imports types alone of ${other}`),
      ...Object.keys(because)
        .filter((other) => !listed.includes(other))
        .map((other) => `${name} has a reason for ${other}, which it does not import`),
    ];
  });
  const graph = new Map(
    names.map((name) => [name, [...(rooms[name]?.values ?? []), ...(rooms[name]?.types ?? [])]]),
  );
  return [...rows, ...circlesOf(graph).map((circle) => `circle of rooms: ${circle.join(', ')}`)];
}

/** Files that import each other in a circle, types included. */
export function circleFaults(sources: Sources): string[] {
  const graph = new Map([...sources.keys()].map((file): [string, string[]] => [file, []]));
  for (const { from, to } of fileImports(sources)) graph.get(from)?.push(posix.normalize(to));
  return circlesOf(graph).map((circle) => `circle of files: ${circle.join(', ')}`);
}

/** Inside of a room, folders and files beside them that import each other in a circle, types included. */
export function innerCircleFaults(sources: Sources): string[] {
  const graph = new Map([...sources.keys()].map((file): [string, string[]] => [partOf(file), []]));
  for (const { from, to } of fileImports(sources)) {
    const [part, other] = [partOf(from), partOf(to)];
    if (folderOf(from) === folderOf(to) && part !== other) graph.get(part)?.push(other);
  }
  return circlesOf(graph).map((circle) => `circle inside of a room: ${circle.join(', ')}`);
}

/** Imports between the steps of slim that the table does not have, and rows of the table that no file needs. */
export function stepFaults(
  sources: Sources,
  steps: Readonly<Record<string, readonly string[]>> = STEPS,
): string[] {
  const made = new Set<string>();
  for (const { from, to } of fileImports(sources)) {
    const [part, other] = [partOf(from), partOf(to)];
    if (part !== other && isStep(part) && isStep(other)) made.add(`${stepOf(part)} imports ${stepOf(other)}`);
  }
  const listed = new Set(
    Object.entries(steps).flatMap(([step, others]) => others.map((other) => `${step} imports ${other}`)),
  );
  return [
    ...[...made].filter((row) => !listed.has(row)).map((row) => `${row}, which the table does not list`),
    ...[...listed].filter((row) => !made.has(row)).map((row) => `no file needs the row: ${row}`),
  ];
}

const isStep = (part: string) => /^slim\/[\w-]+$/.test(part);
const stepOf = (part: string) => part.slice('slim/'.length);

/** The folder inside of its room that a file lies in: `slim/find`; the file itself where it lies in none. */
function partOf(file: string): string {
  return file.split('/').slice(0, 2).join('/');
}

/** The nodes that lead to themselves, in groups that lead to each other. */
function circlesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const reached = new Map([...graph.keys()].map((node) => [node, reachableFrom(node, graph)]));
  const circles = new Map<string, string[]>();
  for (const node of graph.keys()) {
    if (!reached.get(node)?.has(node)) continue;
    const circle = [...graph.keys()].filter(
      (other) => reached.get(node)?.has(other) && reached.get(other)?.has(node),
    );
    circles.set(circle.join(), circle);
  }
  return [...circles.values()];
}

function reachableFrom(node: string, graph: ReadonlyMap<string, readonly string[]>): Set<string> {
  const reached = new Set<string>();
  const open = [...(graph.get(node) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    open.push(...(graph.get(next) ?? []));
  }
  return reached;
}
