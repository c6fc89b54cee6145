/** Exports of the accounts of this device: at most one an account at a time, told as it goes, and gone on with where an earlier one ended. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportCheck, ExportState } from '@matchbook/protocol/bridge/export';
import type { HistoryPage } from '@matchbook/protocol/http/history';
import { asFailure, LocalError } from '../bridge/local-failure.ts';
import { nameOnDisk } from '../files/file-name.ts';
import type { ShelvedFile } from '../files/shelf.ts';
import type { LocalStore } from '../local-store/local-store.ts';
import { checkExport } from './checking.ts';
import { exportAll, type HowFile } from './exporting.ts';
import { ExportLedger, type Header, PROGRESS } from './ledger.ts';

/** Windows hear of the progress of one at most this often, ms. */
const TOLD_EVERY = 150;

interface Account {
  account: string;
  user: string;
  name: string;
  api: string;
}

export interface ExportsParts {
  store: LocalStore;
  account(account: string): Account;
  fetchEntries(account: string, conv: string, from: number, to: number): Promise<HistoryPage>;
  file(account: string, hash: string, how: HowFile): Promise<ShelvedFile>;
  /** Asks the person for a folder; null where they want none. */
  askFolder(sender: number): Promise<string | null>;
  reveal(path: string): void;
  changed(state: ExportState): void;
  now(): number;
  log(line: string): void;
}

export class Exports {
  readonly #parts: ExportsParts;
  readonly #states = new Map<string, ExportState>();
  readonly #going = new Map<string, { stop: AbortController; ended: Promise<void> }>();
  /** From the answer to the question for a folder until it has ended. */
  readonly #begun = new Map<string, Promise<ExportState>>();
  readonly #toldAt = new Map<string, number>();
  readonly #later = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(parts: ExportsParts) {
    this.#parts = parts;
  }

  state(account: string): ExportState | null {
    return this.#states.get(account) ?? null;
  }

  /** Where one goes on already it is that one, whichever window began it. @throws LocalError where nothing can be written there */
  async begin(account: string, sender: number): Promise<ExportState | null> {
    const going = this.#begun.get(account);
    if (going !== undefined) return going;
    const about = this.#parts.account(account);
    const chosen = await this.#parts.askFolder(sender);
    if (chosen === null) return null;
    // Another window may have been quicker while this one was asked.
    return this.#begun.get(account) ?? this.#start(about, chosen);
  }

  #start(about: Account, chosen: string): Promise<ExportState> {
    const begun = this.#begin(about, chosen);
    this.#begun.set(about.account, begun);
    begun.catch(() => this.#begun.delete(about.account));
    return begun;
  }

  async #begin(about: Account, chosen: string): Promise<ExportState> {
    const { account } = about;
    const before = await unfinishedIn(chosen, account);
    await before?.goOn(this.#nowWritten());
    const ledger = before ?? (await this.#anew(chosen, about));
    const state: ExportState = {
      ...{ account, phase: 'fetching', done: 0, of: 0, folder: ledger.folder },
      ...{ resumed: before !== null, failure: null, summary: null },
    };
    this.#states.set(account, state);
    const stop = new AbortController();
    const ended = this.#run(ledger, account, stop.signal).finally(() => {
      this.#going.delete(account);
      this.#begun.delete(account);
    });
    this.#going.set(account, { stop, ended });
    return state;
  }

  cancel(account: string): void {
    this.#going.get(account)?.stop.abort();
  }

  reveal(account: string): void {
    const state = this.#states.get(account);
    if (!state) throw new LocalError('no_such_item', 'Nothing was exported since the start.');
    this.#parts.reveal(join(state.folder, 'index.html'));
  }

  async check(sender: number): Promise<ExportCheck | null> {
    const folder = await this.#parts.askFolder(sender);
    return folder === null ? null : checkExport(folder);
  }

  /** Nothing is told of an account any more that leaves this computer; what was begun stays, to be gone on with. */
  async forget(account: string): Promise<void> {
    await this.#begun.get(account)?.catch(() => {});
    this.cancel(account);
    await this.#going.get(account)?.ended;
    clearTimeout(this.#later.get(account));
    for (const known of [this.#states, this.#toldAt, this.#later]) known.delete(account);
  }

  /** What was begun stays, to be gone on with. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#begun.values());
    for (const { stop } of this.#going.values()) stop.abort();
    await Promise.all([...this.#going.values()].map(({ ended }) => ended));
  }

  async #anew(chosen: string, { account, user, name, api }: Account): Promise<ExportLedger> {
    const created = this.#nowWritten();
    const base = nameOnDisk(`Matchbook, ${name}, ${created.slice(0, 10)}`);
    let folder = join(chosen, base);
    for (let i = 2; await stat(folder).catch(() => null); i++) folder = join(chosen, `${base} (${i})`);
    const header: Header = {
      ...{ format: 'matchbook-export', version: 1, created },
      ...{ account, user, name, server: api },
    };
    try {
      return await ExportLedger.begin(folder, header);
    } catch (error) {
      throw failureOf(error);
    }
  }

  #nowWritten(): string {
    return new Date(this.#parts.now()).toISOString();
  }

  async #run(ledger: ExportLedger, account: string, signal: AbortSignal): Promise<void> {
    const { store, fetchEntries, file } = this.#parts;
    try {
      const summary = await exportAll(ledger, {
        ...{ store, signal },
        fetchEntries: (conv, from, to) => fetchEntries(account, conv, from, to),
        file: (hash, how) => file(account, hash, how),
        now: this.#parts.now(),
        progress: (phase, done, of) => this.#tell(account, { phase, done, of }),
      });
      this.#tell(account, { phase: 'done', summary }, true);
    } catch (error) {
      await ledger.close();
      const failure = asFailure(failureOf(error));
      if (failure.kind !== 'cancelled') this.#parts.log(`export: ${failure.kind}: ${failure.message}`);
      const phase = failure.kind === 'cancelled' ? 'cancelled' : 'failed';
      this.#tell(account, { phase, failure: phase === 'failed' ? failure : null }, true);
    }
  }

  #tell(account: string, change: Partial<ExportState>, at = false): void {
    const state = { ...this.#states.get(account)!, ...change };
    const moved = this.#states.get(account)?.phase !== state.phase;
    this.#states.set(account, state);
    const now = this.#parts.now();
    const wait = at || moved ? 0 : (this.#toldAt.get(account) ?? 0) + TOLD_EVERY - now;
    if (wait > 0) {
      // The last one is told too: what comes next may take long.
      if (!this.#later.has(account))
        this.#later.set(
          account,
          setTimeout(() => this.#say(account), wait),
        );
    } else this.#say(account);
  }

  #say(account: string): void {
    clearTimeout(this.#later.get(account));
    this.#later.delete(account);
    this.#toldAt.set(account, this.#parts.now());
    this.#parts.changed(this.#states.get(account)!);
  }
}

/** In the folder that was chosen, or in one of it: that of the same account that was not finished, or has not all of it. */
async function unfinishedIn(chosen: string, account: string): Promise<ExportLedger | null> {
  const inside = await readdir(chosen, { withFileTypes: true }).catch(() => []);
  const folders = [
    chosen,
    ...inside.filter((one) => one.isDirectory()).map(({ name }) => join(chosen, name)),
  ].slice(0, 200);
  for (const folder of folders) {
    if (!(await stat(join(folder, PROGRESS)).catch(() => null))) continue;
    const ledger = await ExportLedger.unfinished(folder);
    if (ledger?.header.account === account) return ledger;
    await ledger?.close();
  }
  return null;
}

function failureOf(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return new LocalError('disk_full', message);
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM' || code === 'ENOENT' || code === 'ENOTDIR')
    return new LocalError('place_refused', message);
  return error;
}
