import type { BegunWords } from '@matchbook/protocol/bridge/begun';
import { begunOf } from '@matchbook/protocol/bridge/begun-of';
import type { More } from '@matchbook/protocol/bridge/more';
import type { Draft, EarlierText } from '@matchbook/protocol/bridge/views';
import type { AccountParts } from './account-parts.ts';

/** What a person does with what is not sent yet. */
export class Drafting {
  readonly #parts: AccountParts;

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  readDraft(conv: string): Draft {
    return this.#parts.drafts.read(conv);
  }

  saveDraft(
    conv: string,
    text: string,
    basis?: number,
    more?: More | null,
    share?: true,
  ): { version: number; conflict?: true } {
    const had = this.#isThere(conv);
    const saved = this.#parts.sync.save(conv, text, basis, more);
    // How it begins the list tells once it is left: not with each key.
    if (share) this.shareDraft(conv);
    else if (had !== this.#isThere(conv)) this.#parts.changes.rows([conv], true);
    return saved;
  }

  shareDraft(conv: string): null {
    if (this.#parts.sync.share(conv)) this.#parts.changes.outbox();
    this.#parts.changes.rows([conv], true);
    return null;
  }

  #isThere(conv: string): boolean {
    const { text, more } = this.#parts.drafts.read(conv);
    return text !== '' || (more?.files?.length ?? 0) > 0;
  }

  chooseDraft(conv: string, choice: 'use' | 'both' | 'dismiss'): Draft {
    const draft = this.#parts.sync.choose(conv, choice);
    this.#changed([conv]);
    return draft;
  }

  earlierTexts(conv: string): EarlierText[] {
    return this.#parts.earlier.list(conv);
  }

  restoreText(conv: string, id: number): Draft {
    const draft = this.#parts.sync.restore(conv, id);
    this.#changed([conv]);
    return draft;
  }

  /** What they were for may have its place by now. Of a message that is neither here nor waits any more, they stand in the draft from now on. */
  begunWords(): BegunWords[] {
    const { begun, outbox, history, drafts } = this.#parts;
    const orphans: string[] = [];
    const words = outbox.transaction(() =>
      begun.list().flatMap((one) => {
        const { about, conv, n, text } = one;
        if (n !== null || about.startsWith(begunOf('scheduled', ''))) return one;
        const id = about.slice(about.search(/[/:]/) + 1);
        if (outbox.find(id)) return one;
        const place = about.startsWith(begunOf('outbox', '')) ? null : history.ownPlace(id);
        if (place !== null) return { ...one, n: place };
        drafts.putBack(conv, text, null);
        begun.forget(about);
        orphans.push(conv);
        return [];
      }),
    );
    if (orphans.length > 0) {
      this.#parts.changes.drafts(orphans);
      this.#changed(orphans);
    }
    return words;
  }

  /** `text` null: they were used, or given up; what is given up stays, as an earlier text. */
  keepBegun(words: Omit<BegunWords, 'text'> & { text: string | null; earlier?: string }): null {
    const { begun, earlier, outbox } = this.#parts;
    const { text, earlier: givenUp, ...about } = words;
    outbox.transaction(() => {
      if (text === null) begun.forget(about.about);
      else begun.keep({ ...about, text });
      if (givenUp !== undefined) earlier.keep(about.conv, givenUp, true);
    });
    return null;
  }

  #changed(convs: Iterable<string>): void {
    this.#parts.changes.outbox();
    this.#parts.changes.rows(convs, true);
  }
}
