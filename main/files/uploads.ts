/**
 * What of the outbox waits for its files: they are sent to the account's server, and then the item is let go. The outbox itself says what is wanted, so that
 * a process that ends at any instruction leaves nothing to be put right: the next one reads the outbox and asks the server how far each file came.
 */
import type { Transfer } from '@matchbook/protocol/bridge/files';
import { asFailure } from '../bridge/local-failure.ts';
import type { LocalStore } from '../local-store/local-store.ts';
import type { FileItem } from '../local-store/outbox/file-items.ts';
import { Bringing } from './bringing.ts';
import type { FileServer } from './file-server.ts';
import type { Shelf } from './shelf.ts';
import { endUpload } from './tus.ts';
import { UploadJobs } from './upload-jobs.ts';
import { SURE, UploadNotes } from './upload-notes.ts';

/** Windows hear of progress at most this often, ms. */
const TOLD_EVERY = 200;
/** Whoever removes an account waits so long at most for its server to forget what it has of files, ms: by itself it does so after a day. */
const GIVE_UP = 3_000;
/** What came onto the shelf since then may be on its way into a tray, ms. */
const SETTLED = 60_000;

export interface UploadsParts {
  store: Pick<LocalStore, 'fileItems' | 'uploaded' | 'uploadAgain' | 'uploadFailed'>;
  shelf: Shelf;
  server: FileServer;
  /** Hashes that composers hold: what is in a tray stays one's own. */
  inTrays(account: string): Promise<ReadonlySet<string>>;
  changed(account: string, transfers: Transfer[]): void;
  now(): number;
  clock(): number;
  random(): number;
  setTimer(work: () => void, delay: number): { cancel(): void };
  log(line: string): void;
}

interface Wanted {
  id: string;
  hashes: string[];
  size: number;
  held: boolean;
}

export class Uploads {
  readonly #parts: UploadsParts;
  readonly #jobs: UploadJobs;
  readonly #wanted = new Map<string, Wanted[]>();
  /** By account and id of what waits with its files at the server: until when they surely are, ms. */
  readonly #sure = new Map<string, Map<string, number>>();
  readonly #notes: UploadNotes;
  readonly #bringing: Bringing;
  readonly #looking = new Map<string, { again: boolean; done: Promise<void> }>();
  readonly #telling = new Map<string, { cancel(): void }>();
  /** By account: when what nobody wants any more is settled, it is taken away. */
  readonly #settling = new Map<string, { cancel(): void }>();
  /** Accounts that are about to be removed: nothing is begun for them. */
  readonly #leaving = new Set<string>();
  #closed = false;

  constructor(parts: UploadsParts) {
    const { shelf, server, clock, now, random, setTimer } = parts;
    this.#parts = parts;
    this.#notes = new UploadNotes(shelf, now);
    this.#jobs = new UploadJobs({
      ...{ shelf, server, clock, now, random, setTimer, notes: this.#notes },
      progressed: (account) => this.#tell(account),
      ended: (account) => this.look(account),
      refused: async (account, hash, failure) => {
        let noted = true;
        for (const { id, hashes } of this.#wanted.get(account) ?? [])
          if (hashes.includes(hash))
            await parts.store.uploadFailed({ account, id, failure }).catch((error: unknown) => {
              // What is gone meanwhile is refused no more.
              if (asFailure(error).kind !== 'no_such_item') noted = false;
            });
        return noted;
      },
    });
    this.#bringing = new Bringing({
      ...{ shelf, server, clock, notes: this.#notes },
      tell: (account) => this.#tell(account),
    });
  }

  /** Something of the outbox changed: what is wanted is read again, as it is now, when this answers. */
  look(account: string): Promise<void> {
    if (this.#closed || this.#leaving.has(account)) return Promise.resolve();
    const looking = this.#looking.get(account);
    if (looking) {
      looking.again = true;
      return looking.done;
    }
    const mine = { again: false, done: Promise.resolve() };
    this.#looking.set(account, mine);
    mine.done = this.#lookUntil(account, mine);
    return mine.done;
  }

  async #lookUntil(account: string, mine: { again: boolean }): Promise<void> {
    try {
      do {
        mine.again = false;
        await this.#look(account);
      } while (mine.again && !this.#closed);
    } catch (error) {
      // An account that was closed meanwhile wants nothing any more; any other failure is met at the next change.
      if (asFailure(error).kind === 'no_such_account') this.forget(account);
      else this.#parts.log(`uploads: ${asFailure(error).message}`);
    } finally {
      this.#looking.delete(account);
    }
  }

  /** The network is back, or the person does not want to wait. */
  wake(): void {
    this.#jobs.wake();
  }

  /** Which of these items the server may have forgotten the files of: they wait for them again, before anybody gets a message without its files. */
  async renew(account: string, ids: readonly string[]): Promise<void> {
    const { store, now } = this.#parts;
    // Just started: what is in the outbox is not known yet.
    if (!this.#sure.has(account)) await this.look(account);
    const sure = this.#sure.get(account);
    for (const id of ids) {
      const until = sure?.get(id);
      if (until !== undefined && until <= now()) await store.uploadAgain({ account, id });
    }
  }

  /** For what does not wait in the outbox: as `Bringing` says it. */
  bring(...asked: Parameters<Bringing['bring']>): Promise<void> {
    return this.#bringing.bring(...asked);
  }

  transfers(account: string): Transfer[] {
    const items = (this.#wanted.get(account) ?? []).map(({ id, hashes, size, held }): Transfer => {
      const jobs = hashes.flatMap((hash) => this.#jobs.get(account, hash) ?? []);
      const waits = jobs.find((job) => job.state === 'waiting' && job.failure !== null);
      return {
        ...{ id, size, sent: jobs.reduce((sum, job) => sum + job.sent, 0) },
        state: held ? 'paused' : jobs.some((job) => job.state === 'sending') ? 'sending' : 'waiting',
        failure: held ? null : (waits?.failure ?? null),
        nextAt: held ? null : (waits?.nextAt ?? null),
      };
    });
    return [...items, ...this.#bringing.transfers(account)];
  }

  forget(account: string): void {
    this.#jobs.keep(account, new Set());
    this.#wanted.delete(account);
    this.#sure.delete(account);
    this.#settling.get(account)?.cancel();
    this.#settling.delete(account);
  }

  /**
   * The account is about to be removed with all that waits in it: its server forgets what it has of files that are not complete. It is no reason to keep the account
   * if that cannot be told. Where the account stays after all, the next change begins them anew.
   */
  async giveUp(account: string): Promise<void> {
    const { server, shelf, setTimer } = this.#parts;
    this.#leaving.add(account);
    this.forget(account);
    const late = new AbortController();
    const timer = setTimer(() => late.abort(), GIVE_UP);
    const tooLate = new Promise<void>((resolve) => {
      late.signal.addEventListener('abort', () => resolve());
    });
    const forgotten = async () => {
      for (const { hash } of await shelf.owned(account)) {
        const note = await this.#notes.read(account, hash);
        if (!note || note.done || late.signal.aborted) continue;
        await endUpload(server, account, note.id, late.signal).catch((error: unknown) =>
          this.#parts.log(
            `uploads: an unfinished file stays a day at the server: ${asFailure(error).message}`,
          ),
        );
      }
    };
    try {
      await Promise.race([forgotten(), tooLate]);
    } catch (error) {
      this.#parts.log(`uploads: ${asFailure(error).message}`);
    } finally {
      timer.cancel();
      this.#leaving.delete(account);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { cancel } of [...this.#telling.values(), ...this.#settling.values()]) cancel();
    await this.#jobs.close();
  }

  async #look(account: string): Promise<void> {
    const { store, shelf } = this.#parts;
    const items = await store.fileItems(account);
    const waiting = items.filter(({ uploading, failed }) => uploading && !failed);
    const wanted = waiting.map(
      ({ id, files, held }): Wanted => ({
        ...{ id, held },
        hashes: [...new Set(files.map(({ hash }) => hash))],
        size: [...new Map(files.map((file) => [file.hash, file.size])).values()].reduce((a, b) => a + b, 0),
      }),
    );
    this.#wanted.set(account, wanted);
    const over = await this.#lookSure(account, items);
    const going = new Set([...wanted.filter(({ held }) => !held).flatMap(({ hashes }) => hashes), ...over]);
    const sizes = new Map(items.flatMap(({ files }) => files.map(({ hash, size }) => [hash, size] as const)));
    this.#jobs.keep(account, going);
    for (const hash of going) this.#jobs.add(account, hash, sizes.get(hash) ?? 0);
    for (const { id, hashes, held } of wanted)
      if (!held && hashes.every((hash) => this.#jobs.get(account, hash)?.state === 'done'))
        await store.uploaded({ account, id });
    this.#tell(account);
    this.#jobs.start();
    // Last: where it cannot be read what lies in the trays, what is to be sent is sent all the same.
    await this.#tidy(
      account,
      items.flatMap(({ files }) => files.map(({ hash }) => hash)),
      shelf,
    );
  }

  /** Answers with the files of what may be sent already and that the server may have forgotten: they are brought again beside it. */
  async #lookSure(account: string, items: readonly FileItem[]): Promise<string[]> {
    const { shelf, now } = this.#parts;
    const own = new Set((await shelf.owned(account)).map(({ hash }) => hash));
    const sure = new Map<string, number>();
    const over: string[] = [];
    for (const { id, files, uploading, failed, frozen } of items) {
      if (uploading || failed) continue;
      // What was passed on from another message is shown by that one.
      for (const { hash } of files.filter((file) => own.has(file.hash))) {
        const until = ((await this.#notes.read(account, hash))?.at ?? 0) + SURE;
        sure.set(id, Math.min(until, sure.get(id) ?? until));
        if (frozen && until <= now()) over.push(hash);
      }
    }
    this.#sure.set(account, sure);
    return over;
  }

  /** What neither the outbox nor a tray needs: the server has it, or nobody wants it any more. */
  async #tidy(account: string, inOutbox: readonly string[], shelf: Shelf): Promise<void> {
    const needed = new Set([...inOutbox, ...(await this.#parts.inTrays(account))]);
    let rest = SETTLED;
    for (const { hash, since } of await shelf.owned(account)) {
      if (needed.has(hash)) continue;
      const age = this.#parts.now() - since;
      if (age < SETTLED) {
        rest = Math.min(rest, SETTLED - Math.max(0, age));
        this.#settle(account, rest);
        continue;
      }
      const note = await this.#notes.valid(account, hash);
      if (note?.done) await shelf.release(account, hash);
      else {
        if (note) await endUpload(this.#parts.server, account, note.id).catch(() => {});
        await shelf.drop(account, hash);
      }
      await this.#notes.remove(account, hash);
    }
  }

  /** Looks again after so many ms: nothing else may ever happen in the outbox. */
  #settle(account: string, rest: number): void {
    this.#settling.get(account)?.cancel();
    const timer = this.#parts.setTimer(() => {
      this.#settling.delete(account);
      void this.look(account);
    }, rest + 1);
    this.#settling.set(account, timer);
  }

  #tell(account: string): void {
    if (this.#closed || this.#telling.has(account)) return;
    const timer = this.#parts.setTimer(() => {
      this.#telling.delete(account);
      this.#parts.changed(account, this.transfers(account));
    }, TOLD_EVERY);
    this.#telling.set(account, timer);
  }
}
