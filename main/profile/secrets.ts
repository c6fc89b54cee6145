/**
 * Secrets at rest, behind one port: encrypted by the operating system's keyring where there is one, else a file of mode 0600, and the app
 * says so. One file a name; a file that cannot be read any more is not a missing one.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from './durable-file.ts';

/** Electron's safeStorage as far as it is used. */
export interface Keyring {
  isEncryptionAvailable(): boolean;
  /** Linux only. `basic_text` is a key that everybody knows. */
  getSelectedStorageBackend?(): string;
  encryptString(text: string): Buffer;
  decryptString(data: Buffer): string;
}

const PLAIN = 'plain:';
const SEALED = 'sealed:';

export class UnreadableSecret extends Error {}

export class Secrets {
  #folder: string;
  #keyring: Keyring;

  constructor(folder: string, keyring: Keyring) {
    this.#folder = folder;
    this.#keyring = keyring;
  }

  /** False: secrets lie in plain files of mode 0600. */
  get sealed(): boolean {
    return (
      this.#keyring.isEncryptionAvailable() && this.#keyring.getSelectedStorageBackend?.() !== 'basic_text'
    );
  }

  /** Durable when it resolves. */
  async write(name: string, value: unknown): Promise<void> {
    const text = JSON.stringify(value);
    const data = this.sealed ? SEALED + this.#keyring.encryptString(text).toString('base64') : PLAIN + text;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeDurably(this.#path(name), data);
  }

  /** @returns null where none was written @throws UnreadableSecret where the keyring cannot open it any more */
  async read<T>(name: string): Promise<T | null> {
    let data: string;
    try {
      data = await readFile(this.#path(name), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
    try {
      if (data.startsWith(PLAIN)) return JSON.parse(data.slice(PLAIN.length)) as T;
      if (!data.startsWith(SEALED)) throw new Error('of an unknown kind');
      return JSON.parse(this.#keyring.decryptString(Buffer.from(data.slice(SEALED.length), 'base64'))) as T;
    } catch (error) {
      throw new UnreadableSecret(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }

  /** Out of the way of a new one; it may become readable again with its keyring. */
  async setAside(name: string): Promise<void> {
    const path = this.#path(name);
    await rename(path, `${path}.unreadable-${randomUUID().slice(0, 8)}`);
  }

  async remove(name: string): Promise<void> {
    await rm(this.#path(name), { force: true });
  }

  #path(name: string): string {
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(name)) throw new RangeError('a secret has a plain name');
    return join(this.#folder, name);
  }
}
