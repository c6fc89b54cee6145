import { moreOf } from '@matchbook/protocol/bridge/more';
import type { Draft } from '@matchbook/protocol/bridge/views';
import { readContent } from '@matchbook/protocol/message-body';
import { type Drafts, together } from './drafts/drafts.ts';
import { StoreError } from './files/store-error.ts';
import { mustFit } from './outbox/composed.ts';
import { bodyIn, type Content, HOLD, type Item, isQuiet, noSuchItem, withText } from './outbox/item.ts';
import type { Outbox } from './outbox/outbox.ts';

const frozen = (message = 'It may already be sent; its outcome is not known yet.') =>
  new StoreError({ kind: 'frozen', message });

/** Of a new group, said right behind its creation: nobody asks for these by themselves. */
const LOOKS = ['rename', 'settings', 'picture'] as const;

/**
 * What a person does with an item that waits. Until it was put on a wire everything can be done with it; from then on id, content and place are settled until the log has answered,
 * and a change of mind waits behind it as an append of its own. What failed is the person's again.
 */
export class ItemActions {
  readonly #outbox: Outbox;
  readonly #drafts: Drafts;

  constructor(outbox: Outbox, drafts: Drafts) {
    this.#outbox = outbox;
    this.#drafts = drafts;
  }

  /** Answers with the id under which the new words wait, and whether they wait behind the old ones. */
  edit(id: string, newId: string, text: string): { item: Item; queued: boolean } {
    return this.#outbox.transaction(() => {
      const item = this.#shown(id);
      const changed = withText(item.content, text);
      const body = changed && bodyIn(changed);
      if (!changed || !body)
        throw new StoreError({ kind: 'not_allowed', message: 'This has no words to change.', field: 'id' });
      mustFit(changed.kind, body, 'text');
      if (item.failed) this.#again(item, newId, changed);
      else if (!item.frozen) this.#outbox.replace(item, newId, changed);
      else return { item: this.#behind(item, newId, changed), queued: true };
      return { item: this.#outbox.must(newId), queued: false };
    });
  }

  hold(id: string, on: boolean): Item {
    return this.#outbox.transaction(() => {
      const item = this.#shown(id);
      if (item.failed)
        throw new StoreError({
          kind: 'not_allowed',
          message: 'What failed waits for you already.',
          field: 'id',
        });
      if (item.content.kind === 'create')
        throw new StoreError({
          kind: 'not_allowed',
          message: 'The beginning of a conversation cannot wait for what is said in it.',
          field: 'id',
        });
      if (on && item.frozen) throw frozen();
      this.#outbox.setHold(id, HOLD.person, on);
      return this.#outbox.must(id);
    });
  }

  /** Out of the outbox and before whatever is in the draft by now. */
  toDraft(id: string): { draft: Draft; conv: string } {
    return this.#outbox.transaction(() => {
      const { conv, content, target } = this.#withdrawable(id);
      const said = content.kind === 'message' || content.kind === 'edit' ? readContent(content.body) : null;
      if (said === null)
        throw new StoreError({ kind: 'not_allowed', message: 'This is no text for a draft.', field: 'id' });
      this.#outbox.withdraw(id);
      const answers = content.kind === 'message' && target !== null ? { reply: { id: target } } : null;
      const more = content.kind === 'message' ? together(moreOf(said), answers) : null;
      return { draft: this.#drafts.putBack(conv, said.text, more), conv };
    });
  }

  /** Gone; or, where it may be sent already, what undoes it waits behind it under `newId`. */
  discard(id: string, newId: string): { item: Item; queued: boolean } {
    return this.#outbox.transaction(() => {
      const item = this.#shown(id);
      if (!item.frozen || item.failed) {
        this.#outbox.withdraw(id);
        if (item.content.kind === 'create') this.#withdrawLooks(item.conv);
        return { item, queued: false };
      }
      const { content, conv } = item;
      if (content.kind === 'message') {
        for (const dependent of this.#outbox.dependents(id))
          if (dependent.content.kind !== 'message') this.#outbox.delete(dependent.id);
        const undo = { kind: 'delete' } as unknown as Content;
        this.#outbox.append(conv, { id: newId, content: undo, target: id });
      } else if (content.kind === 'reaction' || content.kind === 'pin') {
        const { off, ...rest } = content;
        this.#outbox.append(conv, { id: newId, content: off ? rest : { ...rest, off: true }, target: null });
      } else throw frozen('It may already be sent, and nothing takes it back: change it again instead.');
      return { item, queued: true };
    });
  }

  /** A failed item at the end of the line, as new. Asked again, it answers with the new one. */
  retry(id: string, newId: string): Item {
    return this.#outbox.transaction(() => {
      const item = this.#outbox.find(id);
      const already = item ? null : this.#outbox.find(newId);
      if (already) return already;
      const failed = this.#shown(id);
      if (!failed.failed) return failed;
      // Only what came back from a backup failed like this.
      if (failed.failure?.kind === 'storage_unavailable') {
        this.#outbox.resume(id);
        return this.#outbox.must(id);
      }
      this.#again(failed, newId, failed.content);
      if (failed.content.kind === 'create')
        for (const [place, look] of this.#looks(failed.conv).entries())
          if (look.failed) this.#again(look, `${newId}-${place}`, look.content);
      return this.#outbox.must(newId);
    });
  }

  #looks(conv: string): Item[] {
    return LOOKS.flatMap((kind) => this.#outbox.ofKind(conv, kind));
  }

  /** Of a group that is not to be any more. What was written in it stays to be taken back, and is found by the group's name. */
  #withdrawLooks(conv: string): void {
    if (this.#outbox.ofKind(conv, 'message').length > 0) return;
    for (const look of this.#looks(conv)) if (look.failed || !look.frozen) this.#outbox.withdraw(look.id);
  }

  /** An answer to what is not sent goes without it; of other things nothing would be left. */
  #again(failed: Item, newId: string, content: Content): void {
    const { target } = failed;
    const about = target === null ? null : this.#outbox.find(target);
    if (target === null || about?.failed === false) this.#outbox.again(failed, newId, content, target);
    else if (content.kind === 'message') this.#outbox.again(failed, newId, content, null);
    else
      throw new StoreError({
        kind: 'target_failed',
        message: 'First send the message that this is about, or take the text back to the draft.',
      });
  }

  /** The new words of a message that may be sent already, as an edit behind it; the last edit that waits makes room. */
  #behind(item: Item, newId: string, changed: Content): Item {
    const { conv, content } = item;
    const body = bodyIn(changed)!;
    if (content.kind === 'message') {
      for (const dependent of this.#outbox.dependents(item.id))
        if (dependent.content.kind === 'edit') this.#outbox.delete(dependent.id);
      const edit = { kind: 'edit', body } as unknown as Content;
      return this.#outbox.append(conv, { id: newId, content: edit, target: item.id });
    }
    return this.#outbox.append(conv, { id: newId, content: changed, target: null });
  }

  /** What failed or was never on a wire; else `frozen`. */
  #withdrawable(id: string): Item {
    const item = this.#shown(id);
    if (item.frozen && !item.failed)
      throw frozen('The message may already be sent; its outcome is not known yet.');
    return item;
  }

  #shown(id: string): Item {
    const item = this.#outbox.find(id);
    if (!item || isQuiet(item.content)) throw noSuchItem();
    return item;
  }
}
