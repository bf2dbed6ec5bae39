import { bytesSource } from '../../src/elf/byte-source.ts';
import { isElf } from '../../src/elf/elf-header.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { resolvePath } from '../../src/shared/file-tree.ts';
import { type ImagePath, imagePath, parentOf } from '../../src/shared/image-path.ts';
import { LibraryMissing, loadLibraries } from './loader.ts';
import type { WorldNetwork } from './network.ts';
import { type Program, programIn, type Step } from './program.ts';
import { serverOf } from './server.ts';
import type { WorldTree } from './tree.ts';

export type Surroundings = {
  readonly tree: WorldTree;
  readonly network: WorldNetwork;
  readonly env: Readonly<Record<string, string>>;
  readonly programs: Readonly<Record<string, Program>>;
  readonly print: (stream: 'stdout' | 'stderr', text: string) => void;
  /** Called with each call, as strace prints it behind the number of the process. */
  readonly trace: (line: string) => void;
  readonly count: () => number;
  /** Aborted when the container is killed. */
  readonly killed: AbortSignal;
};

/** A program that ends; the exit code says how. */
class Ended extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** The kernel's no to an execve. */
export type Refusal = 'ENOENT' | 'EACCES' | 'ENOEXEC';

const WORDS = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  ENOEXEC: 'Exec format error',
} as const;

const DEFAULT_PID = 100;

/** One process of a container: it follows the steps of its program over the container's tree. */
export class WorldProcess {
  readonly #around: Surroundings;
  readonly #pid: number;
  #children = 0;
  #listens = false;
  #program: Program = { does: [] };

  constructor(around: Surroundings, pid = DEFAULT_PID) {
    this.#around = around;
    this.#pid = pid;
  }

  /** Why the kernel refuses to start a program; null where it starts it. */
  refusalOf(path: string): Refusal | null {
    const { tree } = this.#around;
    const { path: real, entry } = resolvePath(tree, path);
    if (entry?.type !== 'file') return entry === undefined ? 'ENOENT' : 'EACCES';
    if ((entry.mode & 0o111) === 0) return 'EACCES';
    const content = tree.read(real);
    const script = interpreterOf(content);
    if (script !== null) return this.refusalOf(script[0] as string);
    if (!isElf(bytesSource(content))) return 'ENOEXEC';
    const { interpreter, header } = readElf(bytesSource(content));
    if (header.machine !== 'x86_64') return 'ENOEXEC';
    return interpreter === null ? null : this.refusalOf(interpreter);
  }

  /** Runs a program to its end, and gives its exit code. It has to be startable. */
  async run(argv: readonly string[]): Promise<number> {
    try {
      await this.#become(argv);
      if (this.#listens) await this.#untilKilled();
      return 0;
    } catch (error) {
      if (error instanceof Ended) return error.exitCode;
      throw error;
    }
  }

  async #become(argv: readonly string[]): Promise<void> {
    const [path = '', ...rest] = argv;
    const refusal = this.refusalOf(path);
    const { env } = this.#around;
    const shown = `execve(${quoted(path)}, [${argv.map(quoted).join(', ')}], 0x7ffd /* ${Object.keys(env).length} vars */)`;
    if (refusal !== null) {
      this.#call(`${shown} = -1 ${refusal} (${WORDS[refusal]})`);
      this.#fail(`cannot execute ${path}: ${WORDS[refusal]}`, 126);
    }
    this.#call(`${shown} = 0`);
    const { tree, programs } = this.#around;
    const content = tree.read(resolvePath(tree, path).path);
    const script = interpreterOf(content);
    const words = script === null ? argv : [...script, path, ...rest];
    const file = script === null ? content : tree.read(resolvePath(tree, script[0] as string).path);
    this.#load(words[0] as string, file);
    const name = programIn(file);
    const program = name === undefined ? undefined : programs[name];
    if (program === undefined) throw new Error(`the world has no program ${name ?? `in ${words[0]}`}`);
    this.#program = program;
    const steps = typeof program.does === 'function' ? program.does({ argv: words, env }) : program.does;
    await this.follow(steps, (text) => this.#around.print('stdout', text));
  }

  #load(name: string, file: Uint8Array): void {
    if (readElf(bytesSource(file)).interpreter === null) return;
    const { tree, env } = this.#around;
    const program = { path: resolvePath(tree, name).path, content: file };
    try {
      loadLibraries(program, env, {
        open: (path) => {
          const real = this.#open(path, 'O_RDONLY|O_CLOEXEC');
          return real === null ? undefined : { path: real, content: tree.read(real) };
        },
        map: (path) =>
          this.#call(`mmap(NULL, 4096, PROT_READ|PROT_EXEC, MAP_PRIVATE, 3<${path}>, 0) = 0x7f00`),
      });
    } catch (error) {
      if (!(error instanceof LibraryMissing)) throw error;
      this.#fail(`${name}: ${error.message}`, 127);
    }
  }

  /** Does steps in their order; `print` takes what they print on standard output. */
  async follow(steps: readonly Step[], print: (text: string) => void): Promise<void> {
    for (const step of steps) await this.#do(step, print);
  }

  async #do(step: Step, print: (text: string) => void): Promise<void> {
    const { tree, env, network } = this.#around;
    const [verb = '', word = '', rest = ''] = /^(\S+) ?(\S*) ?(.*)$/s.exec(step)?.slice(1) ?? [];
    const text = step.slice(verb.length + 1);
    switch (verb) {
      case 'open':
        return void this.#need(word, this.#open(imagePath(word)));
      case 'try':
        return void this.#open(imagePath(word));
      case 'cat':
        return print(Buffer.from(tree.read(this.#need(word, this.#open(imagePath(word))))).toString());
      case 'same': {
        const content = Buffer.from(tree.read(this.#need(word, this.#open(imagePath(word))))).toString();
        return content === rest ? undefined : this.#fail(`${word} is broken`, 1);
      }
      case 'stat':
        return this.#stat(word) ? undefined : this.#fail(`cannot find ${word}`, 1);
      case 'look':
        return void this.#stat(word);
      case 'list':
        return this.#list(word);
      case 'readlink':
        return this.#readLink(word);
      case 'write':
        return this.#write(word, rest);
      case 'exec':
        return await this.#become(text.split(' '));
      case 'run':
        return await this.#spawn(text.split(' '));
      case 'print':
        return print(`${text}\n`);
      case 'complain':
        return this.#around.print('stderr', `${text}\n`);
      case 'env':
        return env[word] === undefined ? this.#fail(`${word} is not set`, 1) : print(`${env[word]}\n`);
      case 'call':
        return this.#call(text);
      case 'count':
        return print(`${Math.floor(this.#around.count() / Number(word || 1))}\n`);
      case 'nth':
        return print(`${this.#around.count() === Number(word) ? 1 : 0}\n`);
      case 'listen': {
        this.#listens = true;
        const end = network.listen(Number(word), serverOf(this.#program, this));
        return this.#around.killed.addEventListener('abort', end, { once: true });
      }
      case 'ask':
        return await this.#ask(Number(word), rest, print);
      case 'wait':
        return await this.#untilKilled();
      case 'hidden': {
        const { entry } = resolvePath(tree, word);
        return entry?.type === 'file' ? undefined : this.#fail(`cannot open ${word}: ${WORDS.ENOENT}`, 1);
      }
      case 'notempty': {
        const { entry } = resolvePath(tree, word);
        return (entry?.size ?? 0) > 0 ? undefined : this.#fail(`${word} is empty`, 1);
      }
      case 'unless':
        return resolvePath(tree, word).entry === undefined ? await this.#do(rest, print) : undefined;
      case 'every':
        return this.#around.count() % Number(word) === 0 ? await this.#do(rest, print) : undefined;
      case 'exit':
        throw new Ended(Number(word));
      default:
        throw new Error(`the world does not know the step ${step}`);
    }
  }

  #fail(message: string, exitCode: number): never {
    this.#around.print('stderr', `${message}\n`);
    throw new Ended(exitCode);
  }

  #need(path: string, real: ImagePath | null): ImagePath {
    return real ?? this.#fail(`cannot open ${path}: ${WORDS.ENOENT}`, 1);
  }

  #call(line: string): void {
    this.#around.trace(`${this.#pid} ${line}`);
  }

  #open(path: ImagePath, flags = 'O_RDONLY'): ImagePath | null {
    const { path: real, entry } = resolvePath(this.#around.tree, path);
    const there = entry?.type === 'file';
    const came = there ? `3<${real}>` : `-1 ENOENT (${WORDS.ENOENT})`;
    this.#call(`openat(AT_FDCWD</>, ${quoted(path)}, ${flags}) = ${came}`);
    return there ? real : null;
  }

  #stat(path: string): boolean {
    const { entry } = resolvePath(this.#around.tree, path);
    const came = entry === undefined ? `-1 ENOENT (${WORDS.ENOENT})` : '0';
    const shown = entry === undefined ? '0x7ffd' : `{st_mode=S_IFREG|0644, st_size=${entry.size}, ...}`;
    this.#call(`newfstatat(AT_FDCWD</>, ${quoted(path)}, ${shown}, 0) = ${came}`);
    return entry !== undefined;
  }

  #list(path: string): void {
    const { path: real, entry } = resolvePath(this.#around.tree, path);
    const flags = 'O_RDONLY|O_NONBLOCK|O_CLOEXEC|O_DIRECTORY';
    if (entry?.type !== 'directory') {
      this.#call(`openat(AT_FDCWD</>, ${quoted(path)}, ${flags}) = -1 ENOENT (${WORDS.ENOENT})`);
      this.#fail(`cannot list ${path}`, 1);
    }
    this.#call(`openat(AT_FDCWD</>, ${quoted(path)}, ${flags}) = 3<${real}>`);
    this.#call(`getdents64(3<${real}>, 0x55 /* 3 entries */, 32768) = 72`);
  }

  #readLink(path: string): void {
    const { tree } = this.#around;
    const { entry } = resolvePath(tree, path, { followLast: false });
    if (entry?.type !== 'symlink') this.#fail(`${path} is no link`, 1);
    const { linkTarget } = entry as { linkTarget: string };
    this.#call(`readlink(${quoted(path)}, ${quoted(linkTarget)}, 4096) = ${linkTarget.length}`);
  }

  #write(path: string, text: string): void {
    const { tree } = this.#around;
    const flags = 'O_WRONLY|O_CREAT|O_TRUNC, 0644';
    const parent = resolvePath(tree, parentOf(imagePath(path)));
    if (parent.entry?.type !== 'directory') {
      this.#call(`openat(AT_FDCWD</>, ${quoted(path)}, ${flags}) = -1 ENOENT (${WORDS.ENOENT})`);
      this.#fail(`cannot write ${path}`, 1);
    }
    const { path: real } = resolvePath(tree, path);
    this.#call(`openat(AT_FDCWD</>, ${quoted(path)}, ${flags}) = 3<${real}>`);
    tree.put(real, { content: text });
  }

  async #spawn(argv: readonly string[]): Promise<void> {
    this.#children += 1;
    const pid = this.#pid + this.#children;
    this.#call(`clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f00) = ${pid}`);
    const exitCode = await new WorldProcess(this.#around, pid).run(argv);
    this.#around.trace(`${pid} +++ exited with ${exitCode} +++`);
    if (exitCode !== 0) this.#fail(`${argv[0]} ended with exit code ${exitCode}`, 1);
  }

  async #ask(port: number, line: string, print: (text: string) => void): Promise<void> {
    const stream = this.#around.network.connect(port);
    stream.end(`${line}\n`);
    const answer = Buffer.concat(await stream.toArray()).toString();
    if (answer === '') this.#fail(`port ${port} is closed`, 1);
    print(answer);
  }

  async #untilKilled(): Promise<never> {
    const { killed } = this.#around;
    if (!killed.aborted) {
      await new Promise<void>((resolve) => killed.addEventListener('abort', () => resolve(), { once: true }));
    }
    throw new Ended(137);
  }
}

/** The words of a script's first line; null for what is no script. */
function interpreterOf(content: Uint8Array): string[] | null {
  const [, line] = /^#! *([^\n]+)\n/.exec(Buffer.from(content.subarray(0, 200)).toString('latin1')) ?? [];
  return line === undefined ? null : line.trim().split(/ +/);
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
