// Adds to package-lock.json what npm leaves out of it when the registry at hand holds packages of its own platform
// only: the optional packages of the other platforms. Without them `npm ci` refuses the lock (`Missing: x@ from lock
// file`). They get no integrity, which only a registry that has them can give.
//
//   npm install NAME && node scripts/complete-lock.mjs && npm install --package-lock-only
import { readFileSync, writeFileSync } from 'node:fs';

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];
const libraries = { musl: 'musl', musleabihf: 'musl', gnu: 'glibc', gnueabihf: 'glibc' };

/** @param {string} name a package whose name says its platform, such as `@biomejs/cli-linux-x64-musl` */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const os = words.find((word) => systems.includes(word));
  const cpu = words.find((word) => processors.includes(word));
  const libc = words.map((word) => libraries[word]).find(Boolean);
  return os && cpu ? { cpu: [cpu], ...(libc ? { libc: [libc] } : {}), os: [os] } : undefined;
}

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
for (const parent of Object.values({ ...lock.packages })) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const platform = platformOf(name);
    if (!platform || lock.packages[`node_modules/${name}`]) continue;
    const { license, dev } = parent;
    lock.packages[`node_modules/${name}`] = {
      version: version.replace(/^[~^]/, ''),
      ...platform,
      ...(dev ? { dev } : {}),
      license,
      optional: true,
    };
    process.stderr.write(`added ${name}\n`);
  }
}
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
