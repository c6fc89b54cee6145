/**
 * What is being said into a microphone, on the disk second by second: a window that closes or a process that ends takes at most the last second with it. What nobody ended is put into
 * the tray of its conversation, where it is heard, sent or thrown away like any other file.
 */
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HANDED_BYTES } from '@matchbook/protocol/bridge/files';
import { Line } from '@matchbook/protocol/in-turn';
import { LEVEL_EVERY, waveformOf } from '@matchbook/protocol/waveform';
import { asFailure, LocalError } from '../bridge/local-failure.ts';
import type { Shelf } from './shelf.ts';
import type { Tray } from './tray.ts';

export interface RecordingsParts {
  /** Folder that has one folder an account. */
  directory: string;
  shelf: Pick<Shelf, 'take'>;
  tray(account: string): Pick<Tray, 'list' | 'add' | 'describe'>;
  trayChanged(address: { account: string; conv: string }): void;
  log(line: string): void;
}

interface Piece {
  account: string;
  conv: string;
  id: string;
  bytes: Uint8Array;
  /** Loudness since the last piece, 0 to 255, every LEVEL_EVERY. */
  levels: readonly number[];
}

export class Recordings {
  readonly #parts: RecordingsParts;
  /** By account and id: the page that records. */
  readonly #live = new Map<string, { account: string; id: string; page: number }>();
  /** Accounts that are removed: nothing is kept for them. */
  readonly #leaving = new Set<string>();
  /** Pieces and ends of all, one after the other. */
  readonly #line = new Line();

  constructor(parts: RecordingsParts) {
    this.#parts = parts;
  }

  /** @throws LocalError `disk_full`, or where it has grown too large */
  keep(page: number, { account, conv, id, bytes, levels }: Piece): Promise<void> {
    this.#live.set(`${account}/${id}`, { account, id, page });
    return this.#line
      .do(async () => {
        // Its folder would be made anew.
        if (this.#leaving.has(account)) throw new Error('The account is removed from this computer.');
        const folder = this.#folder(account, id);
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFile(join(folder, 'conversation'), conv);
        // The levels first: of sound without them nobody would know how long it is.
        await appendFile(join(folder, 'levels'), Uint8Array.from(levels));
        await appendFile(join(folder, 'sound'), bytes, { flush: true });
      })
      .catch((error: NodeJS.ErrnoException) => {
        throw new LocalError(error.code === 'ENOSPC' ? 'disk_full' : 'store_failed', error.message);
      });
  }

  /** It was sent, or thrown away. */
  end(account: string, id: string): Promise<void> {
    this.#live.delete(`${account}/${id}`);
    return this.#line.do(() => rm(this.#folder(account, id), { recursive: true, force: true }));
  }

  /** A page is there no more, or is another one. */
  gone(page: number): void {
    for (const [key, one] of this.#live) {
      if (one.page !== page) continue;
      this.#live.delete(key);
      void this.#line.do(() => this.#adopt(one.account, one.id));
    }
  }

  /** What an earlier process left. */
  async opened(account: string): Promise<void> {
    this.#leaving.delete(account);
    const ids = await readdir(this.#folder(account)).catch(() => []);
    for (const id of ids)
      if (!this.#live.has(`${account}/${id}`)) await this.#line.do(() => this.#adopt(account, id));
  }

  /** The account is removed: nothing is written for it any more when this answers. */
  async forget(account: string): Promise<void> {
    this.#leaving.add(account);
    for (const [key, one] of this.#live) if (one.account === account) this.#live.delete(key);
    await this.#line.do(async () => {});
  }

  async #adopt(account: string, id: string): Promise<void> {
    const { shelf, trayChanged, log } = this.#parts;
    const folder = this.#folder(account, id);
    try {
      const [conv, levels, sound] = await Promise.all([
        readFile(join(folder, 'conversation'), 'utf8'),
        readFile(join(folder, 'levels')),
        readFile(join(folder, 'sound')),
      ]);
      if (sound.length > 0 && levels.length > 0) {
        const { hash, size, type } = await shelf.take(account, once(sound), HANDED_BYTES);
        const tray = this.#parts.tray(account);
        // A process that ended between the tray and the folder has left both.
        if (!(await tray.list(conv)).some((file) => file.hash === hash)) {
          const ending = type.endsWith('ogg') ? 'ogg' : 'webm';
          const files = await tray.add(conv, { hash, name: `voice-message.${ending}`, type, size });
          const facts = { duration: levels.length * LEVEL_EVERY, waveform: waveformOf([...levels]) };
          await tray.describe(conv, files.at(-1)!.id, facts);
        }
        trayChanged({ account, conv });
      }
    } catch (error) {
      // What has no sound, or of no conversation, is nothing; anything else is tried again with the next start.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        return log(`recording ${id}: ${asFailure(error).message}`);
    }
    await rm(folder, { recursive: true, force: true });
  }

  #folder(account: string, id = ''): string {
    return join(this.#parts.directory, account, 'files', 'voice', id);
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
