import { describe, expect, test } from 'vitest';
import { installedPackages } from '../../src/dockerfile/installed-packages.ts';
import { finalStage } from '../../src/dockerfile/model.ts';
import { parseDockerfile } from '../../src/dockerfile/parse-dockerfile.ts';

const installedBy = (text: string) => {
  const dockerfile = parseDockerfile(text);
  return installedPackages(dockerfile, finalStage(dockerfile));
};
const installed = (run: string) => installedBy(`FROM debian\nRUN ${run}\n`);

describe('packages that a RUN step installs by name', () => {
  test.each([
    ['apt-get update && apt-get install -y --no-install-recommends nginx curl=7.88', ['nginx', 'curl']],
    ['apt-get -y -qq install nginx-light+ && rm -rf /var/lib/apt/lists/*', ['nginx-light']],
    [
      'set -eux; DEBIAN_FRONTEND=noninteractive apt-get install -y python3-flask libc6:amd64',
      ['python3-flask', 'libc6'],
    ],
    ['apt install -t bookworm-backports g++', ['g++']],
    ['apt-get update \\\n && apt-get install -y \\\n    lua5.4 \\\n    lua-socket', ['lua5.4', 'lua-socket']],
    ['apk add --no-cache --virtual .build gcc ruby~3', ['gcc', 'ruby']],
    ['dnf install -y httpd | tee log', ['httpd']],
    [
      'pip install --no-cache-dir "flask[async]>=2" gunicorn==21.2 -r requirements.txt',
      ['flask', 'gunicorn'],
    ],
    ['/opt/venv/bin/python3 -m pip install requests', ['requests']],
    ['gem install sinatra puma --no-document', ['sinatra', 'puma']],
    ['npm install -g express@4 @scope/name@1.2', ['express', '@scope/name']],
    ['composer require slim/slim:4.*', ['slim/slim']],
    ['cpanm Mojolicious', ['Mojolicious']],
    ['if true; then apt-get install -y tzdata; fi', ['tzdata']],
    ['["apt-get", "install", "-y", "redis"]', ['redis']],
    ['npm install', []],
    ['pip install -r requirements.txt .', []],
    ['apt-get update', []],
    ['echo apt-get install nginx', []],
  ])('%s', (run, names) => {
    expect(installed(run)).toEqual(names);
  });

  test('are those of a heredoc as well', () => {
    expect(installedBy('FROM debian\nRUN <<EOF\napt-get update\napt-get install -y nginx\nEOF\n')).toEqual([
      'nginx',
    ]);
  });

  test('are named by variables that the Dockerfile sets', () => {
    const setting = 'ARG VERSION=3.11\nENV PKGS="nginx curl"';
    const text = `FROM debian\n${setting}\nRUN apt-get install -y python$VERSION lua\${VERSION} $PKGS $UNSET\n`;
    expect(installedBy(text)).toEqual(['python3.11', 'lua3.11', 'nginx', 'curl']);
  });

  test('are those of every stage that the stage is made of, and of no other', () => {
    const text = `FROM debian AS base
RUN apt-get install -y python3
FROM base AS build
RUN apt-get install -y gcc
FROM debian AS unused
RUN apt-get install -y vim
FROM scratch
COPY --from=build /usr /usr
`;
    expect(installedBy(text)).toEqual(['python3', 'gcc']);
  });
});
