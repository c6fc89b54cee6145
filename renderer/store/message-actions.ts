/** What a person does about a message that is there: other words, a reaction, away with it. Each is an append, shown as done at once. */
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import type { Body } from '@matchbook/protocol/entries';
import { MESSAGE_TYPE } from '@matchbook/protocol/shown-text';
import type { Address } from './state.ts';

export interface MessageActionPorts {
  bridge: WindowBridge;
  newId: () => string;
}

export class MessageActions {
  readonly #ports: MessageActionPorts;

  constructor(ports: MessageActionPorts) {
    this.#ports = ports;
  }

  /** What else the message has (files, whom it answers) stays with it. */
  edit(
    address: Address,
    row: TimelineRow,
    text: string,
    mentions: readonly string[],
  ): Promise<Outcome<unknown>> {
    const body = withText(row.body, text, mentions);
    return this.#append(address, { kind: 'edit', target: targetOf(row), body });
  }

  /** For everybody. */
  remove(address: Address, row: TimelineRow): Promise<Outcome<unknown>> {
    return this.#append(address, { kind: 'delete', target: targetOf(row) });
  }

  /** On one's own devices; the others keep it. */
  removeForMe(address: Address, n: number): Promise<Outcome<unknown>> {
    return this.#append(address, { kind: 'deleted_for_me', target: n, value: 1 });
  }

  /** @param on false takes it back */
  react(address: Address, row: TimelineRow, emoji: string, on: boolean): Promise<Outcome<unknown>> {
    const body = { type: 'text/plain', text: emoji };
    return this.#append(address, {
      ...{ kind: 'reaction', target: targetOf(row), body },
      ...(on ? {} : { off: true }),
    });
  }

  #append({ account, conv }: Address, append: { kind: string; [field: string]: unknown }) {
    const request = { account, conv, append: { id: this.#ports.newId(), ...append } };
    return this.#ports.bridge.call('outbox.append', request);
  }
}

/** One's own message may have no place yet. */
const targetOf = ({ n, id }: TimelineRow): number | { id: string } => n ?? { id };

function withText(body: Body | null, text: string, mentions: readonly string[]): Body {
  const rich = body?.type === MESSAGE_TYPE && 'text' in body ? (JSON.parse(body.text) as object) : {};
  const { mentions: _, ...kept } = rich as { mentions?: unknown };
  const content = { ...kept, text, ...(mentions.length > 0 ? { mentions } : {}) };
  if (Object.keys(content).length === 1) return { type: 'text/plain', text };
  return { type: MESSAGE_TYPE, text: JSON.stringify(content) };
}
