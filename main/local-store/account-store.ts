import type { Depths } from '@matchbook/protocol/bridge/diagnostics';
import type { OutboxItem, Stored } from '@matchbook/protocol/bridge/host';
import type {
  ConversationRow,
  Draft,
  Hole,
  LocalSearchPage,
  TimelinePage,
  TimelineRow,
} from '@matchbook/protocol/bridge/views';
import type { Body } from '@matchbook/protocol/entries';
import type { Failure } from '@matchbook/protocol/failures';
import type { AckItem, SavedItem } from '@matchbook/protocol/frames';
import { directConversationId } from '@matchbook/protocol/ids';
import type { Chore } from './chores.ts';
import { cut, type Only } from './conversations.ts';
import type { Database } from './database.ts';
import { History } from './history.ts';
import { type Content, type Item, idConflict, Outbox, textOf } from './outbox.ts';
import type { SearchRequest } from './search.ts';

export interface AccountIdentity {
  account: string;
  user: string;
  device: string;
}

/** Messages indexed in one step. */
const INDEXED_AT_ONCE = 100;
/** What was deleted leaves the WAL too within this time, ms. */
const ERASED_WITHIN = 2_000;

/** What changed, to be told after it is on the disk. */
export interface Changes {
  rows(convs: Iterable<string>, list: boolean): void;
  outbox(): void;
  holes(): void;
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
}

/**
 * The two files of one account, and the order between them. No transaction spans both. Composed text enters outbox.db in the
 * transaction that clears its draft; an own message is written into history.db *before* it leaves outbox.db, so that a crash in
 * between leaves it in both, and `heal` at the next opening takes it out of the outbox.
 */
export class AccountStore {
  readonly #user: string;
  readonly #outbox: Outbox;
  readonly #history: History;
  readonly #now: () => number;
  readonly #newId: () => string;
  readonly #changes: Changes;

  constructor({ identity, outbox, history, now, newId, changes }: AccountStoreOptions) {
    this.#user = identity.user;
    this.#now = now;
    this.#newId = newId;
    this.#changes = changes;
    this.#outbox = new Outbox(outbox, identity.account, now);
    this.#history = new History({
      ...{ db: history, account: identity.account, user: identity.user },
      composed: (id) => this.#outbox.find(id)?.content ?? null,
    });
    this.#heal();
  }

  ensureDirect(peer: { user: string; name: string } | null): { conv: string } {
    const other = peer?.user ?? this.#user;
    const conv = directConversationId(this.#user, other);
    const members = other === this.#user ? [this.#user] : [this.#user, other];
    if (!this.#history.told(conv)) {
      this.#outbox.create(conv, createId(conv), members);
      this.#changes.outbox();
    }
    this.#history.expect(conv, members, peer ? [peer] : [], this.#now());
    this.#changes.rows([conv], true);
    return { conv };
  }

  /** @param only conversations that are asked for; all where null */
  listConversations(account: string, only: Only): ConversationRow[] {
    const people = this.#history.people(only);
    const drafts = new Set(this.#outbox.drafts());
    const waiting = new Map(this.#outbox.lastMessages().map((item) => [item.conv, item]));
    const standings = this.#history.standings(only);
    const [muted, pinned, archived] = (['mute', 'pinned', 'archived'] as const).map((reg) =>
      this.#history.settings(reg),
    );
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
        };
      })
      .sort((a, b) => b.time - a.time);
  }

  timelinePage(page: { conv: string; to?: number; from?: number; limit: number }): TimelinePage {
    const waiting = this.#outbox
      .messages(page.conv)
      // Between the two transactions of an ack it is in both files.
      .filter((item) => !(item.frozen && this.#history.has(item.id, item.content)))
      .map((item) => this.#waitingRow(item));
    return { ...this.#history.page(page), waiting };
  }

  /** In order of importance. */
  chores(): Chore[] {
    return [
      { name: 'erasing', step: () => this.#history.forgetErased() },
      { name: 'indexing', step: () => this.#history.index.fill(INDEXED_AT_ONCE) },
    ];
  }

  search(request: SearchRequest): LocalSearchPage {
    return this.#history.search(request);
  }

  submit(message: { conv: string; id: string; text: string; draftVersion: number }): TimelineRow {
    const already = this.#history.ownRow(message.id);
    if (already) {
      if (
        !this.#history.has(message.id, { kind: 'message', body: { type: 'text/plain', text: message.text } })
      )
        throw idConflict();
      return already;
    }
    const item = this.#outbox.submit(message);
    this.#changes.outbox();
    this.#changes.rows([message.conv], true);
    return this.#waitingRow(item);
  }

  toDraft(id: string): Draft {
    const { draft, conv } = this.#outbox.toDraft(id);
    this.#changes.outbox();
    this.#changes.rows([conv], true);
    return draft;
  }

  discard(id: string): null {
    const { conv } = this.#outbox.discard(id);
    this.#changes.outbox();
    this.#changes.rows([conv], true);
    return null;
  }

  retry(id: string, newId: string): TimelineRow {
    const arrived = this.#outbox.find(id) ? null : this.#history.ownRow(newId);
    if (arrived) return arrived;
    const item = this.#outbox.retry(id, newId);
    const create = this.#outbox.find(createId(item.conv));
    // Without its conversation a message can only fail again.
    if (create?.failed && create.content.kind === 'create')
      this.#outbox.create(item.conv, create.id, create.content.members);
    this.#changes.outbox();
    this.#changes.rows([item.conv], true);
    return this.#waitingRow(item);
  }

  readDraft(conv: string): Draft {
    return this.#outbox.draft(conv);
  }

  saveDraft(conv: string, text: string): { version: number } {
    const had = this.#outbox.draft(conv).text !== '';
    const version = this.#outbox.saveDraft(conv, text);
    if (had !== (text !== '')) this.#changes.rows([conv], true);
    return { version };
  }

  /** Nothing where as much or more was marked before; never beyond the head. */
  markRead(conv: string, n: number): null {
    const about = this.#history.conversation(conv);
    const place = Math.min(n, about?.headN ?? 0);
    if (!about || place <= about.readN) return null;
    this.#outbox.read(conv, this.#newId(), place);
    this.#history.mark(conv, place);
    this.#changes.outbox();
    this.#changes.rows([conv], true);
    return null;
  }

  cursor(): string | null {
    return this.#history.cursor();
  }

  storeFrames(raws: readonly Uint8Array[]): Stored {
    const { upTo, items, arrived, convs, list, erased } = this.#history.store(raws);
    const own = [...arrived];
    this.#outbox.remove(own);
    this.#changes.rows(convs, list);
    if (erased) this.#changes.chores(ERASED_WITHIN);
    this.#tellHoles();
    return { upTo, items, arrived: own, holes: this.#history.holes.any() };
  }

  outbox(): OutboxItem[] {
    return this.#outbox.waiting().map(({ id, conv, place, content, frozen }) => ({
      ...{ id, conv, place, frozen },
      append: content,
    }));
  }

  release(ids: readonly string[]): { ids: string[] } {
    const released = this.#outbox.release(ids);
    this.#changes.rows(this.#convsOf(released), false);
    return { ids: released };
  }

  /** Idempotent: what has left the outbox before is passed over. */
  acked(items: readonly AckItem[]): null {
    const known = items.flatMap((ack) => {
      const item = this.#outbox.find(ack.id);
      return item ? [{ item, ack }] : [];
    });
    const { arrived, convs, list } = this.#history.acked(known);
    this.#outbox.remove([...arrived]);
    this.#changes.rows(convs, list);
    this.#tellHoles();
    return null;
  }

  refused(items: readonly { id: string; failure: Failure; final: boolean }[]): null {
    const found = items.flatMap(({ id }) => this.#outbox.find(id) ?? []);
    this.#outbox.refuse(items);
    for (const item of found) {
      if (item.content.kind === 'read' && !this.#outbox.find(item.id))
        this.#history.mark(item.conv, this.#outbox.pendingRead(item.conv), true);
    }
    this.#changes.rows(new Set(found.map(({ conv }) => conv)), true);
    return null;
  }

  saved(items: readonly SavedItem[]): null {
    this.#changes.rows(this.#history.saved(items), false);
    return null;
  }

  unsaved(): { ids: string[] } {
    return { ids: this.#history.unsaved() };
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
    for (const { id, conv, content, frozen, created } of this.#outbox.everything()) {
      if (content.kind === 'create') this.#history.expect(conv, content.members, [], created);
      if (content.kind === 'read') this.#history.mark(conv, content.n);
      else if (frozen && this.#history.has(id, content)) arrived.push(id);
    }
    this.#outbox.remove(arrived);
  }

  #convsOf(ids: readonly string[]): Set<string> {
    return new Set(ids.flatMap((id) => this.#outbox.find(id)?.conv ?? []));
  }

  #tellHoles(): void {
    if (this.#history.holes.takeChanged()) this.#changes.holes();
  }

  #waitingRow({ id, content, created, frozen, failed, failure }: Item): TimelineRow {
    return {
      ...{ key: `${this.#user}/${id}`, id, n: null, sender: this.#user, own: true },
      ...{ kind: content.kind, body: bodyOfContent(content), time: created },
      ...{ delivery: failed ? 'failed' : 'queued', save: null, failure, frozen },
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

const bodyOfContent = (content: Content) => (content.kind === 'message' ? content.body : null);

/** One id a conversation: whoever asks again, after a crash or with a new history, gets the first answer. */
const createId = (conv: string): string => `create-${conv}`.slice(0, 64);
