/**
 * The compiled code of the app's own chunks is kept in the profile: to read and compile them takes longer at each start than all that they do. The runtime has
 * nothing of the kind for these before Node 22. A kept file is used only for the same chunk, whose name has a hash of its contents, by the same engine, and
 * whole; V8 looks once more itself, and compiles anew what it does not know.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { basename, dirname, join } from 'node:path';
import { constants, Script } from 'node:vm';

const SUM = 32;
const ENDING = '.code';

type Compile = (this: NodeModule, content: string, filename: string, ...more: unknown[]) => unknown;

export class KeptCode {
  readonly #folder: string;
  readonly #chunks: string;
  readonly #compiled = new Map<string, { script: Script; isKept: boolean }>();

  /**
   * @param folder where it is kept; made when something is
   * @param chunks of whose files it is kept
   */
  constructor(folder: string, chunks: string) {
    this.#folder = folder;
    this.#chunks = chunks;
  }

  /** Files of the chunks that had to be compiled because nothing usable was kept of them. */
  get fresh(): string[] {
    return [...this.#compiled].filter(([, { isKept }]) => !isKept).map(([name]) => name);
  }

  /** Chunks that are required from now on in this thread are taken from what is kept. Answers with what ends that. */
  use(): () => void {
    const prototype = Module.prototype as unknown as { _compile: Compile };
    const plain = prototype._compile;
    const compile = (content: string, filename: string) => this.#compile(content, filename);
    const isOurs = (filename: string) => dirname(filename) === this.#chunks;
    prototype._compile = function (content, filename, ...more) {
      if (!isOurs(filename)) return plain.call(this, content, filename, ...more);
      const run = compile(content, filename).runInThisContext() as (...parts: unknown[]) => unknown;
      const require = (id: string) => this.require(id);
      return run.call(this.exports, this.exports, require, this, filename, dirname(filename));
    };
    return () => {
      prototype._compile = plain;
    };
  }

  /** With what has run by now, which is what runs at each start. Keeps nothing where that is not possible: the next start takes longer, and nothing else. */
  save(): void {
    const { fresh } = this;
    if (fresh.length === 0) return;
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      for (const name of fresh) {
        const code = this.#compiled.get(name)!.script.createCachedData();
        const path = join(this.#folder, name);
        writeFileSync(`${path}.new`, Buffer.concat([sumOf(code), code]), { mode: 0o600 });
        renameSync(`${path}.new`, path);
      }
      this.#dropOthers();
    } catch {
      // A full disk, or a folder that cannot be written.
    }
  }

  /** Those of an app that was replaced: of each chunk the name up to its hash is the same. */
  #dropOthers(): void {
    const stem = (name: string) => name.replace(/-[\w-]{8}\.cjs.*$/, '');
    const used = [...this.#compiled.keys()];
    for (const name of readdirSync(this.#folder))
      if (!used.includes(name) && used.some((one) => stem(one) === stem(name)))
        rmSync(join(this.#folder, name), { force: true });
  }

  #compile(content: string, filename: string): Script {
    const name = `${basename(filename)}-${process.versions.v8}-${process.arch}${ENDING}`;
    const cachedData = this.#kept(name);
    const script = new Script(Module.wrap(content), {
      filename,
      ...(cachedData ? { cachedData } : {}),
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    this.#compiled.set(name, { script, isKept: cachedData !== null && script.cachedDataRejected === false });
    return script;
  }

  #kept(name: string): Buffer | null {
    try {
      const file = readFileSync(join(this.#folder, name));
      const code = file.subarray(SUM);
      return sumOf(code).equals(file.subarray(0, SUM)) ? code : null;
    } catch {
      return null;
    }
  }
}

const sumOf = (code: Uint8Array): Buffer => createHash('sha256').update(code).digest();
