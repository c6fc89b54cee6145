import type { More } from '@matchbook/protocol/bridge/more';
import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { Draft, TimelineRow } from '@matchbook/protocol/bridge/views';
import type { Body } from '@matchbook/protocol/entries';
import { bodyOf, readContent } from '@matchbook/protocol/message-body';
import { type AccountParts, createId } from './account-parts.ts';
import { StoreError } from './files/store-error.ts';
import { ItemActions } from './item-actions.ts';
import { type Composed, composed, composedMessage } from './outbox/composed.ts';
import { HOLD, idConflict, isEntry, noSuchItem, textOf, withTarget } from './outbox/item.ts';
import { waitingRow } from './waiting-row.ts';

/** What a person does: everything goes into the outbox, and what waits there can be changed. */
export class Composing {
  readonly #parts: AccountParts;
  readonly #actions: ItemActions;

  constructor(parts: AccountParts) {
    this.#parts = parts;
    this.#actions = new ItemActions(parts.outbox, parts.drafts);
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
    const already = this.#parts.history.pages.ownRow(id);
    if (already) {
      if (!this.#parts.history.has(id, said.content)) throw idConflict();
      return already;
    }
    const item = this.#parts.outbox.transaction(() => {
      const known = this.#parts.outbox.find(id) !== null;
      const added = this.#parts.outbox.append(conv, said, message.upload === true);
      if (!known) {
        this.#parts.drafts.clear(conv, draftVersion);
        this.#parts.sync.share(conv);
      }
      return added;
    });
    this.#changed([conv]);
    return waitingRow(this.#parts, item);
  }

  /** Whatever is not a message of the composer. Asked again with the same id it answers the same. */
  append(request: { conv: string; append: { id: string; kind: string }; upload?: true | undefined }): {
    id: string;
  } {
    const { conv, upload } = request;
    const said = composed(request.append);
    const { id, content } = said;
    if (isEntry(content) && this.#parts.history.ownPlace(id) !== null) {
      if (!this.#parts.history.has(id, this.#placed(conv, said).content)) throw idConflict();
      return { id };
    }
    const waits = said.target === null ? null : this.#parts.outbox.find(said.target);
    // Of what is not in the log yet, other words and taking back are the item's own affair.
    if (waits && content.kind === 'delete') this.#actions.discard(waits.id, id);
    else if (waits && content.kind === 'edit') this.#actions.edit(waits.id, id, textOf(content) ?? '');
    else if (content.kind === 'create') {
      this.#parts.history.expect(conv, content.members, [], this.#parts.now(), content.form);
      this.#parts.outbox.append(conv, said);
    } else this.#parts.outbox.append(conv, this.#placed(conv, said), upload === true);
    this.#changed([conv]);
    return { id };
  }

  uploaded(id: string): null {
    this.#parts.outbox.setHold(id, HOLD.upload, false);
    this.#changed([this.#parts.outbox.must(id).conv]);
    return null;
  }

  /** The server may have forgotten its files: it waits for them anew. Answers whether it does; what may be sent already cannot. */
  uploadAgain(id: string): boolean {
    const item = this.#parts.outbox.find(id);
    if (!item || item.frozen || item.failed) return false;
    this.#parts.outbox.setHold(id, HOLD.upload, true);
    this.#changed([item.conv]);
    return true;
  }

  uploadFailed(id: string, failure: LocalFailure): null {
    const item = this.#parts.outbox.must(id);
    this.#parts.outbox.fail(id, failure);
    this.#changed([item.conv]);
    return null;
  }

  edit(request: { id: string; newId: string; text: string }): { id: string; queued: boolean } {
    const { id, newId, text } = request;
    const n = this.#parts.outbox.find(id) ? null : this.#parts.history.ownPlace(id);
    if (n !== null) {
      // It has arrived in the meantime: what was meant for the item is meant for the message.
      const { conv, body: sent } = this.#parts.history.ownEntry(id)!;
      // Its files, and whom it answers, stay with it.
      const before = sent === null ? null : readContent(JSON.parse(sent) as Body);
      const body = bodyOf({ ...before, text });
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
    const item = this.#parts.outbox.must(id);
    if (item.failed)
      throw new StoreError({ kind: 'not_allowed', message: 'It failed: try it again.', field: 'id' });
    if ((item.hold & HOLD.person) !== 0) this.#parts.outbox.setHold(id, HOLD.person, false);
    this.#changed([item.conv]);
    return null;
  }

  toDraft(id: string): Draft {
    const { draft, conv } = this.#actions.toDraft(id);
    // Whoever shows the conversation shows its draft, in whichever window this was done.
    this.#parts.changes.drafts([conv]);
    this.#changed([conv]);
    return draft;
  }

  discard(id: string, newId: string): { queued: boolean } {
    const entry = this.#parts.outbox.find(id) ? null : this.#parts.history.ownEntry(id);
    if (entry?.kind === 'message') {
      this.append({
        conv: entry.conv,
        append: { id: newId, kind: 'delete', target: entry.n } as { id: string; kind: string },
      });
      return { queued: true };
    }
    const { item, queued } = this.#actions.discard(id, newId);
    this.#forgetUnmade(item.conv);
    this.#changed([item.conv]);
    return { queued };
  }

  /** A group that the log never took goes with the last that was to be in it; a draft keeps it. */
  #forgetUnmade(conv: string): void {
    const { outbox, drafts, history } = this.#parts;
    const { text, more = null } = drafts.read(conv);
    if (text === '' && more === null && !outbox.hasAny(conv)) history.unexpect(conv);
  }

  retry(id: string, newId: string): { id: string } {
    if (!this.#parts.outbox.find(id) && this.#parts.history.ownPlace(newId) !== null) return { id: newId };
    const before = this.#parts.outbox.find(id);
    // Without its conversation a message can only fail again.
    if (before?.failed && before.content.kind === 'message') this.#makeAgain(before.conv, newId);
    const item = this.#actions.retry(id, newId);
    this.#changed([item.conv]);
    return { id: item.id };
  }

  /** The creation that failed is ahead of what is tried again now, with a group's name. */
  #makeAgain(conv: string, newId: string): void {
    const create = this.#parts.outbox.ofKind(conv, 'create').find(({ failed }) => failed);
    if (create?.content.kind !== 'create') return;
    // That of two is known by its id.
    if (create.id === createId(conv)) this.#parts.outbox.create(conv, create.id, create.content);
    else this.#actions.retry(create.id, `${newId}-c`);
  }

  /** With its place where what it is about is in the log already. */
  #placed(conv: string, said: Composed): Composed {
    const { content, target } = said;
    if (target === null) return said;
    const entry = this.#parts.history.ownEntry(target);
    if (entry?.conv === conv && entry.kind === 'message')
      return { ...said, content: withTarget(content, entry.n), target: null };
    if (!this.#parts.outbox.find(target)) throw noSuchItem();
    return said;
  }

  #changed(convs: Iterable<string>): void {
    this.#parts.changes.outbox();
    this.#parts.changes.rows(convs, true);
  }
}
