import type { ArgDefinition, BuildSettings } from './model.ts';

const PLATFORM = 'linux/amd64';

/**
 * The ARGs that BuildKit defines in the global scope; a stage sees one only after `ARG TARGETPLATFORM`.
 * https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope
 */
export function predefinedArgs(settings: BuildSettings): Map<string, string> {
  const { targetPlatform = PLATFORM, buildPlatform = PLATFORM, targetStage = 'default' } = settings;
  const values = new Map<string, string>();
  for (const [prefix, platform] of [
    ['BUILD', buildPlatform],
    ['TARGET', targetPlatform],
  ] as const) {
    const [os = '', architecture = '', variant = ''] = platform.split('/');
    values.set(`${prefix}PLATFORM`, platform);
    values.set(`${prefix}OS`, os);
    values.set(`${prefix}ARCH`, architecture);
    values.set(`${prefix}VARIANT`, variant);
  }
  return values.set('TARGETSTAGE', targetStage);
}

/**
 * The value that an ARG gives its name: the caller's, else its own default, else (in a stage) the global one.
 * undefined where it has none.
 */
export function argValue(
  definition: ArgDefinition,
  scope: {
    readonly buildArgs: Readonly<Record<string, string>>;
    readonly globals: ReadonlyMap<string, string>;
    readonly expand: (word: string) => string;
  },
): string | undefined {
  if (Object.hasOwn(scope.buildArgs, definition.name)) return scope.buildArgs[definition.name];
  if (definition.value !== null) return scope.expand(definition.value);
  return scope.globals.get(definition.name);
}
