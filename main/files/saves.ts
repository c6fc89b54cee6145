/** Files that are written where the person keeps them: beside their place first, renamed when they are whole. */
import { copyFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Saving } from '@matchbook/protocol/bridge/files';
import { asFailure, LocalError, refusedPlace } from '../bridge/local-failure.ts';
import type { Downloads } from './downloads.ts';

/** Saves that are remembered, to be shown in their folder. */
const REMEMBERED = 200;

export interface SavesParts {
  downloads: Downloads;
  changed(saving: Saving): void;
  newId(): string;
  reveal(path: string): void;
}

export class Saves {
  readonly #parts: SavesParts;
  readonly #going = new Map<string, AbortController>();
  /** By id, where what was saved is. */
  readonly #places = new Map<string, string>();

  constructor(parts: SavesParts) {
    this.#parts = parts;
  }

  /** Answers when it has begun; `changed` tells the rest. */
  begin(file: { account: string; hash: string; name: string; size: number }, path: string): Saving {
    const id = this.#parts.newId();
    const stop = new AbortController();
    this.#going.set(id, stop);
    const saving: Saving = {
      ...{ id, name: file.name, received: 0, size: file.size },
      ...{ state: 'saving', failure: null },
    };
    void this.#save(saving, file, path, stop.signal).finally(() => this.#going.delete(id));
    return saving;
  }

  cancel(id: string): void {
    this.#going.get(id)?.abort();
  }

  /** @throws LocalError where nothing was saved under this id since the start */
  reveal(id: string): void {
    const path = this.#places.get(id);
    if (path === undefined) throw new LocalError('no_such_item', 'It is not known where this was saved.');
    this.#parts.reveal(path);
  }

  close(): void {
    for (const stop of this.#going.values()) stop.abort();
  }

  async #save(
    saving: Saving,
    { account, hash }: { account: string; hash: string },
    path: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { downloads, changed } = this.#parts;
    // A name that no other program gives: what lies beside it stays, and the longest name still fits.
    const beside = join(dirname(path), `.${saving.id.slice(-12)}.part`);
    try {
      const file = await downloads.whole(account, hash, {
        progress: (received) => changed({ ...saving, received: Math.min(received, saving.size) }),
        signal,
      });
      await copyFile(file.path, beside).catch(refusedPlace);
      if (signal.aborted) throw new LocalError('cancelled', 'Cancelled.');
      await rename(beside, path).catch(refusedPlace);
      this.#remember(saving.id, path);
      changed({ ...saving, received: saving.size, state: 'saved' });
    } catch (error) {
      await rm(beside, { force: true }).catch(() => {});
      changed({ ...saving, state: 'failed', failure: asFailure(error) });
    }
  }

  #remember(id: string, path: string): void {
    this.#places.set(id, path);
    const [oldest] = this.#places.keys();
    if (this.#places.size > REMEMBERED && oldest !== undefined) this.#places.delete(oldest);
  }
}
