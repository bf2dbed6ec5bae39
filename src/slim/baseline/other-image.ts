import { loadConfig } from '../../config/load-config.ts';
import { readMarker } from '../../dockerfile/marker.ts';
import { runtimeUnit } from '../../entry/runtime.ts';
import type { RootfsUnit } from '../../entry/unit.ts';
import { append } from '../../shared/append.ts';
import { disposeAll } from '../../shared/dispose-all.ts';
import { messageOf, UserError } from '../../shared/failure.ts';
import { type BuiltImage, buildUnit } from '../built-image.ts';
import type { Reporter, WarningListener } from '../reporter.ts';
import { serviceUnits } from '../service-units.ts';
import type { Task } from '../task.ts';
import type { Tools } from '../tools.ts';
import { readUnitDockerfile } from '../unit-texts.ts';
import type { OtherImage } from './composition.ts';
import type { ServiceImage } from './service-images.ts';

/** The images of other entries that take part in the runs of a unit; disposing of it removes them. */
export type OtherImages = AsyncDisposable & {
  /** What lies under a runtime delta; null for every other unit. */
  readonly runtime: OtherImage | null;
  /** What lies over a library entry when those that build on it are asked. */
  readonly deltas: readonly OtherImage[];
  /** What the unit names by `.internal`. */
  readonly services: readonly ServiceImage[];
};

/**
 * Builds what a unit runs with: of a runtime delta its runtime, of a library entry the deltas that name it, as they are
 * on disk, slimmed or not. A delta that cannot be built is left out with a warning.
 * @throws UserError where a runtime cannot be found or built.
 */
export async function openOthers(
  tools: Tools,
  reporter: Reporter,
  { task, withDependents }: { readonly task: Task; readonly withDependents: boolean },
): Promise<OtherImages> {
  const { unit, dependentsOf } = task;
  const build = async (other: RootfsUnit) => await buildOther(tools, reporter, { task, unit: other });
  const opened: (OtherImage & AsyncDisposable)[] = [];
  const disposed: AsyncDisposable[] = [];
  const dispose = async () => await disposeAll([...opened.splice(0), ...disposed.splice(0)]);
  try {
    if (unit.class === 'runtime-delta') {
      const runtime = await openRuntime(reporter, unit, build);
      opened.push(runtime);
      reporter.learn({ runtime: { entry: runtime.unit.name, bytes: runtime.rootfs.size().bytes } });
      return { runtime, deltas: [], services: [], [Symbol.asyncDispose]: dispose };
    }
    const services: ServiceImage[] = [];
    for (const service of await serviceUnits(unit)) {
      const built = await openService(reporter, service, build);
      append(services, built);
      append(disposed, built);
    }
    const dependents = withDependents && unit.class === 'library' ? await dependentsOf(unit) : [];
    for (const dependent of dependents) append(opened, await openDelta(reporter, dependent, build));
    return { runtime: null, deltas: opened.slice(), services, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

type Build = (other: RootfsUnit) => Promise<BuiltImage>;

async function openRuntime(
  { warn }: WarningListener,
  unit: RootfsUnit,
  build: Build,
): Promise<OtherImage & AsyncDisposable> {
  const { runtime, reference } = await runtimeUnit(unit);
  warn({
    code: 'runtime-from-catalog',
    message: `kraft-slim uses ${runtime.name} of this catalog in place of ${reference}: the published image may differ`,
  });
  return await openOther(runtime, build);
}

async function openDelta(
  { warn }: WarningListener,
  unit: RootfsUnit,
  build: Build,
): Promise<(OtherImage & AsyncDisposable)[]> {
  try {
    return [await openOther(unit, build)];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const message = `cannot run the workload of ${unit.name}: it does not build: ${messageOf(error)}`;
    warn({ code: 'dependent-left-out', message });
    return [];
  }
}

/** A service that does not build is left out: the case says that it is missing. */
async function openService(
  { warn }: WarningListener,
  unit: RootfsUnit,
  build: Build,
): Promise<(ServiceImage & AsyncDisposable)[]> {
  try {
    const built = await build(unit);
    return [{ unit, config: built.config, [Symbol.asyncDispose]: () => built[Symbol.asyncDispose]() }];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const message = `cannot start ${unit.name} as a service: it does not build: ${messageOf(error)}`;
    warn({ code: 'service-missing', message });
    return [];
  }
}

async function openOther(unit: RootfsUnit, build: Build): Promise<OtherImage & AsyncDisposable> {
  const built = await build(unit);
  const dispose = () => built[Symbol.asyncDispose]();
  try {
    return { unit, config: built.config, rootfs: await built.rootfs(), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function buildOther(
  tools: Tools,
  reporter: Reporter,
  { task, unit }: { readonly task: Task; readonly unit: RootfsUnit },
): Promise<BuiltImage> {
  const config = await loadConfig({
    entryDirectory: unit.directory,
    catalogRoot: unit.catalogRoot,
    untrusted: task.untrusted,
  });
  const text = readUnitDockerfile(unit);
  const target = readMarker(text) === null ? config.build.target : undefined;
  return await buildUnit(tools, reporter, { task: { ...task, unit, config }, text, target });
}
