import { type Dockerfile, finalStage } from '../../src/dockerfile/model.ts';
import { parseDockerfile } from '../../src/dockerfile/parse-dockerfile.ts';
import type { Layout } from '../../src/plan/layout.ts';
import { NONE_REMOVED } from '../../src/plan/pruned-directories.ts';
import { type Rendered, type RenderRequest, renderDockerfile } from '../../src/render/render-dockerfile.ts';

export function dockerfileOf(text: string): Dockerfile {
  return parseDockerfile(text, { file: 'Dockerfile' });
}

type RenderOptions = Partial<RenderRequest> & { readonly text?: string };

/** A layout rendered below a Dockerfile, whose final stage holds the full root file system. */
export function render(layout: Layout, rest: RenderOptions = {}): string {
  return renderWhole(layout, rest).text;
}

/** The same with the root list, where there is one. */
export function renderWhole(layout: Layout, rest: RenderOptions = {}): Rendered {
  const { text = 'FROM debian\n', ...request } = rest;
  const dockerfile = dockerfileOf(text);
  return renderDockerfile({
    dockerfile,
    full: finalStage(dockerfile),
    layout,
    removed: NONE_REMOVED,
    env: {},
    minimal: 'none',
    promise: null,
    staging: { kind: 'impossible', why: 'the image has no tar' },
    ...request,
  });
}
