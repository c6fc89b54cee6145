import type { Append } from '@matchbook/protocol/entries';
import type { Failure } from '@matchbook/protocol/failures';
import { intake, type RefusedItem } from './intake.ts';
import type { AppendRequest, ItemOutcome } from './messages.ts';
import type { RateLimits } from './rates.ts';

interface Peer {
  user: string;
  device: string;
}

/** A frame that is ready for the log, with what needs no log to be refused. */
export interface ReadyFrame {
  request: AppendRequest;
  refused: RefusedItem[];
}

/** Takes append frames of connections apart, and puts their answers together. */
export class AppendFrames {
  readonly #peers = new Map<number, Peer>();
  readonly #rates: RateLimits;
  readonly #batchItems: number;
  readonly #now: () => number;

  /** @param now monotonic clock, ms */
  constructor(rates: RateLimits, batchItems: number, now: () => number) {
    this.#rates = rates;
    this.#batchItems = batchItems;
    this.#now = now;
  }

  join(peer: number, user: string, device: string): void {
    this.#peers.set(peer, { user, device });
  }

  leave(peer: number): void {
    this.#peers.delete(peer);
  }

  /** Null where the connection is gone. */
  read(peer: number, frame: string | Uint8Array): ReadyFrame | Failure | null {
    const who = this.#peers.get(peer);
    if (!who) return null;
    const read = intake(frame, this.#batchItems);
    if ('kind' in read) return read;
    return this.limit({ type: 'append', ...who, peer, conv: read.conv, items: read.items }, read.refused);
  }

  /** What comes too fast is refused from there on: a later item of the frame must not overtake an earlier one. */
  limit(request: AppendRequest, refused: RefusedItem[] = []): ReadyFrame {
    const { user, device, conv, items } = request;
    const { taken, wait } = this.#rates.admit(user, device, conv, items.map(costOf), this.#now());
    if (taken === items.length) return { request, refused };
    const retryAfter = Math.ceil(wait * 10) / 10;
    const failure: Failure = { kind: 'rate_limited', message: 'This is too fast.', retryAfter };
    const late = items.slice(taken).map(({ id }) => ({ id, failure }));
    return { request: { ...request, items: items.slice(0, taken) }, refused: [...late, ...refused] };
  }
}

/** People that an entry brings in for one token: each is a row, and somebody who hears of it. */
const PEOPLE = 50;

/** Tokens of an item. */
function costOf(item: Append): number {
  if (item.kind === 'create') return 1 + Math.floor(item.members.length / PEOPLE);
  return item.kind === 'member_add' ? 1 + Math.floor(item.users.length / PEOPLE) : 1;
}

/** The `ack` and `nack` of a frame, encoded. */
export function answerTexts(
  conv: string,
  outcomes: readonly ItemOutcome[],
  refused: readonly RefusedItem[],
): string[] {
  const acked: string[] = [];
  const nacked: string[] = [];
  for (const one of outcomes) {
    if (one.ok) acked.push(ackJson(one));
    else nacked.push(nackJson(one.id, one.failure, one.present));
  }
  for (const { id, failure } of refused) nacked.push(nackJson(id, failure));
  const texts: string[] = [];
  if (acked.length > 0) texts.push(`{"t":"ack","conv":"${conv}","items":[${acked.join(',')}]}`);
  if (nacked.length > 0) texts.push(`{"t":"nack","conv":"${conv}","items":[${nacked.join(',')}]}`);
  return texts;
}

function ackJson({ id, place, register }: Extract<ItemOutcome, { ok: true }>): string {
  if (register) return `{"id":"${id}","v":${register.v},"time":${register.time}}`;
  if (!place) return `{"id":"${id}"}`;
  return `{"id":"${id}","n":${place.n},"m":${place.m},"h":"${place.h}","time":${place.time}}`;
}

function nackJson(id: string, failure: Failure, present?: string): string {
  const text = JSON.stringify({ id, ...failure });
  return present === undefined ? text : `${text.slice(0, -1)},"present":${present}}`;
}
