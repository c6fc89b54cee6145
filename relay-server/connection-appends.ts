import type { Failure } from '@matchbook/protocol/failures';
import type { AppendFrame, DownFrame } from '@matchbook/protocol/frames';
import type { RefusedItem } from './intake.ts';
import type { ItemOutcome, LogRequest } from './sequencer/messages.ts';

/** Items of one connection that may be on their way to the log; beyond, they are refused as retryable. */
const APPENDING = 1_024;

interface Peer {
  user: string;
  device: string;
  submit: (request: LogRequest) => Promise<ItemOutcome[]>;
  send: (frame: DownFrame) => void;
}

/** Takes a connection's appends to the log and tells it, item by item, what became of them. */
export class Appends {
  readonly #peer: Peer;
  readonly #underway = new Map<string, number>();

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  /** Whether an id is on its way: its entry comes back to this very connection. */
  has(id: string): boolean {
    return this.#underway.has(id);
  }

  /** @param refused items that never got as far as the log */
  append(conv: string, items: AppendFrame['items'], refused: RefusedItem[]): void {
    if (this.#underway.size + items.length > APPENDING) {
      const message = 'Too many appends await their answer.';
      const failure: Failure = { kind: 'rate_limited', message, retryAfter: 1 };
      const outcomes = items.map(({ id }): ItemOutcome => ({ ok: false, id, failure }));
      this.#answer(conv, outcomes, refused);
      return;
    }
    if (items.length === 0) {
      this.#answer(conv, [], refused);
      return;
    }
    for (const { id } of items) this.#underway.set(id, (this.#underway.get(id) ?? 0) + 1);
    const { user, device } = this.#peer;
    void this.#peer.submit({ type: 'append', user, device, conv, items }).then((outcomes) => {
      for (const { id } of items) {
        const left = this.#underway.get(id)! - 1;
        if (left > 0) this.#underway.set(id, left);
        else this.#underway.delete(id);
      }
      this.#answer(conv, outcomes, refused);
    });
  }

  #answer(conv: string, outcomes: ItemOutcome[], refused: RefusedItem[]): void {
    const acked = outcomes.flatMap((one) => (one.ok ? [{ id: one.id, ...one.place }] : []));
    const nacked = outcomes.flatMap((one) => (one.ok ? [] : [{ id: one.id, ...one.failure }]));
    nacked.push(...refused.map(({ id, failure }) => ({ id, ...failure })));
    if (acked.length > 0) this.#peer.send({ t: 'ack', conv, items: acked });
    if (nacked.length > 0) this.#peer.send({ t: 'nack', conv, items: nacked });
  }
}
