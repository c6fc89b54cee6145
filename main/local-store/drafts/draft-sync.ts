import { type More, moreOf, sayable } from '@matchbook/protocol/bridge/more';
import type { Draft } from '@matchbook/protocol/bridge/views';
import { type Body, DraftRegister } from '@matchbook/protocol/entries';
import { bodyOf, readContent } from '@matchbook/protocol/message-body';
import { compiledLater } from '../files/compiled-later.ts';
import { StoreError } from '../files/store-error.ts';
import { mustFit } from '../outbox/composed.ts';
import { bodyIn, type Content, noSuchItem } from '../outbox/item.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { type Drafts, together } from './drafts.ts';
import type { EarlierTexts } from './earlier-texts.ts';

export type DraftContent = Extract<Content, { kind: 'draft' }>;
type Known = Pick<DraftRegister, 'v' | 'time'> & { body?: Body | null | undefined };

const register = compiledLater(DraftRegister);

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
      const { text, more, base, baseMore, baseV, other, wanted } = this.#drafts.find(conv);
      if (other) return false;
      const waiting = this.#outbox.ofKind(conv, 'draft');
      if (waiting.some(({ frozen }) => frozen)) {
        if (!wanted) this.#drafts.change(conv, { wanted: true });
        return false;
      }
      if (wanted) this.#drafts.change(conv, { wanted: false });
      const body = said(text, more);
      if (same(body, said(base, baseMore)) || (body && !fits(body))) {
        for (const { id } of waiting) this.#outbox.delete(id);
        return false;
      }
      const [item] = waiting;
      if (
        item &&
        waiting.length === 1 &&
        same(bodyIn(item.content), body) &&
        replacesOf(item.content) === baseV
      )
        return false;
      this.#outbox.quiet(conv, this.#newId(), { kind: 'draft', replaces: baseV, ...(body ? { body } : {}) });
      return true;
    });
  }

  /** The log took it. */
  acked(conv: string, content: DraftContent): boolean {
    const v = (content.replaces ?? 0) + 1;
    const { baseV, wanted } = this.#drafts.find(conv);
    const { text, more } = (content.body && wordsOf(content.body)) ?? NOTHING;
    if (v > baseV) this.#drafts.change(conv, { baseV: v, base: text, baseMore: more });
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
      this.#drafts.change(conv, { baseV: 0, base: '', baseMore: null });
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
    const told = body ? wordsOf(body) : NOTHING;
    // Of a newer version: what this one cannot read it must not replace.
    if (told === null) return false;
    const { text: there, more: besides } = told;
    return this.#outbox.transaction(() => {
      const { text: here, more, base, baseMore, other, version } = this.#drafts.find(conv);
      for (const item of this.#outbox.ofKind(conv, 'draft')) if (!item.frozen) this.#outbox.delete(item.id);
      const known = { baseV: v, base: there, baseMore: besides };
      // What was chosen here since goes with whichever text stays.
      const chosen = !sameMore(more, baseMore);
      const theirs = chosen ? together(besides, more) : besides;
      if (here === there) {
        if (other) this.#earlier.keep(conv, other.text);
        const changed = !sameMore(theirs, more);
        const taken = changed ? { more: theirs, taken: version + 1 } : {};
        this.#drafts.change(conv, { ...known, ...taken, other: null });
        if (chosen) this.share(conv);
        return other !== null || changed;
      }
      // While something is undecided, only the undecided text is renewed.
      const decided = other === null || other.text === '';
      if (decided && (here === base || here === '' || (there !== '' && there.includes(here)))) {
        this.#drafts.change(conv, { ...known, text: there, more: theirs, taken: version + 1, other: null });
        if (chosen) this.share(conv);
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
      const beside = { text: there, time, ...(besides ? { more: besides } : {}) };
      this.#drafts.change(conv, { ...known, other: beside });
      return true;
    });
  }

  /**
   * What is typed. `basis`: the version it was typed onto; where a text of another device has come between, both stay. Answers whether that
   * made a conflict.
   */
  save(
    conv: string,
    text: string,
    basis: number | undefined,
    more?: More | null,
  ): { version: number; conflict?: true } {
    return this.#outbox.transaction(() => {
      const row = this.#drafts.find(conv);
      const besides = more === undefined ? {} : { more };
      const between = basis !== undefined && basis < row.taken && row.version === row.taken;
      if (!between || row.text === '' || text.includes(row.text))
        return { version: this.#drafts.change(conv, { text, ...besides }).version };
      const other = row.other ?? {
        ...{ text: row.text, time: row.updated },
        ...(row.more ? { more: row.more } : {}),
      };
      return { version: this.#drafts.change(conv, { text, ...besides, other }).version, conflict: true };
    });
  }

  /** The person chooses between the text here and the other one; the one that goes becomes an earlier text. */
  choose(conv: string, choice: 'use' | 'both' | 'dismiss'): Draft {
    return this.#outbox.transaction(() => {
      const { text, more, other } = this.#drafts.find(conv);
      if (other) {
        if (choice === 'dismiss') {
          if (!text.includes(other.text)) this.#earlier.keep(conv, other.text, true);
          this.#drafts.change(conv, { other: null });
        } else if (choice === 'use') {
          if (!other.text.includes(text)) this.#earlier.keep(conv, text, true);
          this.#drafts.change(conv, { text: other.text, more: other.more ?? null, other: null });
        } else
          this.#drafts.change(conv, {
            text: text === '' ? other.text : `${other.text}\n${text}`,
            more: together(other.more ?? null, more),
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
const NOTHING = { text: '', more: null };

/** What a body says; null where this version cannot read it. */
function wordsOf(body: Body): { text: string; more: More | null } | null {
  const content = readContent(body);
  return content && { text: content.text, more: moreOf(content) };
}

/** The body of a register; null where there is no draft. */
function said(text: string, more: More | null): Body | null {
  const besides = sayable(more);
  return text === '' && Object.keys(besides).length === 0 ? null : bodyOf({ text, ...besides });
}

const same = (one: Body | null, other: Body | null): boolean => JSON.stringify(one) === JSON.stringify(other);
const sameMore = (one: More | null, other: More | null): boolean =>
  JSON.stringify(sayable(one)) === JSON.stringify(sayable(other));

function fits(body: Body): boolean {
  try {
    mustFit('draft', body);
    return true;
  } catch (error) {
    if (error instanceof StoreError) return false;
    throw error;
  }
}
