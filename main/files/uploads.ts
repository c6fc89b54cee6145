/**
 * What of the outbox waits for its files: they are sent to the account's server, and then the item is let go. The outbox itself says what is wanted, so that
 * a process that ends at any instruction leaves nothing to be put right: the next one reads the outbox and asks the server how far each file came.
 */
import type { Transfer } from '@matchbook/protocol/bridge/files';
import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import { asFailure, LocalError } from '../bridge/local-failure.ts';
import type { LocalStore } from '../local-store/local-store.ts';
import type { FileItem } from '../local-store/outbox/file-items.ts';
import { Bringing } from './bringing.ts';
import type { FileServer } from './file-server.ts';
import type { Shelf } from './shelf.ts';
import { endUpload, sendFile } from './tus.ts';
import { finalFailure } from './upload-failure.ts';
import { SURE, UploadNotes } from './upload-notes.ts';

/** Files on their way at once, of all accounts. */
const AT_ONCE = 2;
/** Pause before the k-th further try: random(0, min(cap, base * 2^k)), ms. */
const BACKOFF = { base: 1_000, cap: 60_000 } as const;
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

interface Job {
  account: string;
  hash: string;
  size: number;
  sent: number;
  state: 'waiting' | 'sending' | 'done';
  /** Tries that failed one after the other, and how often what arrived was damaged. */
  tries: number;
  damaged: number;
  failure: LocalFailure | null;
  nextAt: number | null;
  stop: AbortController | null;
  timer: { cancel(): void } | null;
}

interface Wanted {
  id: string;
  hashes: string[];
  size: number;
  held: boolean;
}

export class Uploads {
  readonly #parts: UploadsParts;
  /** By account and hash, in the order in which they were asked for. */
  readonly #jobs = new Map<string, Job>();
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
    const { shelf, server, clock, now } = parts;
    this.#parts = parts;
    this.#notes = new UploadNotes(shelf, now);
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
    for (const job of this.#jobs.values()) {
      if (job.state !== 'waiting' || job.nextAt === null) continue;
      job.tries = 0;
      this.#due(job);
    }
    this.#start();
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
      const jobs = hashes.flatMap((hash) => this.#jobs.get(key(account, hash)) ?? []);
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
    for (const job of this.#jobs.values()) if (job.account === account) this.#end(job);
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

  close(): void {
    this.#closed = true;
    for (const job of this.#jobs.values()) this.#end(job);
    for (const { cancel } of [...this.#telling.values(), ...this.#settling.values()]) cancel();
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
    for (const job of [...this.#jobs.values()])
      if (job.account === account && !going.has(job.hash)) this.#end(job);
    for (const hash of going) this.#job(account, hash, sizes.get(hash) ?? 0);
    for (const { id, hashes, held } of wanted)
      if (!held && hashes.every((hash) => this.#jobs.get(key(account, hash))?.state === 'done'))
        await store.uploaded({ account, id });
    await this.#tidy(
      account,
      items.flatMap(({ files }) => files.map(({ hash }) => hash)),
      shelf,
    );
    this.#tell(account);
    this.#start();
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

  #job(account: string, hash: string, size: number): void {
    if (this.#jobs.has(key(account, hash))) return;
    this.#jobs.set(key(account, hash), {
      ...{ account, hash, size, sent: 0, state: 'waiting', tries: 0, damaged: 0 },
      ...{ failure: null, nextAt: null, stop: null, timer: null },
    });
  }

  #end(job: Job): void {
    job.stop?.abort();
    job.timer?.cancel();
    this.#jobs.delete(key(job.account, job.hash));
  }

  #start(): void {
    if (this.#closed) return;
    let free = AT_ONCE - [...this.#jobs.values()].filter(({ state }) => state === 'sending').length;
    for (const job of this.#jobs.values()) {
      if (free <= 0) return;
      if (job.state !== 'waiting' || job.nextAt !== null) continue;
      free--;
      void this.#send(job);
    }
  }

  async #send(job: Job): Promise<void> {
    const { account, hash } = job;
    const { server, shelf, clock } = this.#parts;
    const stop = new AbortController();
    Object.assign(job, { state: 'sending', stop, failure: null });
    this.#tell(account);
    try {
      const note = await this.#notes.valid(account, hash);
      const file = await shelf.find(account, hash);
      if (!file) throw new LocalError('file_missing', 'The file is not on this device any more.');
      if (!note?.done) {
        await sendFile(
          server,
          {
            ...{ account, hash, size: job.size, path: file.path, signal: stop.signal },
            id: note?.id ?? null,
            begun: (id) => this.#notes.write(account, hash, { id, done: false }),
            progress: (sent) => {
              job.sent = sent;
              // It moves: what failed before does not count any more.
              if (sent > 0) job.tries = 0;
              this.#tell(account);
            },
          },
          clock,
        );
        await this.#notes.write(account, hash, { id: '', done: true });
      }
      Object.assign(job, { state: 'done', sent: job.size, stop: null });
    } catch (error) {
      if (!stop.signal.aborted) await this.#failed(job, asFailure(error));
    }
    await this.look(account);
    this.#start();
  }

  async #failed(job: Job, failure: LocalFailure): Promise<void> {
    const { account, hash } = job;
    job.stop = null;
    if (failure.kind === 'invalid_field' && failure.field === 'sha256') job.damaged++;
    const final = finalFailure(failure, job.damaged);
    if (final !== null) {
      this.#end(job);
      await this.#notes.remove(account, hash);
      for (const { id, hashes } of this.#wanted.get(account) ?? [])
        if (hashes.includes(hash))
          await this.#parts.store.uploadFailed({ account, id, failure: final }).catch(() => {});
      return;
    }
    // The server forgot it, or has it otherwise than we think: asked anew, or begun anew.
    if (failure.kind === 'not_found' || failure.kind === 'invalid_field')
      await this.#notes.remove(account, hash);
    const { base, cap } = BACKOFF;
    const jitter = this.#parts.random() * Math.min(cap, base * 2 ** Math.min(job.tries, 10));
    const delay = Math.max(jitter, (failure.retryAfter ?? 0) * 1_000);
    Object.assign(job, {
      state: 'waiting',
      failure,
      tries: job.tries + 1,
      nextAt: this.#parts.now() + delay,
    });
    job.timer = this.#parts.setTimer(() => {
      this.#due(job);
      this.#start();
    }, delay);
  }

  #due(job: Job): void {
    job.timer?.cancel();
    Object.assign(job, { timer: null, nextAt: null });
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

const key = (account: string, hash: string) => `${account}/${hash}`;
