/** What a person does with messages besides writing them: choosing many, passing on, pinning, keeping; and the list that stands beside the conversation. */

import type { TargetRef } from '@matchbook/protocol/bridge/more';
import type { LocalFailure, Outcome } from '@matchbook/protocol/bridge/outcome';
import type { PinnedMessages, SavedMessages, Thread, ThreadFetched } from '@matchbook/protocol/bridge/places';
import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import type { Body } from '@matchbook/protocol/entries';
import { shownFiles } from '@matchbook/protocol/shown-files';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { saidIn } from './content.ts';
import type { Address } from './state.ts';

/** What stands beside the conversation. */
export type Shelf =
  | { kind: 'pinned' }
  | { kind: 'saved' }
  | { kind: 'scheduled' }
  /** `answering`: what is written goes to this message, which began it, for as long as it stands there. */
  | { kind: 'thread'; n: number; answering?: number };

/** What goes on to a conversation, oldest first. */
export interface PassedOn {
  conv: string;
  rows: readonly TimelineRow[];
}

export interface TalkState {
  /** By key; null while nothing is being chosen. */
  selecting: ReadonlyMap<string, TimelineRow> | null;
  /** To be passed on, oldest first; null while nobody is asked to whom. */
  forwarding: readonly TimelineRow[] | null;
  /** So many messages were passed on just now, to conversations of these titles. */
  passed: { count: number; titles: readonly string[] } | null;
  shelf: Shelf | null;
  /** Key of the own message whose words are being changed. */
  editing: string | null;
  /** Other words for a message that were given up just now. */
  givenUp: { row: Pick<TimelineRow, 'key' | 'n'>; text: string } | null;
}

const NOTHING: TalkState = {
  ...{ selecting: null, forwarding: null, passed: null },
  ...{ shelf: null, editing: null, givenUp: null },
};
/** Messages that are chosen at once; the bar says so. */
export const CHOSEN_AT_ONCE = 100;

export interface TalkPorts {
  bridge: WindowBridge;
  newId: () => string;
}

export class Talk {
  readonly state: StoreApi<TalkState> = createStore<TalkState>(() => NOTHING);
  readonly #bridge: WindowBridge;
  readonly #newId: () => string;
  /** Key of the message that was chosen, or given back, last. */
  #last: string | null = null;

  constructor({ bridge, newId }: TalkPorts) {
    this.#bridge = bridge;
    this.#newId = newId;
  }

  /** Another conversation is shown: what was about the last one ends. @param editing key of the message whose words were being changed there */
  leave(editing: string | null = null): void {
    const { shelf } = this.state.getState();
    this.state.setState({
      ...{ ...NOTHING, editing },
      shelf: shelf?.kind === 'saved' || shelf?.kind === 'scheduled' ? shelf : null,
    });
  }

  edit(key: string | null): void {
    this.state.setState({ editing: key, givenUp: null });
  }

  /** The words are given up, with a way back. @param text null: they were as before, and nothing is said */
  giveUp(row: Pick<TimelineRow, 'key' | 'n'>, text: string | null): void {
    this.state.setState({ editing: null, givenUp: text === null ? null : { row, text } });
  }

  forgetGivenUp(): void {
    this.state.setState({ givenUp: null });
  }

  show(shelf: Shelf | null): void {
    this.state.setState({ shelf });
  }

  /** Begins, goes on or, with the last one given back, ends to choose. */
  choose(row: TimelineRow, on: boolean): void {
    const chosen = new Map(this.state.getState().selecting);
    if (on && chosen.size < CHOSEN_AT_ONCE) chosen.set(row.key, row);
    if (!on) chosen.delete(row.key);
    this.#last = row.key;
    this.state.setState({ selecting: chosen });
  }

  /** Up to this one, from the one that was chosen last. @param rows that can be chosen, in their order */
  chooseUpTo(row: TimelineRow, rows: readonly TimelineRow[]): void {
    const from = rows.findIndex(({ key }) => key === this.#last);
    const to = rows.findIndex(({ key }) => key === row.key);
    if (from < 0 || to < 0) return this.choose(row, true);
    const between = rows.slice(Math.min(from, to), Math.max(from, to) + 1);
    for (const one of from > to ? between.reverse() : between) this.choose(one, true);
  }

  /** What is chosen is as it is now; what was deleted meanwhile is not chosen any more. @param rows that are known */
  refresh(rows: readonly TimelineRow[]): void {
    const { selecting } = this.state.getState();
    if (!selecting) return;
    const now = new Map(rows.map((row) => [row.key, row]));
    const changed = [...selecting].some(([key, row]) => now.has(key) && now.get(key) !== row);
    if (!changed) return;
    const chosen = [...selecting].map(([key, row]) => [key, now.get(key) ?? row] as const);
    this.state.setState({ selecting: new Map(chosen.filter(([, row]) => row.body !== null)) });
  }

  chooseNone(): void {
    this.state.setState({ selecting: null });
  }

  forward(rows: readonly TimelineRow[] | null): void {
    this.state.setState({ forwarding: rows });
  }

  pin({ account, conv }: Address, row: TimelineRow, on: boolean): Promise<Outcome<unknown>> {
    return this.#append(account, conv, {
      ...{ kind: 'pin', target: row.n ?? { id: row.id } },
      ...(on ? {} : { off: true }),
    });
  }

  /** Keeps a message among one's own, on all of one's devices. */
  keep({ account, conv }: Address, n: number, on: boolean): Promise<Outcome<unknown>> {
    return this.#append(account, conv, { kind: 'saved', target: n, value: on ? 1 : 0 });
  }

  /**
   * To each of these conversations its messages, in order. Where one is not taken the rest of that conversation waits for the person, and the others go on: what went before is in
   * the outbox.
   */
  async passOn(
    account: string,
    to: readonly PassedOn[],
    nameOf: (user: string) => string,
  ): Promise<(PassedOn & { failure: LocalFailure })[]> {
    const left: (PassedOn & { failure: LocalFailure })[] = [];
    for (const { conv, rows } of to)
      for (const [i, row] of rows.entries()) {
        const answer = await this.#passOn(account, conv, row, nameOf);
        if (answer.ok) continue;
        left.push({ conv, rows: rows.slice(i), failure: answer.failure });
        break;
      }
    return left;
  }

  async #passOn(
    account: string,
    conv: string,
    row: TimelineRow,
    nameOf: (user: string) => string,
  ): Promise<Outcome<unknown>> {
    const body = newestOf(row);
    const said = saidIn(body);
    const { preview } = shownFiles(body);
    if (!said) return { ok: true, value: null };
    // Not its audiences: who is here was not called by it.
    const { text, files, mentions, forwarded } = said;
    const from = forwarded ?? { by: nameOf(row.sender), user: row.sender, time: row.time };
    return this.#bridge.call('outbox.submit', {
      ...{ account, conv, id: this.#newId(), text, draftVersion: 0 },
      more: {
        ...(files.length > 0 ? { files: [...files] } : {}),
        ...(mentions.length > 0 ? { mentions: [...mentions] } : {}),
        ...(preview ? { preview } : {}),
        forwarded: from,
      },
    });
  }

  /** They are told of where they came from. */
  tellPassed(count: number, titles: readonly string[]): void {
    this.state.setState({ passed: { count, titles } });
  }

  forgetPassed(): void {
    this.state.setState({ passed: null });
  }

  pinned(address: Address): Promise<Outcome<PinnedMessages>> {
    return this.#bridge.call('message.pinned', { ...address });
  }

  /** What is written from now on goes to the thread that stands there: to the message that began it. */
  answerThread(root: number): void {
    const { shelf } = this.state.getState();
    if (shelf?.kind === 'thread') this.state.setState({ shelf: { ...shelf, answering: root } });
  }

  /** The message that the next one answers too, after one that answered this; null where it answers nothing. */
  goesOn(reply: TargetRef | undefined): number | null {
    const { shelf } = this.state.getState();
    const root = shelf?.kind === 'thread' ? shelf.answering : undefined;
    return root !== undefined && root === reply ? root : null;
  }

  thread(address: Address, n: number): Promise<Outcome<Thread>> {
    return this.#bridge.call('message.thread', { ...address, n });
  }

  /** Brings what the server has of a thread onto this device. */
  fetchThread(address: Address, n: number): Promise<Outcome<ThreadFetched>> {
    return this.#bridge.call('message.fetchThread', { ...address, n });
  }

  saved(account: string): Promise<Outcome<SavedMessages>> {
    return this.#bridge.call('message.saved', { account });
  }

  /** Hears of rows of some conversations that came or changed, until the answer is called. */
  whenRowsChange(account: string, convs: readonly string[], changed: () => void): () => void {
    return this.#bridge.on('rows.changed', (told) => {
      if (told.account === account && told.convs.some((conv) => convs.includes(conv))) changed();
    });
  }

  /** Place of the first message of a day, ms; null where there is none. */
  async dated(address: Address, time: number): Promise<number | null> {
    const answer = await this.#bridge.call('message.dated', { ...address, time });
    return answer.ok ? answer.value.n : null;
  }

  #append(account: string, conv: string, append: { kind: string; [field: string]: unknown }) {
    return this.#bridge.call('outbox.append', { account, conv, append: { id: this.#newId(), ...append } });
  }
}

/** With the words that wait to take the place of the old ones. */
function newestOf(row: TimelineRow): Body | null {
  const edit = row.changes?.findLast(
    ({ append, delivery }) => append.kind === 'edit' && delivery !== 'failed',
  );
  return edit?.append.kind === 'edit' ? edit.append.body : row.body;
}
