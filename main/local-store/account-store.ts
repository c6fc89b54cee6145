/** One account's two files and the rules between them: what leaves the outbox, when, and why. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type {
  ConversationRow,
  Draft,
  Hole,
  Notice,
  OutboxItem,
  Stored,
  TimelinePage,
  TimelineRow,
} from '@matchbook/protocol/bridge';
import { type Content, chainLink, contentHash } from '@matchbook/protocol/chain';
import { decodeDown } from '@matchbook/protocol/codec';
import type { Failure } from '@matchbook/protocol/failures';
import type { AckItem, SavedItem } from '@matchbook/protocol/frames';
import { directConversationId } from '@matchbook/protocol/ids';
import { LIMITS } from '@matchbook/protocol/limits';
import { setAside } from './damage.ts';
import { type Applied, HistoryDb } from './history-db.ts';
import { OutboxDb } from './outbox-db.ts';
import { StoreFailure } from './store-failure.ts';
import { Views } from './views.ts';

/** Items that the session host is given at once; it asks again when they are gone. */
const SENDABLE = 1_000;
const HOLES = 100;

export interface StoreEvents {
  changed(convs: Iterable<string>, list: boolean): void;
  outboxChanged(): void;
  holesChanged(): void;
}

export interface Identity {
  account: string;
  user: string;
  device: string;
}

export class AccountStore {
  readonly notices: Notice[] = [];
  #identity: Identity;
  #outbox: OutboxDb;
  #history: HistoryDb;
  #views: Views;
  #events: StoreEvents;
  #now: () => number;
  #newId: () => string;

  constructor(
    folder: string,
    identity: Identity,
    { events, now, newId }: { events: StoreEvents; now: () => number; newId: () => string },
  ) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#identity = identity;
    this.#events = events;
    this.#now = now;
    this.#newId = newId;
    this.#outbox = new OutboxDb(folder, identity.account, now);
    if (this.#outbox.setAside !== null)
      this.notices.push({ id: 'outbox-salvaged', detail: this.#outbox.setAside });
    this.#history = this.#openHistory(join(folder, 'history.db'));
    this.#views = new Views(identity, this.#history, this.#outbox);
    this.#settle();
    this.backUp();
  }

  // ---- windows ----

  list = (): ConversationRow[] => this.#views.list();

  page = (request: { conv: string; to?: number; from?: number; limit: number }): TimelinePage =>
    this.#views.page(request);

  submit(request: { conv: string; id: string; text: string; draftVersion: number }): TimelineRow {
    const item = this.#outbox.submit(request);
    this.#events.changed([request.conv], true);
    this.#events.outboxChanged();
    return this.#views.waitingRow(item);
  }

  toDraft(id: string): Draft {
    const { item, draft } = this.#outbox.toDraft(id);
    this.#events.changed([item.conv], true);
    return draft;
  }

  discard(id: string): null {
    const item = this.#outbox.withdraw(id);
    this.#events.changed([item.conv], true);
    return null;
  }

  retry({ id, newId }: { id: string; newId: string }): TimelineRow {
    const item = this.#outbox.retry(id, newId);
    this.#events.changed([item.conv], true);
    this.#events.outboxChanged();
    return this.#views.waitingRow(item);
  }

  readDraft = (conv: string): Draft => this.#outbox.draft(conv);

  saveDraft({ conv, text }: { conv: string; text: string }): { version: number } {
    const had = this.#outbox.draft(conv).text !== '';
    const version = this.#outbox.saveDraft(conv, text);
    if (had !== (text !== '')) this.#events.changed([], true);
    return { version };
  }

  /** Never below what is known to be read; nothing to tell where nothing new was seen. */
  markRead({ conv, n }: { conv: string; n: number }): null {
    if (n <= this.#views.readPlace(conv)) return null;
    this.#outbox.markRead(this.#newId(), conv, n);
    this.#events.changed([], true);
    this.#events.outboxChanged();
    return null;
  }

  ensureDirect(peer: { user: string; name: string } | null): { conv: string } {
    const { user } = this.#identity;
    const conv = directConversationId(user, peer?.user ?? user);
    const members = [{ user, name: null }, ...(peer && peer.user !== user ? [peer] : [])];
    const inLog = this.#history.ensureConversation(conv, members, this.#now());
    const waits = this.#outbox.items(conv).some((item) => item.append.kind === 'create');
    if (!inLog && !waits) {
      this.#outbox.addCreate(this.#newId(), conv, {
        kind: 'create',
        form: 'direct',
        members: members.map((m) => m.user),
      });
      this.#events.outboxChanged();
    }
    this.#events.changed([conv], true);
    return { conv };
  }

  // ---- session host ----

  cursor = (): string | null => this.#history.cursor();

  /** One `entries`, `heads` or `page` frame, unparsed. */
  storeFrame(raw: Uint8Array): Stored {
    const decoded = decodeDown(new TextDecoder().decode(raw));
    if (!decoded.ok)
      throw new StoreFailure(
        'store_failed',
        `The relay sent what cannot be read: ${decoded.failure.message}`,
      );
    const { frame } = decoded;
    const before = this.#history.holes.any();
    const own = (id: string) => this.#contentOf(id);
    let applied: Applied;
    if (frame.t === 'entries') applied = this.#history.applyEntries(frame, own);
    else if (frame.t === 'page') applied = this.#history.applyPage(frame, own);
    else if (frame.t === 'heads') applied = this.#history.applyHeads(frame);
    else throw new StoreFailure('store_failed', `A ${frame.t} frame is not stored.`);
    const arrived = this.#leave(applied.own);
    this.#events.changed(applied.convs, applied.convs.size > 0);
    const holes = this.#history.holes.any();
    if (holes && !before) this.#events.holesChanged();
    return { upTo: ('upTo' in frame ? frame.upTo : null) ?? null, arrived, holes };
  }

  outbox = (): OutboxItem[] => this.#outbox.sendable(SENDABLE);

  release = (ids: readonly string[]): { ids: string[] } => ({ ids: this.#outbox.release(ids) });

  /** History first, then out of the outbox: a crash between the two is settled at the next start, or by the row that comes. */
  acked({ conv, items }: { conv: string; items: readonly AckItem[] }): null {
    for (const { id, n, m, h, time } of items) {
      const item = this.#outbox.item(id);
      if (!item) continue;
      if (item.append.kind === 'read') this.#history.applyRead(conv, item.append.n);
      else if (n === undefined || m === undefined || h === undefined || time === undefined) continue;
      else if (item.append.kind === 'message' || this.#isOwnCreation(conv, { id, h }, item.append))
        this.#history.applyAck(conv, { id, n, m, h, time }, item.append);
    }
    this.#outbox.remove(items.map((item) => item.id));
    this.#events.changed([conv], true);
    return null;
  }

  refused(items: readonly { id: string; failure: Failure; final: boolean }[]): null {
    const convs = new Set<string>();
    for (const { id, failure, final } of items) {
      const item = this.#outbox.item(id);
      if (!item) continue;
      convs.add(item.conv);
      // A read mark that the log will never take is nobody's loss; a message stays, with its reason.
      if (final && item.append.kind === 'read') this.#outbox.remove([id]);
      else this.#outbox.refuse(id, failure, final);
    }
    this.#events.changed(convs, true);
    return null;
  }

  saved(items: readonly SavedItem[]): null {
    const { convs } = this.#history.applySaved(items);
    if (convs.size > 0) this.#events.changed(convs, false);
    return null;
  }

  unsaved = (): { ids: string[] } => ({ ids: this.#history.unsaved(LIMITS.statusIds) });

  holes = (focused: string | null): Hole[] => this.#history.holes.list(focused, HOLES);

  backUp(): void {
    this.#outbox.backUp();
  }

  close(): void {
    this.backUp();
    this.#outbox.close();
    this.#history.close();
  }

  /** A cache: when it is damaged it is set aside and begun anew, and the relay fills it. */
  #openHistory(path: string): HistoryDb {
    const { account, user } = this.#identity;
    try {
      return new HistoryDb(path, account, user);
    } catch (error) {
      if (!existsSync(path)) throw error;
      const aside = setAside(path, this.#now());
      this.notices.push({ id: 'history-reset', detail: aside });
      return new HistoryDb(path, account, user);
    }
  }

  /** What a crash between the two files left: items that history has already. */
  #settle(): void {
    this.#leave(
      this.#outbox
        .items()
        .filter((item) => this.#history.has(item.id))
        .map((item) => item.id),
    );
  }

  #leave(own: Iterable<string>): string[] {
    const arrived = [...own].filter((id) => this.#outbox.item(id) !== null);
    if (arrived.length > 0) this.#outbox.remove(arrived);
    return arrived;
  }

  /** A creation that found the conversation made already is acknowledged with the place of the first one, which the walk brings. */
  #isOwnCreation(conv: string, { id, h }: { id: string; h: string }, content: Content): boolean {
    return chainLink(null, id, content.kind, contentHash(conv, content)) === h;
  }

  #contentOf(id: string): Content | null {
    const append = this.#outbox.item(id)?.append;
    return !append || append.kind === 'read' ? null : append;
  }
}
