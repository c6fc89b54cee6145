/** What is known of each upload from one start to the next, in a file beside that on the shelf. */
import { readFile, rm } from 'node:fs/promises';
import { writeDurably } from '../profile/durable-file.ts';
import type { Shelf } from './shelf.ts';

export interface UploadNote {
  /** At the server. */
  id: string;
  /** It is complete. */
  done: boolean;
  /** Since when, ms. */
  at: number;
}

/** For so long after it is complete the server surely has a file that nothing shows, ms. */
export const SURE = 20 * 60 * 60_000;

export class UploadNotes {
  readonly #shelf: Pick<Shelf, 'ownPath'>;
  readonly #now: () => number;

  constructor(shelf: Pick<Shelf, 'ownPath'>, now: () => number) {
    this.#shelf = shelf;
    this.#now = now;
  }

  /** Null where it is to be sent: what nothing shows is erased by the server after a day, and whether it is still there is asked by sending it again. */
  async valid(account: string, hash: string): Promise<UploadNote | null> {
    const note = await this.read(account, hash);
    return note?.done && this.#now() - note.at > SURE ? null : note;
  }

  async read(account: string, hash: string): Promise<UploadNote | null> {
    try {
      const note = JSON.parse(await readFile(this.#path(account, hash), 'utf8')) as UploadNote;
      return typeof note.id === 'string' ? note : null;
    } catch {
      return null;
    }
  }

  write(account: string, hash: string, note: Omit<UploadNote, 'at'>): Promise<void> {
    return writeDurably(this.#path(account, hash), JSON.stringify({ ...note, at: this.#now() }));
  }

  remove(account: string, hash: string): Promise<void> {
    return rm(this.#path(account, hash), { force: true });
  }

  #path(account: string, hash: string): string {
    return `${this.#shelf.ownPath(account, hash)}.upload`;
  }
}
