/** Bounded logs: a file that is renamed to `.1` when it has grown, so that at most twice the limit lies on the disk. */
import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const LIMIT = 2 * 1024 * 1024;

export class LogFile {
  #path: string;
  #size: number;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.#path = path;
    this.#size = existsSync(path) ? statSync(path).size : 0;
  }

  /** Never throws: a disk that is full must not take the app with it. */
  write(line: string): void {
    const text = Buffer.from(`${new Date().toISOString()} ${line}\n`);
    try {
      if (this.#size + text.length > LIMIT) {
        renameSync(this.#path, `${this.#path}.1`);
        this.#size = 0;
      }
      appendFileSync(this.#path, text, { mode: 0o600 });
      this.#size += text.length;
    } catch {
      // There is nowhere left to say it.
    }
  }
}
