/** Files that are sent to the server for something else than the outbox: a picture of a person or a group, a message for later. */
import type { Transfer } from '@matchbook/protocol/bridge/files';
import { asFailure, LocalError } from '../bridge/local-failure.ts';
import type { FileItem } from '../local-store/outbox/file-items.ts';
import type { FileServer } from './file-server.ts';
import type { Shelf } from './shelf.ts';
import { sendFile } from './tus.ts';
import { finalFailure } from './upload-failure.ts';
import type { UploadNotes } from './upload-notes.ts';

export interface BringingParts {
  shelf: Shelf;
  server: FileServer;
  notes: UploadNotes;
  clock(): number;
  /** Something of an account is further. */
  tell(account: string): void;
}

export class Bringing {
  readonly #parts: BringingParts;
  readonly #going = new Map<string, Set<Transfer>>();

  constructor(parts: BringingParts) {
    this.#parts = parts;
  }

  transfers(account: string): Transfer[] {
    return [...(this.#going.get(account) ?? [])];
  }

  /**
   * Brings these files now, for what does not wait in the outbox; windows are told of it as of an item with this id. What came before a failure is gone on from.
   *
   * @throws LocalError
   */
  async bring(
    account: string,
    id: string,
    files: readonly FileItem['files'][number][],
    signal: AbortSignal,
  ): Promise<void> {
    const own = [...new Map(files.map(({ hash, size }) => [hash, size]))];
    const size = own.reduce((sum, [, bytes]) => sum + bytes, 0);
    const going: Transfer = { id, sent: 0, size, state: 'sending', failure: null, nextAt: null };
    const all = this.#going.get(account) ?? new Set();
    this.#going.set(account, all.add(going));
    let before = 0;
    try {
      for (const [hash, bytes] of own) {
        await this.#bringOne({ account, hash, size: bytes, signal }, (sent) => {
          going.sent = before + sent;
          this.#parts.tell(account);
        });
        before += bytes;
      }
    } finally {
      all.delete(going);
      this.#parts.tell(account);
    }
  }

  async #bringOne(
    { account, hash, size, signal }: { account: string; hash: string; size: number; signal: AbortSignal },
    progress: (sent: number) => void,
  ): Promise<void> {
    const { server, shelf, clock, notes } = this.#parts;
    const note = await notes.valid(account, hash);
    if (note?.done) return;
    const file = await shelf.find(account, hash);
    if (!file) throw new LocalError('file_missing', 'The file is not on this device any more.');
    try {
      const upload = { account, hash, size, path: file.path, signal, progress, id: note?.id ?? null };
      const begun = (id: string) => notes.write(account, hash, { id, done: false });
      await sendFile(server, { ...upload, begun }, clock);
    } catch (error) {
      if (signal.aborted) throw new LocalError('cancelled', 'It was not wanted any more.');
      const failure = asFailure(error);
      if (failure.kind === 'not_found' || failure.kind === 'invalid_field') await notes.remove(account, hash);
      const said = finalFailure(failure, 0) ?? failure;
      throw new LocalError(said.kind, said.message, said);
    }
    await notes.write(account, hash, { id: '', done: true });
  }
}
