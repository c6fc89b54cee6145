import { readFile } from 'node:fs/promises';
import type { Adapter } from 'lowdb';
import { writeDurably } from './durable-file.ts';

/**
 * lowdb's adapter, durable: one file that holds an object, and a copy of it for the day on which it is damaged. The text is made before a write is
 * queued, so that a later change does not leak into an earlier write; queued writes coalesce.
 */
export class DurableJsonFile<T extends object> implements Adapter<T> {
  readonly path: string;
  readonly copy: string;
  #next = '';
  #queued: Promise<void> | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.path = path;
    this.copy = `${path}.copy`;
  }

  /** @returns null where there is none @throws SyntaxError where it is damaged */
  read(): Promise<T | null> {
    return objectIn<T>(this.path);
  }

  readCopy(): Promise<T | null> {
    return objectIn<T>(this.copy);
  }

  /** Whoever comes while a write is under way waits for the one after it, which has their data. */
  write(data: T): Promise<void> {
    this.#next = `${JSON.stringify(data, null, 2)}\n`;
    this.#queued ??= this.#writing.then(
      () => this.#begin(),
      () => this.#begin(),
    );
    return this.#queued;
  }

  #begin(): Promise<void> {
    this.#queued = null;
    this.#writing = this.#writeBoth(this.#next);
    return this.#writing;
  }

  async #writeBoth(text: string): Promise<void> {
    await writeDurably(this.path, text);
    await writeDurably(this.copy, text);
  }
}

async function objectIn<T>(path: string): Promise<T | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new SyntaxError('not an object');
  return value as T;
}
