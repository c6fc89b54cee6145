import { join } from 'node:path';
import type { Loss } from '@matchbook/protocol/bridge/views';
import { isId } from '@matchbook/protocol/ids';
import { type AccountIdentity, AccountStore } from './account-store.ts';
import { ChangedPlaces } from './entries/changed-places.ts';
import { Chores } from './files/chores.ts';
import { failureOf, isDamage, RowDamage, StoreError } from './files/store-error.ts';
import type {
  AnswerMessage,
  CallAnswer,
  CallRequest,
  RequestMessage,
  StoreCall,
  StoreEvent,
} from './messages.ts';
import { AccountFiles, type SetAside } from './opening/account-files.ts';
import { openingFault } from './opening/opening-fault.ts';
import { unsentIn } from './unopened.ts';

export interface RequestHandlerOptions {
  /** Folder that has one folder an account. */
  directory: string;
  /** Wall clock, ms. */
  now: () => number;
  newId: () => string;
  tell: (event: StoreEvent) => void;
  /** Runs a task once, after `ms` (0: in the next turn of the message loop); answers with how to call it off. */
  later: (ms: number, task: () => void) => () => void;
  /** What no caller can be told. */
  log: (message: string) => void;
}

interface OpenAccount {
  identity: AccountIdentity;
  files: AccountFiles;
  store: AccountStore;
  /** Of the backup that is due; null while nothing changed since the last one. */
  cancelBackup: (() => void) | null;
  chores: Chores;
}

/** Between two backups of a changing outbox, ms. */
const BACKUP_INTERVAL = 3 * 60_000;
/** After an opening, ms: whoever opened it waits for what is in it. */
const FIRST_BACKUP = 10_000;

/** After these outbox.db is other than its backup. */
const CHANGES_OUTBOX: ReadonlySet<StoreCall> = new Set<StoreCall>([
  'ensureDirect',
  'submit',
  'append',
  'uploaded',
  'uploadAgain',
  'uploadFailed',
  'edit',
  'hold',
  'sendNow',
  'toDraft',
  'discard',
  'retry',
  'saveDraft',
  'shareDraft',
  'chooseDraft',
  'restoreText',
  'refusedLater',
  'begunWords',
  'keepBegun',
  'markRead',
  'markUnread',
  'release',
  'acked',
  'refused',
  'storeFrames',
]);

/** Everything the worker does, without the thread: takes requests, holds the open accounts, tells what changed. */
export class RequestHandler {
  readonly #options: RequestHandlerOptions;
  readonly #accounts = new Map<string, OpenAccount>();
  readonly #changed = new Map<
    string,
    { places: ChangedPlaces; drafts: Set<string>; list: boolean; outbox: boolean; holes: boolean }
  >();
  #cancelTelling: (() => void) | null = null;
  /** Bytes that each history.db may have. */
  #historyBytes = Number.MAX_SAFE_INTEGER;
  /** Others are told what was read. */
  #receipts = true;

  constructor(options: RequestHandlerOptions) {
    this.#options = options;
  }

  handle(message: RequestMessage): AnswerMessage {
    const { ref, call, request } = message;
    try {
      const value = this.#answer(call, request as never);
      if (CHANGES_OUTBOX.has(call)) this.#backupLater((request as { account: string }).account);
      return { ref, ok: true, value };
    } catch (error) {
      if (isDamage(error)) this.#damaged(error);
      return { ref, ok: false, failure: failureOf(error) };
    }
  }

  close(): null {
    this.#cancelTelling?.();
    this.#tell();
    for (const account of [...this.#accounts.keys()]) {
      try {
        this.#close(account);
      } catch (error) {
        // What was answered is durable without it; the others must be closed all the same.
        this.#options.log(`local store: ${account} was not closed in order: ${failureOf(error).message}`);
      }
    }
    return null;
  }

  #answer<K extends StoreCall>(call: K, request: CallRequest<K>): CallAnswer<K> {
    return this.#calls[call](request);
  }

  readonly #calls: { [K in StoreCall]: (request: CallRequest<K>) => CallAnswer<K> } = {
    openAccount: ({ aside, ...identity }) => this.#open(identity, aside ?? null),
    closeAccount: ({ account }) => this.#close(account),
    ensureDirect: ({ account, peer }) => this.#of(account).ensureDirect(peer),
    listConversations: ({ account, convs }) => this.#of(account).shown.listConversations(account, convs),
    timelinePage: ({ account, conv, to, from, after, limit }) =>
      this.#of(account).shown.timelinePage({
        conv,
        limit,
        ...(after === undefined ? {} : { after }),
        ...(to === undefined ? {} : { to }),
        ...(from === undefined ? {} : { from }),
      }),
    timelineLines: ({ account, conv, places }) => this.#of(account).shown.timelineLines(conv, places),
    passport: ({ account, conv, target }) => this.#of(account).shown.passport(conv, target),
    search: ({ account, ...request }) => this.#of(account).shown.search(request),
    pinnedMessages: ({ account, conv }) => this.#of(account).shown.pinnedMessages(conv),
    thread: ({ account, conv, n }) => this.#of(account).shown.thread(conv, n),
    savedMessages: ({ account }) => this.#of(account).shown.savedMessages(),
    datedPlace: ({ account, conv, time }) => this.#of(account).shown.datedPlace(conv, time),
    knownPeople: ({ account }) => this.#of(account).shown.knownPeople(),
    group: ({ account, conv }) => this.#of(account).shown.group(conv),
    untoldGroups: ({ account }) => this.#of(account).shown.untoldGroups(),
    learnGroup: ({ account, ...group }) => this.#of(account).shown.learnGroup(group),
    shared: ({ account, ...question }) => this.#of(account).shown.shared(question),
    submit: ({ account, ...message }) => this.#of(account).composing.submit(message),
    append: ({ account, ...request }) => this.#of(account).composing.append(request),
    uploaded: ({ account, id }) => this.#of(account).composing.uploaded(id),
    uploadAgain: ({ account, id }) => this.#of(account).composing.uploadAgain(id),
    uploadFailed: ({ account, id, failure }) => this.#of(account).composing.uploadFailed(id, failure),
    fileItems: ({ account }) => this.#of(account).shown.fileItems(),
    edit: ({ account, ...request }) => this.#of(account).composing.edit(request),
    hold: ({ account, id, on }) => this.#of(account).composing.hold(id, on),
    sendNow: ({ account, id }) => this.#of(account).composing.sendNow(id),
    toDraft: ({ account, id }) => this.#of(account).composing.toDraft(id),
    discard: ({ account, id, newId }) => this.#of(account).composing.discard(id, newId),
    retry: ({ account, id, newId }) => this.#of(account).composing.retry(id, newId),
    waitingItems: ({ account }) => this.#of(account).shown.waitingItems(account),
    waitingCount: ({ account }) => this.#of(account).waitingCount(),
    unsent: ({ account }) =>
      this.#accounts.get(account)?.store.shown.unsent(account) ?? unsentIn(this.#folderOf(account), account),
    readDraft: ({ account, conv }) => this.#of(account).drafting.readDraft(conv),
    saveDraft: ({ account, conv, text, basis, more, share }) =>
      this.#of(account).drafting.saveDraft(conv, text, basis, more, share),
    shareDraft: ({ account, conv }) => this.#of(account).drafting.shareDraft(conv),
    chooseDraft: ({ account, conv, choice }) => this.#of(account).drafting.chooseDraft(conv, choice),
    earlierTexts: ({ account, conv }) => this.#of(account).drafting.earlierTexts(conv),
    restoreText: ({ account, conv, id }) => this.#of(account).drafting.restoreText(conv, id),
    refusedLater: ({ account, refused }) => this.#of(account).later.follow(refused),
    begunWords: ({ account }) => this.#of(account).drafting.begunWords(),
    keepBegun: ({ account, ...words }) => this.#of(account).drafting.keepBegun(words),
    markRead: ({ account, conv, n }) => this.#of(account).reading.markRead(conv, n),
    markUnread: ({ account, conv, n }) => this.#of(account).reading.markUnread(conv, n),
    cursor: ({ account }) => this.#of(account).cursor(),
    storeFrames: ({ account, raws, chosen }) => this.#of(account).storeFrames(raws, chosen),
    outbox: ({ account }) => this.#of(account).outbox(),
    release: ({ account, ids }) => this.#of(account).release(ids),
    acked: ({ account, items }) => this.#of(account).acked(items),
    refused: ({ account, items }) => this.#of(account).refused(items),
    saved: ({ account, items }) => this.#of(account).saved(items),
    unsaved: ({ account }) => this.#of(account).unsaved(),
    news: ({ account, ...question }) => this.#of(account).news(question),
    unread: ({ account }) => this.#of(account).reading.unread(),
    holes: ({ account, focused, skip = 0 }) => this.#of(account).holes(focused, skip),
    stillToFill: ({ account, parts }) => this.#of(account).stillToFill(parts),
    depths: ({ account }) => this.#of(account).depths(),
    limitHistory: ({ bytes }) => {
      this.#historyBytes = bytes;
      for (const { chores } of this.#accounts.values()) chores.wake(1_000);
      return null;
    },
    tellReads: ({ on }) => {
      this.#receipts = on;
      return null;
    },
    historyUse: ({ account }) => this.#of(account).historyUse(),
    clearHistory: ({ account }) => this.#of(account).clearHistory(),
    keepHistory: ({ account, on }) => this.#of(account).keepHistory(on),
    missingPlaces: ({ account, conv, to }) => this.#of(account).missingPlaces(conv, to),
    close: () => this.close(),
  };

  #of(account: string): AccountStore {
    const open = this.#accounts.get(account);
    if (open) return open.store;
    throw new StoreError({ kind: 'no_such_account', message: 'This account is not open on this device.' });
  }

  #folderOf(account: string): string {
    if (!isId(account))
      throw new StoreError({ kind: 'bad_call', message: 'account is not an id', field: 'account' });
    return join(this.#options.directory, account);
  }

  #waitingBeside(account: string): number {
    let waiting = 0;
    for (const [other, { store }] of this.#accounts)
      if (other !== account) waiting += store.waitingCount().waiting;
    return waiting;
  }

  #open(identity: AccountIdentity, aside: SetAside): Loss[] {
    const { account } = identity;
    if (this.#accounts.has(account)) return [];
    const { now, newId } = this.#options;
    const folder = this.#folderOf(account);
    const files = new AccountFiles(folder, now(), aside);
    try {
      const store = new AccountStore({
        ...{ identity, outbox: files.outbox, history: files.history, now, newId },
        limit: () => this.#historyBytes,
        receipts: () => this.#receipts,
        whole: () => files.trust(),
        elsewhere: () => this.#waitingBeside(account),
        changes: {
          rows: (convs, list, places) => this.#change(account, { convs, list, places }),
          outbox: () => this.#change(account, { outbox: true }),
          holes: () => this.#change(account, { holes: true }),
          drafts: (drafts) => this.#change(account, { drafts }),
          chores: (ms) => this.#accounts.get(account)?.chores.wake(ms),
        },
      });
      const chores = new Chores(store.chores(), {
        later: this.#options.later,
        failed: (name, error) => this.#choreFailed(account, name, error),
      });
      this.#accounts.set(account, { identity, files, store, cancelBackup: null, chores });
    } catch (error) {
      files.abandon();
      throw isDamage(error) ? error : openingFault(error, folder, 'folder');
    }
    this.#backupLater(account, FIRST_BACKUP);
    return files.notices;
  }

  #close(account: string): null {
    const open = this.#accounts.get(account);
    if (!open) return null;
    if (open.cancelBackup) this.#backup(account);
    this.#accounts.delete(account);
    open.chores.end();
    open.store.end();
    open.files.close();
    return null;
  }

  /**
   * A file turned out to be damaged. It can only be set aside once nothing holds it open, and that takes the end of this
   * thread: main starts another, and opening the accounts puts right what can be. Until then nothing is written.
   */
  #damaged(error: unknown): void {
    for (const { files, cancelBackup, chores } of this.#accounts.values()) {
      cancelBackup?.();
      chores.end();
      // A row of the outbox says nothing against the history.
      if (!(error instanceof RowDamage)) files.suspect();
      files.abandon();
    }
    this.#accounts.clear();
    this.#options.tell({ event: 'damaged', reason: failureOf(error).message });
  }

  #choreFailed(account: string, name: string, error: unknown): void {
    const { message } = failureOf(error);
    if (isDamage(error)) this.#damaged(error);
    else this.#options.log(`local store: ${account}: ${name}: ${message}`);
  }

  #backupLater(account: string, delay = BACKUP_INTERVAL): void {
    const open = this.#accounts.get(account);
    if (!open || open.cancelBackup) return;
    open.cancelBackup = this.#options.later(delay, () => this.#backup(account));
  }

  #backup(account: string): void {
    const open = this.#accounts.get(account);
    if (!open) return;
    open.cancelBackup?.();
    open.cancelBackup = null;
    try {
      open.store.putRight();
      open.files.backup(this.#options.now());
    } catch (error) {
      if (isDamage(error)) return this.#damaged(error);
      // The outbox itself is sound; the last backup stays, and the next change asks for another.
      this.#options.log(`local store: no backup of the outbox: ${failureOf(error).message}`);
    }
  }

  #change(
    account: string,
    change: {
      convs?: Iterable<string>;
      places?: ChangedPlaces | undefined;
      drafts?: Iterable<string>;
      list?: boolean;
      outbox?: boolean;
      holes?: boolean;
    },
  ): void {
    let changed = this.#changed.get(account);
    if (!changed) {
      changed = { places: new ChangedPlaces(), drafts: new Set(), list: false, outbox: false, holes: false };
      this.#changed.set(account, changed);
    }
    for (const conv of change.convs ?? []) changed.places.add(conv, change.places?.of(conv) ?? null);
    for (const conv of change.drafts ?? []) changed.drafts.add(conv);
    changed.list ||= change.list ?? false;
    changed.outbox ||= change.outbox ?? false;
    changed.holes ||= change.holes ?? false;
    this.#cancelTelling ??= this.#options.later(0, () => this.#tell());
  }

  #tell(): void {
    this.#cancelTelling = null;
    for (const [account, { places, drafts, list, outbox, holes }] of this.#changed) {
      const changed = places.told();
      if (changed.convs.length > 0 || list)
        this.#options.tell({ event: 'changed', account, ...changed, list });
      if (drafts.size > 0) this.#options.tell({ event: 'draftsChanged', account, convs: [...drafts] });
      if (outbox) this.#options.tell({ event: 'outboxChanged', account });
      if (holes) this.#options.tell({ event: 'holesChanged', account });
    }
    this.#changed.clear();
  }
}
