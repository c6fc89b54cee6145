import type { Draft } from '@matchbook/protocol/bridge/views';
import { type Body, DraftRegister } from '@matchbook/protocol/entries';
import { readContent } from '@matchbook/protocol/message-body';
import { Compile } from 'typebox/compile';
import { mustFit } from './composed.ts';
import type { Drafts } from './drafts.ts';
import type { EarlierTexts } from './earlier-texts.ts';
import { type Content, noSuchItem } from './item.ts';
import type { Outbox } from './outbox.ts';
import { StoreError } from './store-error.ts';

export type DraftContent = Extract<Content, { kind: 'draft' }>;
type Known = Pick<DraftRegister, 'v' | 'time'> & { body?: Body | null | undefined };

const register = Compile(DraftRegister);

/**
 * One draft on several devices. This device sends what it has under the version that it last knew. What comes from another device takes the
 * place of a text that nobody has changed here since; else both stay, and nothing is sent until the person has chosen. One append is on its
 * way at a time, so that `replaces` is always what was known; a text that waits behind it is read from the draft when its turn has come.
 */
export class DraftSync {
  readonly #drafts: Drafts;
  readonly #earlier: EarlierTexts;
  readonly #outbox: Outbox;
  readonly #newId: () => string;

  constructor(drafts: Drafts, earlier: EarlierTexts, outbox: Outbox, newId: () => string) {
    this.#drafts = drafts;
    this.#earlier = earlier;
    this.#outbox = outbox;
    this.#newId = newId;
  }

  /** Puts the text in line for the other devices. Answers whether something new waits. A text that no message could have stays here. */
  share(conv: string): boolean {
    return this.#outbox.transaction(() => {
      const { text, base, baseV, other, wanted } = this.#drafts.find(conv);
      if (other) return false;
      const waiting = this.#outbox.ofKind(conv, 'draft');
      if (waiting.some(({ frozen }) => frozen)) {
        if (!wanted) this.#drafts.change(conv, { wanted: true });
        return false;
      }
      if (wanted) this.#drafts.change(conv, { wanted: false });
      const body: Body = { type: 'text/plain', text };
      if (text === base || !fits(body)) {
        for (const { id } of waiting) this.#outbox.delete(id);
        return false;
      }
      const [item] = waiting;
      if (item && waiting.length === 1 && textIn(item.content) === text && replacesOf(item.content) === baseV)
        return false;
      this.#outbox.quiet(conv, this.#newId(), {
        kind: 'draft',
        replaces: baseV,
        ...(text === '' ? {} : { body }),
      });
      return true;
    });
  }

  /** The log took it. */
  acked(conv: string, content: DraftContent): boolean {
    const v = (content.replaces ?? 0) + 1;
    const { baseV, wanted } = this.#drafts.find(conv);
    if (v > baseV) this.#drafts.change(conv, { baseV: v, base: textIn(content) ?? '' });
    return wanted && this.share(conv);
  }

  /** The log did not. `present`: the register as it is, with `conflict`. Answers whether the draft is another one now. */
  refused(conv: string, content: DraftContent, kind: string, present: object | undefined): boolean {
    if (kind === 'conflict' && (content.replaces ?? 0) < this.#drafts.find(conv).baseV) {
      // What was in its way has arrived meanwhile, and the person may have chosen already.
      this.share(conv);
      return false;
    }
    if (kind !== 'conflict') {
      this.#drafts.change(conv, { wanted: false });
      return false;
    }
    if (present === undefined) {
      // The log has none: it was put back to a time before it.
      this.#drafts.change(conv, { baseV: 0, base: '' });
      this.share(conv);
      return false;
    }
    return register.Check(present) && this.#meet(conv, present);
  }

  /** The register as the log tells it. Answers whether the draft is another one now. */
  arrived(conv: string, known: Known): boolean {
    return known.v > this.#drafts.find(conv).baseV && this.#meet(conv, known);
  }

  #meet(conv: string, { v, time, body }: Known): boolean {
    const there = body ? wordsOf(body) : '';
    // Of a newer version: what this one cannot read it must not replace.
    if (there === null) return false;
    return this.#outbox.transaction(() => {
      const { text: here, base, other, version } = this.#drafts.find(conv);
      for (const item of this.#outbox.ofKind(conv, 'draft')) if (!item.frozen) this.#outbox.delete(item.id);
      const known = { baseV: v, base: there };
      if (here === there) {
        if (other) this.#earlier.keep(conv, other.text);
        this.#drafts.change(conv, { ...known, other: null });
        return other !== null;
      }
      // While something is undecided, only the undecided text is renewed.
      const decided = other === null || other.text === '';
      if (decided && (here === base || here === '' || (there !== '' && there.includes(here)))) {
        this.#drafts.change(conv, { ...known, text: there, taken: version + 1, other: null });
        return true;
      }
      if (there === '' || here.includes(there)) {
        if (other && !here.includes(other.text)) {
          // What it was is nowhere else any more; the person still chooses.
          this.#drafts.change(conv, known);
          return false;
        }
        this.#drafts.change(conv, { ...known, other: null });
        this.share(conv);
        return other !== null;
      }
      if (other && !there.includes(other.text)) this.#earlier.keep(conv, other.text);
      this.#drafts.change(conv, { ...known, other: { text: there, time } });
      return true;
    });
  }

  /**
   * What is typed. `basis`: the version it was typed onto; where a text of another device has come between, both stay. Answers whether that
   * made a conflict.
   */
  save(conv: string, text: string, basis: number | undefined): { version: number; conflict?: true } {
    return this.#outbox.transaction(() => {
      const row = this.#drafts.find(conv);
      const between = basis !== undefined && basis < row.taken && row.version === row.taken;
      if (!between || row.text === '' || text.includes(row.text))
        return { version: this.#drafts.save(conv, text) };
      const other = row.other ?? { text: row.text, time: row.updated };
      return { version: this.#drafts.change(conv, { text, other }).version, conflict: true };
    });
  }

  /** The person chooses between the text here and the other one; the one that goes becomes an earlier text. */
  choose(conv: string, choice: 'use' | 'both' | 'dismiss'): Draft {
    return this.#outbox.transaction(() => {
      const { text, other } = this.#drafts.find(conv);
      if (other) {
        if (choice === 'dismiss') {
          if (!text.includes(other.text)) this.#earlier.keep(conv, other.text, true);
          this.#drafts.change(conv, { other: null });
        } else if (choice === 'use') {
          if (!other.text.includes(text)) this.#earlier.keep(conv, text, true);
          this.#drafts.change(conv, { text: other.text, other: null });
        } else
          this.#drafts.change(conv, {
            text: text === '' ? other.text : `${other.text}\n${text}`,
            other: null,
          });
        this.share(conv);
      }
      return this.#drafts.read(conv);
    });
  }

  /** An earlier text, in the place of the present one, which becomes an earlier text itself. */
  restore(conv: string, id: number): Draft {
    return this.#outbox.transaction(() => {
      const again = this.#earlier.find(conv, id);
      if (again === null)
        throw new StoreError({ ...noSuchItem().failure, message: 'This text is not kept any more.' });
      const { text } = this.#drafts.find(conv);
      if (text !== again) {
        this.#earlier.keep(conv, text, true);
        this.#drafts.change(conv, { text: again });
        this.share(conv);
      }
      return this.#drafts.read(conv);
    });
  }

  /** What a crash, or an older version, left unsent. Answers with conversations whose draft is another one now. */
  heal(known: readonly (Known & { conv: string })[]): void {
    for (const one of known) this.arrived(one.conv, one);
    for (const conv of this.#drafts.unshared()) this.share(conv);
    this.#earlier.prune();
  }
}

const replacesOf = (content: Content): number | undefined =>
  content.kind === 'draft' ? content.replaces : undefined;
const textIn = (content: Content): string | null =>
  content.kind === 'draft' ? (content.body ? wordsOf(content.body) : '') : null;

const wordsOf = (body: Body): string | null =>
  body.type === 'text/plain' && 'text' in body ? body.text : (readContent(body)?.text ?? null);

function fits(body: Body): boolean {
  try {
    mustFit('draft', body);
    return true;
  } catch (error) {
    if (error instanceof StoreError) return false;
    throw error;
  }
}
