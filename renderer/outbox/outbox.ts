/**
 * The outbox at work: items are frozen in the store before they go on the wire, and leave it when the log has them or has refused them for
 * good. A lost connection leaves them where they are; the same items go again, in the same order, and the relay takes each once (I3).
 */

import type { Response } from '@matchbook/protocol/bridge/calls';
import type { HOST_CALLS, HostBridge, OutboxItem, Refusal } from '@matchbook/protocol/bridge/host';
import { FAILURES, type Failure, isFailureKind } from '@matchbook/protocol/failures';
import type { Ack, Nack, NackItem, UpFrame } from '@matchbook/protocol/frames';
import { utf8Length } from '@matchbook/protocol/text';
import { appendOf, plan } from './planner.ts';

/** A batch without an answer on a live session: the session is not as live as it seems. */
const ANSWER_LIMIT = 30_000;
/**
 * So long without one somebody waits, and it is asked whether anything is there at all, ms: while no more is on the wire than a slow line has carried by then, bytes. Of more than
 * that the time grows by what the slowest line carries in a second; of the largest frame the doubt and its answer still come before the limit.
 */
const DOUBT_AFTER = 5_000;
const SMALL = 16 * 1024;
const SLOWEST = 11 * 1024;
/** Somebody who has just registered is known to the API before the log has heard of them: for so long what brings them into a conversation is tried again, ms. */
const UNHEARD_LIMIT = 30_000;
/** Pause of a conversation whose append the relay asked to repeat, doubling to the cap. */
const PAUSE = 500;
const PAUSE_CAP = 30_000;

export interface OutboxParts {
  account: string;
  bridge: HostBridge;
  /** Number of the live connection, or null. */
  connection(): number | null;
  send(frame: UpFrame): boolean;
  /** An answer is late: is anybody there? */
  doubtConnection(): void;
  /** The connection does not answer. */
  giveUpConnection(message: string): void;
  /** Steady, ms. */
  now(): number;
  /** A moment of `now` by the wall clock: what the person is told, and what outlives this page. */
  wall(at: number): number;
}

interface InFlight {
  ids: Set<string>;
  since: number;
  /** From when on it says something of the connection that there is no answer. */
  lateAt: number;
  /** More was on the wire with it than any line has carried at once. */
  large: boolean;
  bytes: number;
  doubted: boolean;
}

export class Outbox {
  #parts: OutboxParts;
  /** By conversation: what is on the wire. */
  #inFlight = new Map<string, InFlight>();
  /** A connection was lost in doubt of more than a slow line carries: it may be slower still, and such batches have the whole limit until one was answered in time. */
  #slow = false;
  /** By conversation: until when nothing is tried, how often it was refused, and whether the relay named the time. */
  #paused = new Map<string, { until: number; times: number; asked: boolean }>();
  /** By id: since when the log does not know who is to be a member. */
  #unheard = new Map<string, number>();
  #running = false;
  #again = false;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /** Something may be sendable. Runs once at a time; what changes meanwhile is looked at again. */
  async wake(): Promise<void> {
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = true;
    try {
      do {
        this.#again = false;
        await this.#round();
      } while (this.#again);
    } finally {
      this.#running = false;
    }
  }

  /** Nothing on the lost connection will be answered. A pause that the relay asked for holds on the next one too. */
  lost(): void {
    for (const { large, doubted } of this.#inFlight.values()) this.#slow ||= large && doubted;
    this.#inFlight.clear();
    this.#endOwnPauses();
  }

  /** The person does not want to wait: pauses of our own making end, those that the relay asked for do not. */
  async now(): Promise<void> {
    this.#endOwnPauses();
    await this.wake();
  }

  #endOwnPauses(): void {
    for (const [conv, { asked }] of this.#paused) if (!asked) this.#paused.delete(conv);
  }

  async acked({ conv, items }: Ack): Promise<void> {
    const pause = this.#paused.get(conv);
    for (const { id } of items) this.#unheard.delete(id);
    await this.#settled(conv, items, () =>
      this.#call('host.acked', { account: this.#parts.account, conv, items }),
    );
    // One that the rest of the same batch was answered with meanwhile holds, and so does one that the relay named until it is over.
    const over = pause && (!pause.asked || pause.until <= this.#parts.now());
    if (over && this.#paused.get(conv) === pause) this.#paused.delete(conv);
    await this.wake();
  }

  async nacked({ conv, items }: Nack): Promise<void> {
    const unheard = new Set(items.filter((item) => this.#isUnheard(item)).map(({ id }) => id));
    // What is said in a conversation that waits for its members waits with it.
    const isEnd = (item: NackItem) =>
      isFinal(item) && !unheard.has(item.id) && !(unheard.size > 0 && item.kind === 'unknown_conversation');
    const waits = items.filter((item) => !isEnd(item));
    const until =
      waits.length > 0 ? this.#pause(conv, Math.max(...waits.map((item) => item.retryAfter ?? 0))) : 0;
    const verdicts = items.map((item): Refusal => {
      const { id, present } = item;
      const final = isEnd(item);
      if (final) this.#unheard.delete(id);
      const when = final ? {} : { nextAt: this.#parts.wall(until) };
      return { id, failure: failureOf(item), final, ...when, ...(present ? { present } : {}) };
    });
    await this.#settled(conv, items, () =>
      this.#call('host.refused', { account: this.#parts.account, items: verdicts }),
    );
    await this.wake();
  }

  /** Called about once a second. */
  tick(): void {
    const now = this.#parts.now();
    for (const batch of this.#inFlight.values()) {
      if (now - batch.since >= ANSWER_LIMIT)
        return this.#parts.giveUpConnection('The relay does not answer appends.');
      if (batch.doubted || now < batch.lateAt || (batch.large && this.#slow)) continue;
      batch.doubted = true;
      this.#parts.doubtConnection();
    }
    const due = [...this.#paused].filter(([, pause]) => pause.until <= now);
    if (due.length > 0) void this.wake();
  }

  async #round(): Promise<void> {
    const connection = this.#parts.connection();
    if (connection === null) return;
    const items = await this.#call('host.outbox', { account: this.#parts.account });
    if (!items) return;
    this.#forgetGone(items);
    for (const batch of plan(items, this.#busy(), this.#inFlight.size)) {
      const released = await this.#call('host.release', {
        account: this.#parts.account,
        ids: batch.items.map((item) => item.id),
      });
      if (!released) return;
      const going = released.ids.flatMap((id) => batch.items.find((item) => item.id === id) ?? []);
      // The connection may have changed while the store was writing; the next round sends on the new one.
      if (this.#parts.connection() !== connection) return;
      this.#put(batch.conv, going);
    }
  }

  /** What was to be tried again and waits no more, because the person took it back or it failed: nobody would end its pause, which every tick would find over. */
  #forgetGone(items: readonly OutboxItem[]): void {
    const now = this.#parts.now();
    const convs = new Set(items.map(({ conv }) => conv));
    for (const [conv, { until }] of this.#paused)
      if (until <= now && !convs.has(conv) && !this.#inFlight.has(conv)) this.#paused.delete(conv);
    const ids = new Set(items.map(({ id }) => id));
    for (const id of this.#unheard.keys()) if (!ids.has(id)) this.#unheard.delete(id);
  }

  #put(conv: string, items: OutboxItem[]): void {
    if (items.length === 0) return;
    const appends = items.map(appendOf);
    if (!this.#parts.send({ t: 'append', conv, items: appends })) return;
    const since = this.#parts.now();
    const bytes = utf8Length(JSON.stringify(appends));
    // What went before is carried first.
    const all = [...this.#inFlight.values()].reduce((sum, batch) => sum + batch.bytes, bytes);
    const lateAt = since + DOUBT_AFTER + (Math.max(0, all - SMALL) / SLOWEST) * 1_000;
    const ids = new Set(items.map(({ id }) => id));
    this.#inFlight.set(conv, { ids, since, lateAt, bytes, large: all > SMALL, doubted: false });
  }

  /** The conversation is free for its next batch only when the store knows of this one's end: else it would go again. */
  async #settled(
    conv: string,
    items: readonly { id: string }[],
    record: () => Promise<unknown>,
  ): Promise<void> {
    const before = this.#inFlight.get(conv);
    await record();
    const now = this.#inFlight.get(conv);
    if (!now || now !== before) return;
    for (const { id } of items) now.ids.delete(id);
    if (now.ids.size > 0) return;
    this.#inFlight.delete(conv);
    if (now.large && this.#parts.now() < now.lateAt) this.#slow = false;
  }

  #busy(): Set<string> {
    const now = this.#parts.now();
    const paused = [...this.#paused].filter(([, pause]) => pause.until > now).map(([conv]) => conv);
    return new Set([...this.#inFlight.keys(), ...paused]);
  }

  #isUnheard({ id, kind, field }: NackItem): boolean {
    // `of`: who is blocked. Who is told of by `user` is no member, and is none a moment later.
    if (kind !== 'unknown_user' || (field !== 'members' && field !== 'users' && field !== 'of')) return false;
    const now = this.#parts.now();
    const since = this.#unheard.get(id) ?? now;
    this.#unheard.set(id, since);
    return now - since < UNHEARD_LIMIT;
  }

  /** Answers with the end of the pause. */
  #pause(conv: string, retryAfter: number): number {
    const times = (this.#paused.get(conv)?.times ?? 0) + 1;
    const own = Math.min(PAUSE_CAP, PAUSE * 2 ** (times - 1));
    const until = this.#parts.now() + Math.max(retryAfter * 1_000, own);
    this.#paused.set(conv, { until, times, asked: retryAfter * 1_000 >= own });
    return until;
  }

  /** Null where main could not: the item stays in the outbox, and the next wake finds it. */
  async #call<K extends keyof typeof HOST_CALLS>(
    name: K,
    request: Parameters<HostBridge['call']>[1],
  ): Promise<Response<typeof HOST_CALLS, K> | null> {
    const outcome = await this.#parts.bridge.call(name, request as never);
    return outcome.ok ? (outcome.value as Response<typeof HOST_CALLS, K>) : null;
  }
}

function failureOf({ id: _id, kind, message, field, limit, retryAfter }: NackItem): Failure {
  return {
    kind: isFailureKind(kind) ? kind : 'internal',
    message,
    ...(field === undefined ? {} : { field }),
    ...(limit === undefined ? {} : { limit }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

/** A kind that this version does not know is a refusal of a newer relay: trying for ever would never end. */
function isFinal({ kind }: NackItem): boolean {
  return !isFailureKind(kind) || FAILURES[kind].action === 'give-up' || FAILURES[kind].action === 'stop';
}
