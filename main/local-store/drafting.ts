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
  ): { version: number; conflict?: true } {
    const had = this.#parts.drafts.read(conv).text !== '';
    const saved = this.#parts.sync.save(conv, text, basis, more);
    if (had !== (text !== '')) this.#parts.changes.rows([conv], true);
    return saved;
  }

  shareDraft(conv: string): null {
    if (this.#parts.sync.share(conv)) this.#parts.changes.outbox();
    return null;
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

  #changed(convs: Iterable<string>): void {
    this.#parts.changes.outbox();
    this.#parts.changes.rows(convs, true);
  }
}
