import type { ImagePath } from '../../shared/image-path.ts';
import type { DeadWeight } from './dead-weight-kind.ts';
import { RUNTIME_DEAD_WEIGHT } from './runtime-dead-weight.ts';

/** Every kind of dead weight. A file that the traced app touches stays all the same. */
export const DEAD_WEIGHT: readonly DeadWeight[] = [
  {
    name: 'documentation',
    why: 'Debian Policy 12.3: no program may need a file of /usr/share/doc; manuals are for people',
    matches: (path) =>
      /^\/usr(?:\/local)?\/share\/(?:doc|doc-base|man|info|gtk-doc|lintian|bug)\//.test(path),
  },
  {
    name: 'headers',
    why: 'a compiler reads them, and an entry compiles nothing when it runs',
    matches: (path) => /^\/usr(?:\/local)?\/include\//.test(path),
  },
  {
    name: 'static-archives',
    why: 'a linker reads static archives, start files and pkg-config files when something is built',
    matches: (path) =>
      /^(?:\/usr(?:\/local)?)?\/lib(?:32|64)?\/(?:.*\/)?(?:[^/]+\.(?:a|pc)|[\w]*crt[1\w]*\.o)$/.test(path),
  },
  {
    name: 'package-managers',
    why: 'an entry installs nothing when it runs: lists, caches and scripts of apt, dpkg, apk and rpm',
    matches: (path) =>
      /^\/(?:var\/(?:lib\/(?:apt|dpkg|rpm)|cache\/(?:apt|apk|debconf|dnf|yum))|lib\/apk\/db|etc\/apt|usr\/lib\/apt)\//.test(
        path,
      ),
  },
  {
    name: 'service-files',
    why: 'no init system, no cron and no log rotation runs in an entry',
    matches: (path) =>
      /^(?:\/usr)?\/lib\/systemd\/|^\/etc\/(?:init\.d|rc\d\.d|cron\.(?:d|daily|hourly|weekly|monthly)|logrotate\.d)\//.test(
        path,
      ),
  },
  {
    name: 'distribution-support',
    why: 'shells, editors, debuggers, fault reports, tracers, confinement and init systems read these, and none of them runs in an entry',
    matches: (path) =>
      /^\/usr\/share\/(?:bash-completion|gdb|gcc|zsh\/vendor-completions|fish\/vendor_completions\.d|vim\/(?:addons|registry)|emacs\/site-lisp|apport|systemtap)\/|^(?:\/usr)?\/lib\/(?:tmpfiles\.d|sysusers\.d|modules-load\.d|sysctl\.d|udev)\/|^\/etc\/(?:bash_completion\.d|apparmor\.d|ufw|default)\//.test(
        path,
      ),
  },
  {
    name: 'server-build-files',
    why: 'builds of server modules and package scripts read these: apxs of httpd, PGXS of PostgreSQL',
    matches: (path) =>
      /^\/usr\/share\/apache2\/build\/|\/modules\/httpd\.exp$|^\/usr\/lib\/postgresql\/[^/]+\/lib\/pgxs\/|-maintscript-helper$/.test(
        path,
      ),
  },
  {
    name: 'postgresql-jit',
    why: 'PostgreSQL compiles no query where llvmjit is missing (src/backend/jit/jit.c, provider_init), and it links LLVM, 110 MB',
    matches: (path) => /\/lib\/(?:llvmjit[^/]*\.(?:so|bc)|bitcode\/.*)$/.test(path),
  },
  {
    name: 'openssl-engines',
    why: "padlock drives processors of VIA, afalg the kernel's crypto socket, which Unikraft lacks, and loader_attic reads keys as OpenSSL 1 did; each loads only where openssl.cnf names it",
    matches: (path) => /\/engines-\d[\d.]*\/(?:padlock|afalg|loader_attic)\.so$/.test(path),
  },
  {
    name: 'byte-code-caches',
    why: 'the interpreter makes byte code from the sources, which stay',
    matches: (path) => /\/__pycache__\/[^/]+\.pyc$/.test(path),
  },
  ...RUNTIME_DEAD_WEIGHT,
];

/** Whether a file is dead weight. */
export function isDeadWeight(path: ImagePath): boolean {
  return DEAD_WEIGHT.some(({ matches }) => matches(path));
}
