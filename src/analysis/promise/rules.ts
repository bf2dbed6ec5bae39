import { authorFiles, stageDirectories, writtenData } from './author-data.ts';
import { calledPrograms } from './called-programs.ts';
import { certificates } from './certificates.ts';
import { characterSets, localeFiles } from './languages.ts';
import { libraryData } from './library-data.ts';
import { libraryPackages } from './library-packages.ts';
import { loadedLibraries } from './loaded-libraries.ts';
import { nameService } from './name-service.ts';
import { namedData } from './named-data.ts';
import { namedPackages } from './named-packages.ts';
import { namedPlaces } from './named-places.ts';
import { openssl } from './openssl.ts';
import { phpSessions } from './php-sessions.ts';
import type { PromiseRule } from './rule.ts';
import { serverPackage } from './server-package.ts';
import { serverPrefix } from './server-prefix.ts';
import { shell } from './shell.ts';
import { standardLibrary } from './standard-library.ts';
import { SYSTEM_DATABASES } from './system-databases.ts';
import { wholePackages } from './whole-packages.ts';

/** Every promise rule; the order is that of the needs. */
export const PROMISE_RULES: readonly PromiseRule[] = [
  writtenData,
  authorFiles,
  stageDirectories,
  namedPlaces,
  standardLibrary,
  wholePackages,
  namedPackages,
  phpSessions,
  serverPackage,
  serverPrefix,
  libraryData,
  namedData,
  ...SYSTEM_DATABASES,
  nameService,
  certificates,
  openssl,
  shell,
  calledPrograms,
  loadedLibraries,
  libraryPackages,
  localeFiles,
  characterSets,
];
