import type { Depths } from '@matchbook/protocol/bridge/diagnostics';
import type { OutboxItem, Refusal, Stored } from '@matchbook/protocol/bridge/host';
import type { Hole } from '@matchbook/protocol/bridge/views';
import type { WaitingCount } from '@matchbook/protocol/bridge/waiting';
import type { AckItem, SavedItem } from '@matchbook/protocol/frames';
import { directConversationId } from '@matchbook/protocol/ids';
import { type Changes, createId } from './account-parts.ts';
import { Composing } from './composing.ts';
import { Drafting } from './drafting.ts';
import { BegunTexts } from './drafts/begun-texts.ts';
import { DraftSync } from './drafts/draft-sync.ts';
import { Drafts } from './drafts/drafts.ts';
import { EarlierTexts } from './drafts/earlier-texts.ts';
import { ChangedPlaces } from './entries/changed-places.ts';
import type { Range } from './entries/holes.ts';
import type { Chore } from './files/chores.ts';
import type { Database } from './files/database.ts';
import { isFull } from './files/store-error.ts';
import { History } from './history/history.ts';
import type { ConversationNews, NewsQuestion } from './lists/news.ts';
import { Outbox } from './outbox/outbox.ts';
import { Passports } from './outbox/passport.ts';
import { Reading } from './reading.ts';
import { RefusedLater } from './refused-later.ts';
import { Shown } from './shown.ts';

export interface AccountIdentity {
  account: string;
  user: string;
  device: string;
}

/** What was deleted leaves the WAL too within this time, ms. */
const ERASED_WITHIN = 2_000;
/** What filled holes is indexed so long after the first of it came, ms. */
const INDEXED_AFTER = 3_000;

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
  /** What waits in the outboxes of the profile's other accounts. */
  elsewhere?: () => number;
}

/**
 * The two files of one account, and the order between them. No transaction spans both. Composed text enters outbox.db in the
 * transaction that clears its draft; an own message is written into history.db *before* it leaves outbox.db, so that a crash in
 * between leaves it in both, and `heal` at the next opening takes it out of the outbox.
 */
export class AccountStore {
  /** What a person does, what they begin, what they see, and how far they read. */
  readonly composing: Composing;
  readonly drafting: Drafting;
  readonly shown: Shown;
  readonly reading: Reading;
  readonly later: RefusedLater;
  readonly #user: string;
  readonly #outbox: Outbox;
  readonly #sync: DraftSync;
  readonly #history: History;
  readonly #now: () => number;
  readonly #changes: Changes;
  #right = false;

  constructor(options: AccountStoreOptions) {
    const { identity, outbox: file, history, now, newId, changes, limit, whole, elsewhere } = options;
    const { account, user } = identity;
    this.#user = user;
    this.#now = now;
    this.#changes = changes;
    const passports = new Passports(file, account, now);
    const outbox = new Outbox(file, account, { now, passports, elsewhere: elsewhere ?? (() => 0) });
    const earlier = new EarlierTexts(file, account, now);
    const drafts = new Drafts(file, account, now, earlier);
    const begun = new BegunTexts(file, account, now, earlier);
    const sync = new DraftSync(drafts, earlier, outbox, newId);
    this.#outbox = outbox;
    this.#sync = sync;
    this.#history = new History({
      ...{ db: history, account, user },
      composed: (id) => this.#outbox.find(id)?.content ?? null,
      upkeep: {
        ...{ now, limit: limit ?? (() => Number.MAX_SAFE_INTEGER), whole: whole ?? (() => {}) },
        changed: (convs) => {
          this.#changes.rows(convs, true);
          this.#tellHoles();
        },
      },
    });
    const parts = {
      ...{
        user,
        outbox,
        passports,
        drafts,
        earlier,
        begun,
        sync,
        history: this.#history,
        now,
        newId,
        changes,
      },
    };
    this.composing = new Composing(parts);
    this.drafting = new Drafting(parts);
    this.shown = new Shown(parts);
    this.reading = new Reading(parts, options.receipts ?? (() => true));
    this.later = new RefusedLater(parts, file, account);
    this.putRight();
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

  chores(): Chore[] {
    return this.#history.upkeep.chores();
  }

  end(): void {
    this.#history.upkeep.end();
  }

  historyUse(): { bytes: number; messages: number } {
    return this.#history.upkeep.use;
  }

  clearHistory(): null {
    this.#history.upkeep.clear();
    this.#changes.chores(1);
    return null;
  }

  keepHistory(on: boolean): null {
    this.#history.upkeep.keep(on);
    if (!on) this.#changes.chores(1);
    return null;
  }

  missingPlaces(conv: string, to: number): Range[] {
    return this.#history.holes.within(conv, 1, to);
  }

  waitingCount(): WaitingCount {
    return this.#outbox.count();
  }

  cursor(): string | null {
    return this.#history.cursor();
  }

  storeFrames(raws: readonly Uint8Array[], chosen = false): Stored {
    const { upTo, items, arrived, convs, places, list, erased, unindexed, drafts } = this.#history.store(
      raws,
      chosen,
    );
    const own = [...arrived];
    this.#settle(own, convs, places);
    this.#draftsArrived(drafts);
    this.#changes.rows(convs, list, places);
    if (erased) this.#changes.chores(ERASED_WITHIN);
    if (unindexed) this.#changes.chores(INDEXED_AFTER);
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
    const { arrived, convs, places, list } = this.#history.acked(known);
    this.#outbox.transaction(() => {
      this.#settle([...arrived], convs, places);
      for (const { conv, content } of known.map(({ item }) => item))
        if (content.kind === 'draft') this.#sync.acked(conv, content);
    });
    this.#changes.rows(convs, list, places);
    this.#tellHoles();
    return null;
  }

  refused(items: readonly Refusal[]): null {
    const convs = this.#convsOf(items.map(({ id }) => id));
    const drafts: string[] = [];
    this.#outbox.transaction(() => {
      for (const { id, content, conv } of this.#outbox.refuse(items)) {
        const refusal = items.find((one) => one.id === id);
        if (content.kind === 'read' && refusal?.failure.kind !== 'not_member')
          this.#history.mark(conv, this.#outbox.pendingRead(conv), true);
        if (content.kind === 'unread')
          this.#history.unreadFrom(conv, this.#history.registers.own('unread', conv)?.value ?? 0);
        if (content.kind !== 'draft') {
          // Another device has set it meanwhile: what it says now holds here too.
          if (refusal?.failure.kind === 'conflict' && refusal.present)
            for (const changed of this.#history.register(refusal.present)) convs.add(changed);
          continue;
        }
        if (this.#sync.refused(conv, content, refusal?.failure.kind ?? '', refusal?.present))
          drafts.push(conv);
      }
    });
    if (drafts.length > 0) this.#changes.drafts(drafts);
    this.#changed(convs);
    return null;
  }

  saved(items: readonly SavedItem[]): null {
    const places = this.#history.saved(items);
    this.#changes.rows(places.convs, false, places);
    return null;
  }

  unsaved(): { ids: string[] } {
    return { ids: this.#history.unsaved() };
  }

  news(question: NewsQuestion): ConversationNews[] {
    return this.#history.news.since(question);
  }

  holes(focused: string | null, skip: number): Hole[] {
    return this.#history.holes.toFill(focused, skip);
  }

  stillToFill(parts: readonly Hole[]): Hole[] {
    return this.#history.holes.stillToFill(parts);
  }

  depths(): Depths {
    return {
      outbox: this.#outbox.depth(),
      holes: { ...this.#history.holes.extent(), first: this.#history.holes.toFill(null, 0) },
    };
  }

  /** Once. On a disk without room it is left for the next call, or the next opening: until then nothing is lost, and some of it waits. */
  putRight(): void {
    if (this.#right) return;
    try {
      this.#heal();
      this.#right = true;
    } catch (error) {
      if (!isFull(error)) throw error;
    }
  }

  /** What a crash between the two files, or a new history.db, left to be done. */
  #heal(): void {
    const arrived: string[] = [];
    for (const { id, conv, content, created } of this.#outbox.everything()) {
      if (content.kind === 'create') this.#history.expect(conv, content.members, [], created, content.form);
      if (content.kind === 'read') this.#history.mark(conv, content.n);
      else if (content.kind === 'unread') this.#history.unreadFrom(conv, content.value);
      // Also one that came back from a backup, in which it was not on a wire yet (I3).
      else if (this.#history.has(id, content)) arrived.push(id);
    }
    this.#settle(arrived, [], new ChangedPlaces());
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
  #settle(ids: readonly string[], convs: Iterable<string>, places: ChangedPlaces): void {
    if (ids.length === 0) return;
    this.#outbox.settle(ids.map((id) => ({ id, n: this.#history.ownPlace(id) })));
    this.#changed(convs, false, places);
  }

  #changed(convs: Iterable<string>, list = true, places?: ChangedPlaces): void {
    this.#changes.outbox();
    this.#changes.rows(convs, list, places);
  }

  #convsOf(ids: readonly string[]): Set<string> {
    return new Set(ids.flatMap((id) => this.#outbox.find(id)?.conv ?? []));
  }

  #tellHoles(): void {
    if (this.#history.holes.takeChanged()) this.#changes.holes();
  }
}
