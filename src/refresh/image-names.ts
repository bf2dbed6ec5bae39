import type { Repository } from '../registry/image-reference.ts';

/**
 * What entries call the things in images whose names differ from it. Each row has names of the same thing; an image and
 * an entry that are in one row go together. `c++` is missing, since the number behind it is that of a standard.
 */
const SAME_THING: readonly (readonly string[])[] = [
  ['node', 'nodejs', 'node.js'],
  ['golang', 'go'],
  ['gcc', 'g++', 'gpp'],
  [
    ...[
      'openjdk',
      'java',
      'jdk',
      'jre',
      'temurin',
      'eclipse-temurin',
      'amazoncorretto',
      'corretto',
      'graalvm',
    ],
    ...[
      'ibm-semeru-runtimes',
      'ibmjava',
      'liberica-openjdk-debian',
      'sapmachine',
      'semeru',
      'zulu',
      'zulu-openjdk',
    ],
  ],
  ['python', 'cpython', 'py'],
  ['postgres', 'postgresql', 'pg'],
  ['mongo', 'mongodb'],
  ['httpd', 'apache', 'apache2', 'apache-httpd'],
  ['erlang', 'otp'],
  ['haskell', 'ghc'],
  ['dotnet', 'dotnetcore', 'aspnet', 'aspnetcore'],
  ['r-base', 'r-ver', 'r'],
  ['surrealdb', 'surreal'],
  ['elasticsearch', 'elastic'],
  ['influxdb', 'influx'],
  ['rakudo-star', 'raku'],
  ['fluent-bit', 'fluentbit'],
  ['mosquitto', 'eclipse-mosquitto'],
  ['openresty', 'nginx-openresty'],
  ['minecraft-server', 'minecraft'],
];

/**
 * The names of the software in an image, the last part of the image's name first, in lower case. Microsoft names its
 * images of .NET by two parts: `dotnet/sdk`, `dotnet/runtime`.
 */
export function namesOfImage({ path }: Repository): readonly string[] {
  const [lastPart = '', owner = ''] = path.toLowerCase().split('/').reverse();
  const thing = owner === 'dotnet' ? owner : lastPart;
  const names = SAME_THING.find((row) => row.includes(thing)) ?? [];
  return [...new Set([lastPart, ...names])];
}
