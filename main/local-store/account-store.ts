import type { Depths } from '@matchbook/protocol/bridge/diagnostics';
import type { OutboxItem, Refusal, Stored } from '@matchbook/protocol/bridge/host';
import type { More } from '@matchbook/protocol/bridge/outbox';
import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type {
  ConversationRow,
  Draft,
  EarlierText,
  Hole,
  LocalSearchPage,
  TimelinePage,
  TimelineRow,
} from '@matchbook/protocol/bridge/views';
import type { PendingChange, WaitingCount, WaitingItem } from '@matchbook/protocol/bridge/waiting';
import type { Body } from '@matchbook/protocol/entries';
import type { AckItem, SavedItem } from '@matchbook/protocol/frames';
import { directConversationId } from '@matchbook/protocol/ids';

import type { Chore } from './chores.ts';
import { type Composed, composed, composedMessage } from './composed.ts';
import { cut, type Only } from './conversations.ts';
import type { Database } from './database.ts';
import { DraftSync } from './draft-sync.ts';
import { Drafts } from './drafts.ts';
import { EarlierTexts } from './earlier-texts.ts';
import { type FileItem, fileItems } from './file-items.ts';
import { History } from './history.ts';
import {
  bodyIn,
  HOLD,
  holdsOf,
  type Item,
  idConflict,
  isEntry,
  noSuchItem,
  textOf,
  withTarget,
} from './item.ts';
import { ItemActions } from './item-actions.ts';
import type { ConversationNews, NewsQuestion } from './news.ts';
import { Outbox } from './outbox.ts';
import type { SearchRequest } from './search.ts';
import { StoreError } from './store-error.ts';

export interface AccountIdentity {
  account: string;
  user: string;
  device: string;
}

/** What was deleted leaves the WAL too within this time, ms. */
const ERASED_WITHIN = 2_000;

export interface Unsent {
  /** In the order of release. */
  items: WaitingItem[];
  drafts: { conv: string; text: string }[];
}

/** What changed, to be told after it is on the disk. */
export interface Changes {
  rows(convs: Iterable<string>, list: boolean): void;
  outbox(): void;
  holes(): void;
  /** Drafts are other ones, and no window of this device did it. */
  drafts(convs: Iterable<string>): void;
  /** There is something to do beside answering, in so many ms. */
  chores(ms: number): void;
}

export interface AccountStoreOptions {
  identity: AccountIdentity;
  outbox: Database;
  history: Database;
  /** Wall clock, ms. */
  now: () => number;
  newId: () => string;
  changes: Changes;
  /** Bytes that history.db may have; without it, as many as it needs. */
  limit?: () => number;
  /** Whether others are told what was read; they are, where it is absent. */
  receipts?: () => boolean;
  /** history.db was read through, and is whole. */
  whole?: () => void;
}

/**
 * The two files of one account, and the order between them. No transaction spans both. Composed text enters outbox.db in the
 * transaction that clears its draft; an own message is written into history.db *before* it leaves outbox.db, so that a crash in
 * between leaves it in both, and `heal` at the next opening takes it out of the outbox.
 */
export class AccountStore {
  readonly #user: string;
  readonly #outbox: Outbox;
  readonly #drafts: Drafts;
  readonly #earlier: EarlierTexts;
  readonly #sync: DraftSync;
  readonly #actions: ItemActions;
  readonly #history: History;
  readonly #now: () => number;
  readonly #newId: () => string;
  readonly #changes: Changes;
  readonly #receipts: () => boolean;

  constructor(options: AccountStoreOptions) {
    const { identity, outbox, history, now, newId, changes, limit, whole, receipts } = options;
    this.#receipts = receipts ?? (() => true);
    this.#user = identity.user;
    this.#now = now;
    this.#newId = newId;
    this.#changes = changes;
    this.#outbox = new Outbox(outbox, identity.account, now);
    this.#earlier = new EarlierTexts(outbox, identity.account, now);
    this.#drafts = new Drafts(outbox, identity.account, now, this.#earlier);
    this.#sync = new DraftSync(this.#drafts, this.#earlier, this.#outbox, newId);
    this.#actions = new ItemActions(this.#outbox, this.#drafts);
    this.#history = new History({
      ...{ db: history, account: identity.account, user: identity.user },
      composed: (id) => this.#outbox.find(id)?.content ?? null,
      upkeep: {
        ...{ now, limit: limit ?? (() => Number.MAX_SAFE_INTEGER), whole: whole ?? (() => {}) },
        changed: (convs) => {
          this.#changes.rows(convs, true);
          this.#tellHoles();
        },
      },
    });
    this.#heal();
  }

  ensureDirect(peer: { user: string; name: string } | null): { conv: string } {
    const other = peer?.user ?? this.#user;
    const conv = directConversationId(this.#user, other);
    const members = other === this.#user ? [this.#user] : [this.#user, other];
    if (!this.#history.told(conv)) {
      this.#outbox.create(conv, createId(conv), { kind: 'create', form: 'direct', members });
      this.#changes.outbox();
    }
    this.#history.expect(conv, members, peer ? [peer] : [], this.#now());
    this.#changes.rows([conv], true);
    return { conv };
  }

  /** @param only conversations that are asked for; all where null */
  listConversations(account: string, only: Only): ConversationRow[] {
    const people = this.#history.people(only);
    const drafts = new Set(this.#drafts.present());
    const waiting = new Map(this.#outbox.lastMessages().map((item) => [item.conv, item]));
    const standings = this.#history.standings(only);
    const [muted, pinned, archived] = (['mute', 'pinned', 'archived'] as const).map((reg) =>
      this.#history.settings(reg),
    );
    const changes = new Map<string, PendingChange[]>();
    for (const item of this.#outbox.everyChange()) {
      const { conv, content, target } = item;
      if (target !== null || 'target' in content) continue;
      const others = changes.get(conv);
      if (others) others.push(changeOf(item));
      else changes.set(conv, [changeOf(item)]);
    }
    return this.#history
      .conversations(only)
      .map((about): ConversationRow => {
        const { conv, form, headN, unread } = about;
        const members = people.get(conv) ?? [];
        const item = waiting.get(conv);
        return {
          ...{ account, conv, form, members, headN, unread },
          self: members.length === 1 && members[0]?.user === this.#user,
          time: Math.max(about.time, item?.created ?? 0),
          preview: item ? this.#previewOfItem(item) : this.#previewOfRow(about),
          draft: drafts.has(conv),
          name: nameOf(about.name),
          picture: about.picture === null ? null : (JSON.parse(about.picture) as Body),
          ...(standings.get(conv) ?? { member: true, role: 'member' as const }),
          mutedUntil: muted?.get(conv) ?? 0,
          pinned: pinned?.get(conv) ?? 0,
          archived: archived?.get(conv) === 1,
          ...(changes.has(conv) ? { changes: changes.get(conv)! } : {}),
        };
      })
      .sort((a, b) => b.time - a.time);
  }

  timelinePage(page: { conv: string; to?: number; from?: number; limit: number }): TimelinePage {
    const changes = this.#outbox.changes(page.conv);
    const about = (row: TimelineRow): TimelineRow => {
      const own = changes.filter(
        ({ content, target }) =>
          target === row.id || (row.n !== null && 'target' in content && content.target === row.n),
      );
      return own.length === 0 ? row : { ...row, changes: own.map(changeOf) };
    };
    const waiting = this.#outbox
      .messages(page.conv)
      // Between the two transactions of an ack it is in both files.
      .filter((item) => !(item.frozen && this.#history.has(item.id, item.content)))
      .map((item) => about(this.#waitingRow(item)));
    const stored = this.#history.page(page);
    this.#tellHoles();
    return { ...stored, rows: changes.length === 0 ? stored.rows : stored.rows.map(about), waiting };
  }

  chores(): Chore[] {
    return this.#history.chores();
  }

  end(): void {
    this.#history.end();
  }

  search(request: SearchRequest): LocalSearchPage {
    return this.#history.search(request);
  }

  submit(message: {
    conv: string;
    id: string;
    text: string;
    draftVersion: number;
    boundTo?: string | undefined;
    more?: More | undefined;
    silent?: true | undefined;
    upload?: true | undefined;
  }): TimelineRow {
    const { conv, id, draftVersion, boundTo } = message;
    if (boundTo !== undefined && boundTo !== conv)
      throw new StoreError({
        kind: 'wrong_recipient',
        message: 'This text was begun for another conversation.',
        field: 'boundTo',
      });
    const said = this.#placed(conv, composedMessage(message));
    const already = this.#history.ownRow(id);
    if (already) {
      if (!this.#history.has(id, said.content)) throw idConflict();
      return already;
    }
    const item = this.#outbox.transaction(() => {
      const known = this.#outbox.find(id) !== null;
      const added = this.#outbox.append(conv, said, message.upload === true);
      if (!known) {
        this.#drafts.clear(conv, draftVersion);
        this.#sync.share(conv);
      }
      return added;
    });
    this.#changed([conv]);
    return this.#waitingRow(item);
  }

  /** Whatever is not a message of the composer. Asked again with the same id it answers the same. */
  append(request: { conv: string; append: { id: string; kind: string }; upload?: true | undefined }): {
    id: string;
  } {
    const { conv, upload } = request;
    const said = composed(request.append);
    const { id, content } = said;
    if (isEntry(content) && this.#history.ownPlace(id) !== null) {
      if (!this.#history.has(id, this.#placed(conv, said).content)) throw idConflict();
      return { id };
    }
    const waits = said.target === null ? null : this.#outbox.find(said.target);
    // Of what is not in the log yet, other words and taking back are the item's own affair.
    if (waits && content.kind === 'delete') this.#actions.discard(waits.id, id);
    else if (waits && content.kind === 'edit') this.#actions.edit(waits.id, id, textOf(content) ?? '');
    else if (content.kind === 'create') {
      this.#history.expect(conv, content.members, [], this.#now(), content.form);
      this.#outbox.append(conv, said);
    } else this.#outbox.append(conv, this.#placed(conv, said), upload === true);
    this.#changed([conv]);
    return { id };
  }

  uploaded(id: string): null {
    this.#outbox.setHold(id, HOLD.upload, false);
    this.#changed([this.#outbox.must(id).conv]);
    return null;
  }

  uploadFailed(id: string, failure: LocalFailure): null {
    const item = this.#outbox.must(id);
    this.#outbox.fail(id, failure);
    this.#changed([item.conv]);
    return null;
  }

  fileItems(): FileItem[] {
    return fileItems(this.#outbox.everything());
  }

  edit(request: { id: string; newId: string; text: string }): { id: string; queued: boolean } {
    const { id, newId, text } = request;
    const n = this.#outbox.find(id) ? null : this.#history.ownPlace(id);
    if (n !== null) {
      // It has arrived in the meantime: what was meant for the item is meant for the message.
      const { conv } = this.#history.ownEntry(id)!;
      const body = { type: 'text/plain', text };
      this.append({
        conv,
        append: { id: newId, kind: 'edit', target: n, body } as { id: string; kind: string },
      });
      return { id: newId, queued: true };
    }
    const { item, queued } = this.#actions.edit(id, newId, text);
    this.#changed([item.conv]);
    return { id: item.id, queued };
  }

  hold(id: string, on: boolean): null {
    this.#changed([this.#actions.hold(id, on).conv]);
    return null;
  }

  /** Lets go what is held. To try at once is the session's. */
  sendNow(id: string): null {
    const item = this.#outbox.must(id);
    if (item.failed)
      throw new StoreError({ kind: 'not_allowed', message: 'It failed: try it again.', field: 'id' });
    if ((item.hold & HOLD.person) !== 0) this.#outbox.setHold(id, HOLD.person, false);
    this.#changed([item.conv]);
    return null;
  }

  toDraft(id: string): Draft {
    const { draft, conv } = this.#actions.toDraft(id);
    this.#changed([conv]);
    return draft;
  }

  discard(id: string, newId: string): { queued: boolean } {
    const entry = this.#outbox.find(id) ? null : this.#history.ownEntry(id);
    if (entry?.kind === 'message') {
      this.append({
        conv: entry.conv,
        append: { id: newId, kind: 'delete', target: entry.n } as { id: string; kind: string },
      });
      return { queued: true };
    }
    const { item, queued } = this.#actions.discard(id, newId);
    this.#changed([item.conv]);
    return { queued };
  }

  retry(id: string, newId: string): { id: string } {
    if (!this.#outbox.find(id) && this.#history.ownPlace(newId) !== null) return { id: newId };
    const item = this.#actions.retry(id, newId);
    const create = this.#outbox.find(createId(item.conv));
    // Without its conversation a message can only fail again.
    if (create?.failed && create.content.kind === 'create')
      this.#outbox.create(item.conv, create.id, create.content);
    this.#changed([item.conv]);
    return { id: item.id };
  }

  waitingItems(account: string): { items: WaitingItem[]; total: number } {
    let room = LISTED_TEXT;
    const items = this.#outbox.list().map((item) => {
      const text = textOf(item.content) ?? '';
      room -= text.length;
      return this.#listed(account, item, room > 0 ? text : cut(text), text);
    });
    return { items, total: this.#outbox.count().waiting };
  }

  /** Everything that a person composed here and that the log does not have, whole. */
  unsent(account: string): Unsent {
    const items: WaitingItem[] = [];
    for (const item of this.#outbox.everything()) {
      if (item.content.kind === 'read' || item.content.kind === 'draft') continue;
      const text = textOf(item.content) ?? '';
      items.push(this.#listed(account, item, text, text));
    }
    const drafts = this.#drafts.present().map((conv) => ({ conv, text: this.#drafts.read(conv).text }));
    return { items, drafts };
  }

  waitingCount(): WaitingCount {
    return this.#outbox.count();
  }

  readDraft(conv: string): Draft {
    return this.#drafts.read(conv);
  }

  saveDraft(conv: string, text: string, basis?: number): { version: number; conflict?: true } {
    const had = this.#drafts.read(conv).text !== '';
    const saved = this.#sync.save(conv, text, basis);
    if (had !== (text !== '')) this.#changes.rows([conv], true);
    return saved;
  }

  shareDraft(conv: string): null {
    if (this.#sync.share(conv)) this.#changes.outbox();
    return null;
  }

  chooseDraft(conv: string, choice: 'use' | 'both' | 'dismiss'): Draft {
    const draft = this.#sync.choose(conv, choice);
    this.#changed([conv]);
    return draft;
  }

  earlierTexts(conv: string): EarlierText[] {
    return this.#earlier.list(conv);
  }

  restoreText(conv: string, id: number): Draft {
    const draft = this.#sync.restore(conv, id);
    this.#changed([conv]);
    return draft;
  }

  historyUse(): { bytes: number; messages: number } {
    return this.#history.use;
  }

  clearHistory(): null {
    this.#history.clear();
    this.#changes.chores(0);
    return null;
  }

  /** Nothing where as much or more was marked before; never beyond the head. Where others are not to know it, it stays on this device. */
  markRead(conv: string, n: number): null {
    const about = this.#history.conversation(conv);
    const place = Math.min(n, about?.headN ?? 0);
    if (!about || place <= about.readN) return null;
    const told = this.#receipts();
    if (told) this.#outbox.quiet(conv, this.#newId(), { kind: 'read', n: place });
    this.#history.mark(conv, place);
    if (told) this.#changes.outbox();
    this.#changes.rows([conv], true);
    return null;
  }

  cursor(): string | null {
    return this.#history.cursor();
  }

  storeFrames(raws: readonly Uint8Array[]): Stored {
    const { upTo, items, arrived, convs, list, erased, drafts } = this.#history.store(raws);
    const own = [...arrived];
    this.#settle(own, convs);
    this.#draftsArrived(drafts);
    this.#changes.rows(convs, list);
    if (erased) this.#changes.chores(ERASED_WITHIN);
    this.#tellHoles();
    return { upTo, items, arrived: own, holes: this.#history.holes.any() };
  }

  outbox(): OutboxItem[] {
    return this.#outbox.sendable().map(({ id, conv, place, content, frozen }) => ({
      ...{ id, conv, place, frozen },
      append: content,
    }));
  }

  release(ids: readonly string[]): { ids: string[] } {
    const released = this.#outbox.release(ids);
    this.#changed(this.#convsOf(released), false);
    return { ids: released };
  }

  /** Idempotent: what has left the outbox before is passed over. */
  acked(items: readonly AckItem[]): null {
    const known = items.flatMap((ack) => {
      const item = this.#outbox.find(ack.id);
      return item ? [{ item, ack }] : [];
    });
    const { arrived, convs, list } = this.#history.acked(known);
    this.#outbox.transaction(() => {
      this.#settle([...arrived], convs);
      for (const { conv, content } of known.map(({ item }) => item))
        if (content.kind === 'draft') this.#sync.acked(conv, content);
    });
    this.#changes.rows(convs, list);
    this.#tellHoles();
    return null;
  }

  refused(items: readonly Refusal[]): null {
    const convs = this.#convsOf(items.map(({ id }) => id));
    const drafts: string[] = [];
    this.#outbox.transaction(() => {
      for (const { id, content, conv } of this.#outbox.refuse(items)) {
        if (content.kind === 'read') this.#history.mark(conv, this.#outbox.pendingRead(conv), true);
        if (content.kind !== 'draft') continue;
        const refusal = items.find((one) => one.id === id);
        if (this.#sync.refused(conv, content, refusal?.failure.kind ?? '', refusal?.present))
          drafts.push(conv);
      }
    });
    if (drafts.length > 0) this.#changes.drafts(drafts);
    this.#changed(convs);
    return null;
  }

  saved(items: readonly SavedItem[]): null {
    this.#changes.rows(this.#history.saved(items), false);
    return null;
  }

  unsaved(): { ids: string[] } {
    return { ids: this.#history.unsaved() };
  }

  news(question: NewsQuestion): ConversationNews[] {
    return this.#history.news.since(question);
  }

  unread(): { messages: number; conversations: number } {
    return this.#history.news.unread(this.#now());
  }

  holes(focused: string | null): Hole[] {
    return this.#history.toFill(focused);
  }

  depths(): Depths {
    return {
      outbox: this.#outbox.depth(),
      holes: { ...this.#history.holes.extent(), first: this.#history.toFill(null) },
    };
  }

  /** What a crash between the two files, or a new history.db, left to be done. */
  #heal(): void {
    const arrived: string[] = [];
    for (const { id, conv, content, created } of this.#outbox.everything()) {
      if (content.kind === 'create') this.#history.expect(conv, content.members, [], created, content.form);
      if (content.kind === 'read') this.#history.mark(conv, content.n);
      // Also one that came back from a backup, in which it was not on a wire yet (I3).
      else if (this.#history.has(id, content)) arrived.push(id);
    }
    this.#settle(arrived, []);
    this.#sync.heal(this.#history.registers.allOwn('draft'));
    for (const { id, target } of this.#outbox.orphans()) {
      const n = this.#history.ownPlace(target!);
      if (n === null)
        this.#outbox.fail(id, { kind: 'target_failed', message: 'What this is about is lost.' });
      else this.#outbox.resolve(id, n);
    }
  }

  /** Registers that came are in history.db already: after a crash in between, `heal` meets them. */
  #draftsArrived(convs: Iterable<string>): void {
    const changed: string[] = [];
    for (const conv of convs) {
      const known = this.#history.registers.own('draft', conv);
      if (!known) continue;
      if (this.#sync.arrived(conv, known)) changed.push(conv);
      this.#changes.outbox();
    }
    if (changed.length === 0) return;
    this.#changes.drafts(changed);
    this.#changes.rows(changed, true);
  }

  /** They are rows now, and leave the outbox; what waited for their places may go. */
  #settle(ids: readonly string[], convs: Iterable<string>): void {
    if (ids.length === 0) return;
    this.#outbox.settle(ids.map((id) => ({ id, n: this.#history.ownPlace(id) })));
    this.#changed(convs, false);
  }

  /** With its place where what it is about is in the log already. */
  #placed(conv: string, said: Composed): Composed {
    const { content, target } = said;
    if (target === null) return said;
    const entry = this.#history.ownEntry(target);
    if (entry?.conv === conv && entry.kind === 'message')
      return { ...said, content: withTarget(content, entry.n), target: null };
    if (!this.#outbox.find(target)) throw noSuchItem();
    return said;
  }

  #changed(convs: Iterable<string>, list = true): void {
    this.#changes.outbox();
    this.#changes.rows(convs, list);
  }

  #convsOf(ids: readonly string[]): Set<string> {
    return new Set(ids.flatMap((id) => this.#outbox.find(id)?.conv ?? []));
  }

  #tellHoles(): void {
    if (this.#history.holes.takeChanged()) this.#changes.holes();
  }

  #waitingRow({ id, content, created, frozen, failed, failure, hold, next }: Item): TimelineRow {
    return {
      ...{ key: `${this.#user}/${id}`, id, n: null, sender: this.#user, own: true },
      ...{ kind: content.kind, body: bodyIn(content), time: created },
      ...{ delivery: failed ? 'failed' : 'queued', save: null, failure, frozen },
      waits: { held: (hold & HOLD.person) !== 0, uploading: (hold & HOLD.upload) !== 0, nextAt: next },
    };
  }

  #listed(account: string, item: Item, text: string, all: string): WaitingItem {
    const { id, conv, content, target, created, frozen, failed, failure, attempts, tried, next } = item;
    const about = target === null ? null : this.#outbox.find(target);
    const n = 'target' in content ? content.target : null;
    return {
      ...{ account, id, conv, kind: content.kind, text, whole: text === all },
      off: 'off' in content && content.off === true,
      about: about ? cut(textOf(about.content) ?? '') : n === null ? null : this.#history.textAt(conv, n),
      ...{ created, frozen, failed, failure, holds: holdsOf(item) },
      ...{ behind: target !== null && !failed, attempts, triedAt: tried, nextAt: next },
    };
  }

  #previewOfItem(item: Item): ConversationRow['preview'] {
    const text = cut(textOf(item.content) ?? '');
    return { sender: this.#user, own: true, text, delivery: item.failed ? 'failed' : 'queued' };
  }

  #previewOfRow({ conv, previewN, previewSender, previewText }: PreviewColumns): ConversationRow['preview'] {
    if (previewN === null || previewSender === null || previewText === null) return null;
    const own = previewSender === this.#user;
    const delivery = own ? this.#history.rung(conv, previewN) : null;
    return { sender: previewSender, own, text: JSON.parse(previewText) as string, delivery };
  }
}

/** Characters of text in one list of what waits. */
const LISTED_TEXT = 1024 * 1024;

interface PreviewColumns {
  conv: string;
  previewN: number | null;
  previewSender: string | null;
  previewText: string | null;
}

function nameOf(json: string | null): string | null {
  const body = json === null ? null : (JSON.parse(json) as Body);
  return body && 'text' in body ? body.text : null;
}

const changeOf = ({ id, content, failed, failure, frozen }: Item): PendingChange => ({
  ...{ id, append: content, delivery: failed ? 'failed' : 'queued' },
  ...{ failure, frozen },
});

/** One id a conversation: whoever asks again, after a crash or with a new history, gets the first answer. */
const createId = (conv: string): string => `create-${conv}`.slice(0, 64);
