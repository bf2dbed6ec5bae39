import { type Dockerfile, finalStage } from '../../src/dockerfile/model.ts';
import { parseDockerfile } from '../../src/dockerfile/parse-dockerfile.ts';
import type { Layout } from '../../src/plan/layout.ts';
import { type RenderRequest, renderDockerfile } from '../../src/render/render-dockerfile.ts';

export function dockerfileOf(text: string): Dockerfile {
  return parseDockerfile(text, { file: 'Dockerfile' });
}

/** A layout rendered below a Dockerfile, whose final stage holds the full root file system. */
export function render(
  layout: Layout,
  rest: Partial<RenderRequest> & { readonly text?: string } = {},
): string {
  const { text = 'FROM debian\n', ...request } = rest;
  const dockerfile = dockerfileOf(text);
  return renderDockerfile({
    dockerfile,
    full: finalStage(dockerfile),
    layout,
    env: {},
    minimal: 'none',
    ...request,
  });
}
