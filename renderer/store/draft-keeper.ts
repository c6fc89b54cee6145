/**
 * The text of one conversation's composer, from the first keystroke to the outbox. It belongs to one address for its whole
 * life, so that a quick switch cannot send a text to another conversation; it outlives the composer, so that a failed commit has a place to
 * put the text back to (I11).
 */

import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { Draft } from '@matchbook/protocol/bridge/views';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Address } from './state.ts';

/** From a keystroke to the draft row, ms. */
export const DRAFT_DELAY = 250;

export type Later = (delay: number, run: () => void) => () => void;

export interface DraftState {
  text: string;
  loaded: boolean;
  /** Why the text is not in the draft row, or why it came back. */
  failure: LocalFailure | null;
}

export class DraftKeeper {
  readonly address: Address;
  readonly state: StoreApi<DraftState>;
  readonly #bridge: WindowBridge;
  readonly #later: Later;
  #version = 0;
  #stored = '';
  #cancel: (() => void) | null = null;
  /** Saves, loads and submissions of this draft, one after the other. */
  #line: Promise<void>;

  constructor(address: Address, bridge: WindowBridge, later: Later) {
    this.address = address;
    this.#bridge = bridge;
    this.#later = later;
    this.state = createStore<DraftState>(() => ({ text: '', loaded: false, failure: null }));
    this.#line = this.#load();
  }

  async #load(): Promise<void> {
    const answer = await this.#bridge.call('draft.read', { ...this.address });
    if (!answer.ok) {
      this.state.setState({ loaded: true, failure: answer.failure });
      return;
    }
    this.#version = answer.value.version;
    this.#stored = answer.value.text;
    // What was typed while the draft was still on its way stands behind it.
    const typed = this.state.getState().text;
    this.state.setState({ text: answer.value.text + typed, loaded: true });
    if (typed) this.#schedule();
  }

  edit(text: string): void {
    this.state.setState({ text, failure: null });
    this.#schedule();
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
    return this.#inLine(async () => {
      const { text, loaded } = this.state.getState();
      if (!loaded || text === this.#stored) return;
      const answer = await this.#bridge.call('draft.save', { ...this.address, text });
      if (answer.ok) {
        this.#version = answer.value.version;
        this.#stored = text;
      } else this.state.setState({ failure: answer.failure });
    });
  }

  /** Empties the composer at once, and calls `submit` with the version that the commit may clear. */
  take(submit: (draftVersion: number) => Promise<void>): void {
    this.#cancel?.();
    this.#cancel = null;
    this.state.setState({ text: '', failure: null });
    void this.#inLine(async () => {
      // Not awaited: the next message must not wait for the commit of this one, only for its own place behind it.
      void submit(this.#version);
      this.#stored = '';
      if (this.state.getState().text) this.#schedule();
    });
  }

  /** A commit failed: the text comes back, before whatever was typed meanwhile. */
  putBack(text: string, failure: LocalFailure): void {
    const now = this.state.getState().text;
    this.state.setState({ text: now ? `${text}\n${now}` : text, failure });
    // The failed commit has left the row as it was; it may hold an older text than this.
    this.#stored = '\0';
    this.#schedule();
  }

  /** The store changed the draft row itself: an outbox item went back to it. */
  adopt(draft: Draft): void {
    this.#version = draft.version;
    this.#stored = draft.text;
    this.state.setState({ text: draft.text, failure: null });
  }

  /** Another window saved this draft: it is shown here. Where both have what the other has not, both stay. */
  changedElsewhere(): Promise<void> {
    return this.#inLine(async () => {
      const answer = await this.#bridge.call('draft.read', { ...this.address });
      if (!answer.ok || answer.value.version <= this.#version) return;
      const { text: here, loaded } = this.state.getState();
      const { text: there, version } = answer.value;
      const untouched = !loaded || here === this.#stored;
      this.#version = version;
      this.#stored = there;
      if (untouched || there.includes(here)) this.state.setState({ text: there, failure: null });
      else if (there !== '' && !here.includes(there)) this.edit(`${there}\n${here}`);
    });
  }

  #inLine(step: () => Promise<void>): Promise<void> {
    const next = this.#line.then(step);
    this.#line = next;
    return next;
  }

  close(): Promise<void> {
    return this.flush();
  }
}
