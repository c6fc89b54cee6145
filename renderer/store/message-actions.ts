/** What a person does about a message that is there: other words, a reaction, away with it. Each is an append, shown as done at once. And where a message is looked up. */
import type { TargetRef } from '@matchbook/protocol/bridge/more';
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type { MessagePassport } from '@matchbook/protocol/bridge/passport';
import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import type { Body } from '@matchbook/protocol/entries';
import { MESSAGE_TYPE } from '@matchbook/protocol/shown-text';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Answered } from './answered.ts';
import { Coalesced } from './coalesced.ts';
import { saidIn } from './content.ts';
import { type Called, calledIn, wordsFor } from './mentions.ts';
import type { Address } from './state.ts';

export interface MessageActionPorts {
  bridge: WindowBridge;
  newId: () => string;
  answered: Answered;
  /** Whoever else is in a conversation and has a name: mentions of an edited text are theirs. */
  peopleOf(address: Address): readonly { user: string; name: string }[];
}

export interface HiddenState {
  /** What was deleted for oneself just now, and can be taken back. */
  hidden: { address: Address; places: readonly number[] } | null;
}

export class MessageActions {
  readonly state: StoreApi<HiddenState> = createStore<HiddenState>(() => ({ hidden: null }));
  readonly #ports: MessageActionPorts;

  constructor(ports: MessageActionPorts) {
    this.#ports = ports;
  }

  /** What else the message has (files, whom it answers) stays with it. A failure stands beside the words that could not be kept. @param everyone the word for all of a group; null in a direct conversation */
  edit(address: Address, row: TimelineRow, text: string, everyone: string | null): Promise<Outcome<unknown>> {
    const people = this.#ports.peopleOf(address).filter(({ user }) => user !== row.sender);
    // The word it was written with stays one, whichever language the app speaks now.
    const before = wordsFor(saidIn(row.body)?.audiences);
    const words = everyone === null ? before : [everyone, ...before];
    const body = withText(row.body, text, calledIn(text, people, words));
    return this.#append(address, { kind: 'edit', target: targetOf(row), body });
  }

  /** For everybody. */
  async remove(address: Address, row: TimelineRow): Promise<void> {
    await this.#ports.answered(this.#append(address, { kind: 'delete', target: targetOf(row) }));
  }

  /** On one's own devices; the others keep it. It can be taken back until something else is done. */
  async hide(address: Address, places: readonly number[]): Promise<void> {
    for (const n of places) if (!(await this.#hidden(address, n, true))) return;
    this.state.setState({ hidden: { address, places } });
  }

  /** What was deleted for oneself last is there again. */
  async unhide(): Promise<void> {
    const { hidden } = this.state.getState();
    this.forgetHidden();
    for (const n of hidden?.places ?? []) await this.#hidden(hidden!.address, n, false);
  }

  /** It stays away. */
  forgetHidden(): void {
    this.state.setState({ hidden: null });
  }

  /** @param on false takes it back */
  async react(address: Address, row: TimelineRow, emoji: string, on: boolean): Promise<void> {
    const body = { type: 'text/plain', text: emoji };
    const append = { kind: 'reaction', target: targetOf(row), body, ...(on ? {} : { off: true }) };
    await this.#ports.answered(this.#append(address, append));
  }

  /** The line at a place as it is now; null where it is not here. */
  async at({ account, conv }: Address, n: number): Promise<TimelineRow | null> {
    const answer = await this.#ports.bridge.call('timeline.page', { account, conv, to: n, limit: 1 });
    const row = answer.ok ? answer.value.rows[0] : undefined;
    return row?.n === n ? row : null;
  }

  /** So many messages before and behind a place, or the newest. */
  async around(
    { account, conv }: Address,
    n: number | null,
    beside: number,
  ): Promise<Outcome<TimelineRow[]>> {
    const place = n === null ? {} : { to: n + beside };
    const request = { account, conv, ...place, limit: 2 * beside };
    const answer = await this.#ports.bridge.call('timeline.page', request);
    return answer.ok ? { ok: true, value: answer.value.rows } : answer;
  }

  /** Tells the way of a message, now and whenever its conversation or the outbox changes. Answers with the function that stops. */
  followPassport(
    { account, conv }: Address,
    target: TargetRef,
    tell: (passport: Outcome<MessagePassport | null>) => void,
  ): () => void {
    const { bridge } = this.#ports;
    let stopped = false;
    const asking = new Coalesced(async () => {
      const answer = await bridge.call('message.passport', { account, conv, target });
      if (!stopped) tell(answer);
    });
    const ask = () => void asking.run();
    const off = [
      bridge.on('rows.changed', (changed) => {
        if (changed.account === account && changed.convs.includes(conv)) ask();
      }),
      bridge.on('outbox.changed', (changed) => {
        if (changed.account === account) ask();
      }),
    ];
    ask();
    return () => {
      stopped = true;
      for (const stop of off) stop();
    };
  }

  async #hidden(address: Address, n: number, on: boolean): Promise<boolean> {
    const append = { kind: 'deleted_for_me', target: n, value: on ? 1 : 0 };
    return (await this.#ports.answered(this.#append(address, append))) !== null;
  }

  #append({ account, conv }: Address, append: { kind: string; [field: string]: unknown }) {
    const request = { account, conv, append: { id: this.#ports.newId(), ...append } };
    return this.#ports.bridge.call('outbox.append', request);
  }
}

/** One's own message may have no place yet. */
const targetOf = ({ n, id }: TimelineRow): number | { id: string } => n ?? { id };

function withText(body: Body | null, text: string, called: Called): Body {
  const rich = body?.type === MESSAGE_TYPE && 'text' in body ? (JSON.parse(body.text) as object) : {};
  const { mentions: _, audiences: __, ...kept } = rich as Called;
  const content = { ...kept, text, ...called };
  if (Object.keys(content).length === 1) return { type: 'text/plain', text };
  return { type: MESSAGE_TYPE, text: JSON.stringify(content) };
}
