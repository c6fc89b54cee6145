/**
 * The text of one conversation's composer, from the first keystroke to the outbox. It belongs to one address for its whole
 * life, so that a quick switch cannot send a text to another conversation; it outlives the composer, so that a failed commit has a place to
 * put the text back to (I11). What is saved goes to the person's other devices too, less often.
 */

import type { More } from '@matchbook/protocol/bridge/more';
import type { LocalFailure, Outcome } from '@matchbook/protocol/bridge/outcome';
import type { Draft, EarlierText } from '@matchbook/protocol/bridge/views';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Address } from './state.ts';

/** From a keystroke to the draft row, ms. */
export const DRAFT_DELAY = 250;
/** While one types, the other devices hear of it at most this often, ms. */
export const SHARE_EVERY = 5_000;

export type Later = (delay: number, run: () => void) => () => void;

export interface DraftState {
  text: string;
  /** What the message will have besides its text: the one that it answers, people, files. */
  more: More | null;
  loaded: boolean;
  /** Why the text is not in the draft row, or why it came back. */
  failure: LocalFailure | null;
  /** What another device has instead, until the person has chosen. */
  other: { text: string; time: number; more?: More } | null;
}

export class DraftKeeper {
  readonly address: Address;
  readonly state: StoreApi<DraftState>;
  readonly #bridge: WindowBridge;
  readonly #later: Later;
  #version = 0;
  #stored = '';
  /** JSON of `more` as the row has it. */
  #storedMore = 'null';
  #cancel: (() => void) | null = null;
  #cancelShare: (() => void) | null = null;
  /** Something was saved that the other devices were not sent. */
  #unshared = false;
  /** Saves, loads and submissions of this draft, one after the other. */
  #line: Promise<void>;
  /** Steps of the line, and commits, that are not over. */
  #busy = 0;

  constructor(address: Address, bridge: WindowBridge, later: Later) {
    this.address = address;
    this.#bridge = bridge;
    this.#later = later;
    this.state = createStore<DraftState>(() => ({
      ...{ text: '', more: null, loaded: false, failure: null, other: null },
    }));
    this.#line = this.#counted(this.#load());
  }

  async #load(): Promise<void> {
    const answer = await this.#bridge.call('draft.read', { ...this.address });
    if (!answer.ok) {
      this.state.setState({ loaded: true, failure: answer.failure });
      return;
    }
    const { text, other = null } = answer.value;
    this.#known(answer.value);
    // What was typed while the draft was still on its way stands behind it.
    const { text: typed, more } = this.state.getState();
    this.state.setState({ text: text + typed, more: more ?? answer.value.more ?? null, loaded: true, other });
    if (typed || more) this.#schedule();
  }

  edit(text: string): void {
    this.state.setState({ text, failure: null });
    this.#schedule();
  }

  /** What the message will have besides its text; null: nothing. */
  accompany(more: More | null): void {
    this.state.setState({ more, failure: null });
    this.#schedule();
  }

  /** The row is this now. */
  #known({ text, version, more }: Draft): void {
    this.#version = version;
    this.#stored = text;
    this.#storedMore = JSON.stringify(more ?? null);
  }

  #schedule(): void {
    this.#cancel ??= this.#later(DRAFT_DELAY, () => {
      this.#cancel = null;
      void this.flush();
    });
  }

  /** Resolves once the present text is in the draft row, or the failure is shown. */
  flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = null;
    return this.#inLine(() => this.#save());
  }

  /** The person turns to something else: the text is saved, and the other devices get it now. */
  rest(): Promise<void> {
    this.#cancel?.();
    this.#cancel = null;
    // In one question: of a window that closes, none comes after the answer.
    void this.#inLine(() => this.#save(true));
    return this.#inLine(() => this.#share());
  }

  async #save(share = false): Promise<void> {
    const { text, more, loaded } = this.state.getState();
    const besides = JSON.stringify(more);
    if (!loaded || (text === this.#stored && besides === this.#storedMore)) return;
    const answer = await this.#bridge.call('draft.save', {
      ...{ ...this.address, text, basis: this.#version },
      ...(besides === this.#storedMore ? {} : { more }),
      ...(share ? { share } : {}),
    });
    if (!answer.ok) {
      this.state.setState({ failure: answer.failure });
      return;
    }
    this.#version = answer.value.version;
    this.#stored = text;
    this.#storedMore = besides;
    if (share) this.#isShared();
    else this.#shareLater();
    if (!answer.value.conflict) return;
    const now = await this.#bridge.call('draft.read', { ...this.address });
    if (now.ok) this.state.setState({ other: now.value.other ?? null });
  }

  #shareLater(): void {
    this.#unshared = true;
    this.#cancelShare ??= this.#later(SHARE_EVERY, () => {
      this.#cancelShare = null;
      void this.#inLine(() => this.#share());
    });
  }

  #isShared(): void {
    this.#cancelShare?.();
    this.#cancelShare = null;
    this.#unshared = false;
  }

  async #share(): Promise<void> {
    const unshared = this.#unshared;
    this.#isShared();
    if (!unshared) return;
    const answer = await this.#bridge.call('draft.share', { ...this.address });
    // The text itself is safe. The next save, or the next start, tries again.
    if (!answer.ok) this.#unshared = true;
  }

  /** Empties the composer at once, and calls `submit` with the version that the commit may clear. */
  take(submit: (draftVersion: number) => Promise<void>): void {
    this.#cancel?.();
    this.#cancel = null;
    this.state.setState({ text: '', more: null, failure: null });
    void this.#inLine(async () => {
      // Not awaited: the next message must not wait for the commit of this one, only for its own place behind it.
      void this.#counted(submit(this.#version));
      // The commit tells the other devices that the draft is empty.
      this.#isShared();
      this.#stored = '';
      this.#storedMore = 'null';
      const { text, more } = this.state.getState();
      if (text || more) this.#schedule();
    });
  }

  /** A commit failed: the text comes back, before whatever was typed meanwhile, with what it had besides. */
  putBack(text: string, more: More | null, failure: LocalFailure): void {
    const { text: now, more: chosen } = this.state.getState();
    this.state.setState({ text: now ? `${text}\n${now}` : text, more: chosen ?? more, failure });
    // The failed commit has left the row as it was; it may hold an older text than this.
    this.#stored = '\0';
    this.#storedMore = '\0';
    this.#schedule();
  }

  /** The store changed the draft row itself: an outbox item went back to it. */
  adopt(draft: Draft): void {
    this.#known(draft);
    const { text, more = null, other = null } = draft;
    this.state.setState({ text, more, failure: null, other });
    this.#shareLater();
  }

  /** Another window or device has changed this draft: it is shown here. Where both have what the other has not, both stay. */
  changedElsewhere(): Promise<void> {
    return this.#inLine(async () => {
      const answer = await this.#bridge.call('draft.read', { ...this.address });
      if (!answer.ok) return;
      const { text: there, version, more = null, taken = 0, other = null } = answer.value;
      this.state.setState({ other });
      if (version <= this.#version) return;
      const { text: here, more: chosen, loaded } = this.state.getState();
      const untouched = !loaded || here === this.#stored;
      // Typed just now, onto the text before: the store keeps the other device's beside it.
      if (!untouched && taken === version) return this.#save();
      if (!loaded || JSON.stringify(chosen) === this.#storedMore) this.state.setState({ more });
      this.#known(answer.value);
      if (untouched || there.includes(here)) this.state.setState({ text: there, failure: null });
      else if (there !== '' && !here.includes(there)) this.edit(`${there}\n${here}`);
    });
  }

  /** Which of the two texts it is to be. */
  choose(choice: 'use' | 'both' | 'dismiss'): Promise<void> {
    return this.#replaced(() => this.#bridge.call('draft.choose', { ...this.address, choice }));
  }

  /** Newest first. */
  earlier(): Promise<Outcome<EarlierText[]>> {
    return this.#bridge.call('draft.earlier', { ...this.address });
  }

  /** The present text becomes an earlier one. */
  restore(id: number): Promise<void> {
    return this.#replaced(() => this.#bridge.call('draft.restore', { ...this.address, id }));
  }

  #replaced(ask: () => Promise<Outcome<Draft>>): Promise<void> {
    void this.flush();
    return this.#inLine(async () => {
      const before = this.state.getState().text;
      const answer = await ask();
      if (!answer.ok) {
        this.state.setState({ failure: answer.failure });
        return;
      }
      const { text, more = null, other = null } = answer.value;
      this.#known(answer.value);
      const now = this.state.getState().text;
      this.state.setState({ text, more, failure: null, other });
      // Typed while the answer was on its way.
      if (now !== before) this.edit(`${text}\n${now}`);
    });
  }

  /** It says no more than its row does, and nothing is on its way: whoever comes again reads the row. */
  get isAtRest(): boolean {
    const { text, more, loaded, failure, other } = this.state.getState();
    const isSaved = text === this.#stored && JSON.stringify(more) === this.#storedMore;
    const waits = this.#busy > 0 || this.#cancel !== null || this.#cancelShare !== null || this.#unshared;
    return loaded && isSaved && failure === null && other === null && !waits;
  }

  #inLine(step: () => Promise<void>): Promise<void> {
    const next = this.#counted(this.#line.then(step));
    this.#line = next;
    return next;
  }

  #counted(work: Promise<void>): Promise<void> {
    this.#busy++;
    return work.finally(() => this.#busy--);
  }

  close(): Promise<void> {
    return this.rest();
  }
}
