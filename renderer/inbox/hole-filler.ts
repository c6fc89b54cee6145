/** Fills holes: asks the relay for the ranges that the store misses, and the API for what the relay has trimmed. */

import type { HostBridge } from '@matchbook/protocol/bridge/host';
import type { Hole } from '@matchbook/protocol/bridge/views';
import type { ErrorFrame, UpFrame } from '@matchbook/protocol/frames';
import { LIMITS } from '@matchbook/protocol/limits';

/** Pages asked for and not yet stored; the relay takes 16 in line. */
const AT_ONCE = 8;
const ANSWER_LIMIT = 30_000;
/** A hole that could not be asked for is left alone for so long, ms. */
const LEAVE = 60_000;
/** Places of which an answer brought nothing: what is older is asked for, they only after so long, ms. */
const NOTHING_THERE = 10 * 60_000;

export interface HoleFillerParts {
  account: string;
  bridge: HostBridge;
  /** Base address of the API server. */
  api: string;
  isLive(): boolean;
  send(frame: UpFrame): boolean;
  /** A page from the API, as the text of a `page` frame. `stored` is called once it is durable. */
  take(text: string, stored: () => void): void;
  /** The API was asked for a page, or answered: `text` is that of a frame. */
  heard(dir: 'in' | 'out', text: string, ms?: number): void;
  /** It did not answer with one. */
  failed(words: string): void;
  fetch(url: string, token: string): Promise<unknown>;
  now(): number;
}

export class HoleFiller {
  #parts: HoleFillerParts;
  /** `part` of a hole, and its newest places `from` on that an answer is waited for. */
  #asked = new Map<number, { part: Hole; from: number; since: number }>();
  /** Left alone for a while. */
  #left: (Hole & { until: number })[] = [];
  /** Answered and stored since the store was last asked for holes. */
  #answered: Hole[] = [];
  #lastRef = 0;
  /** Places that the API is asked for at once. */
  #atOnce: number = LIMITS.pageEntries;
  #running = false;

  constructor(parts: HoleFillerParts) {
    this.#parts = parts;
  }

  async wake(): Promise<void> {
    if (this.#running || !this.#parts.isLive() || this.#asked.size >= AT_ONCE) return;
    this.#running = true;
    try {
      const answered = this.#answered;
      this.#answered = [];
      const outcome = await this.#parts.bridge.call('host.holes', { account: this.#parts.account });
      if (!outcome.ok) return;
      const now = this.#parts.now();
      this.#left = this.#left.filter(({ until }) => until > now);
      // An answer that brought nothing of it: who has no more to say is not asked again and again.
      for (const one of answered)
        if (outcome.value.some((hole) => covers(hole, one)))
          this.#left.push({ ...one, until: now + NOTHING_THERE });
      const busy = new Set([...this.#asked.values()].map(({ part }) => part.conv));
      for (const hole of outcome.value) {
        if (this.#asked.size >= AT_ONCE) return;
        const part = busy.has(hole.conv) ? null : this.#restOf(hole);
        if (!part) continue;
        busy.add(hole.conv);
        this.#ask(part);
      }
    } finally {
      this.#running = false;
    }
  }

  /** The page is in the store: the next part may be asked for. */
  stored(ref: number): void {
    const asked = this.#asked.get(ref);
    if (!asked) return;
    this.#asked.delete(ref);
    this.#answered.push({ ...asked.part, from: asked.from });
  }

  async refused({ ref, kind }: ErrorFrame): Promise<void> {
    const asked = ref === undefined ? undefined : this.#asked.get(ref);
    if (ref === undefined || !asked) return;
    if (kind === 'trimmed') return this.#fromApi(ref, asked.part);
    await this.#leave(ref, asked.part);
  }

  lost(): void {
    this.#asked.clear();
    this.#answered = [];
    this.#left = [];
  }

  tick(): void {
    const now = this.#parts.now();
    const overdue = [...this.#asked].filter(([, { since }]) => now - since >= ANSWER_LIMIT);
    for (const [ref] of overdue) this.#asked.delete(ref);
    if (overdue.length > 0 || this.#left.some(({ until }) => until <= now)) void this.wake();
  }

  /** Without its newest places that are left alone; null where that is all of it. */
  #restOf(hole: Hole): Hole | null {
    const rest = { ...hole };
    const isLeft = ({ conv, from, to }: Hole) => conv === rest.conv && from <= rest.to && rest.to <= to;
    for (let left = this.#left.find(isLeft); left; left = this.#left.find(isLeft)) rest.to = left.from - 1;
    return rest.to < rest.from ? null : rest;
  }

  #ask(part: Hole): void {
    const { conv, to } = part;
    const from = Math.max(part.from, to - LIMITS.pageEntries + 1);
    const ref = ++this.#lastRef;
    this.#asked.set(ref, { part, from, since: this.#parts.now() });
    // The relay answers a fetch on a socket only.
    if (!this.#parts.send({ t: 'fetch', ref, conv, from, to })) void this.#fromApi(ref, part);
  }

  async #leave(ref: number, part: Hole): Promise<void> {
    // Nobody waits for it any more, where the connection was lost meanwhile.
    if (!this.#asked.delete(ref)) return;
    this.#left.push({ ...part, until: this.#parts.now() + LEAVE });
    await this.wake();
  }

  async #fromApi(ref: number, part: Hole): Promise<void> {
    const { conv, from, to } = part;
    const start = Math.max(from, to - this.#atOnce + 1);
    this.#asked.set(ref, { part, from: start, since: this.#parts.now() });
    const token = await this.#parts.bridge.call('host.token', {
      account: this.#parts.account,
      refused: false,
    });
    if (!token.ok) return this.#leave(ref, part);
    const url = `${this.#parts.api}/api/conversations/${conv}/entries?from=${start}&to=${to}`;
    const { heard, failed, take, now } = this.#parts;
    const asked = now();
    heard('out', JSON.stringify({ t: 'fetch', ref: 0, conv, from: start, to }));
    try {
      const page = (await this.#parts.fetch(url, token.value.token)) as object;
      const text = JSON.stringify({ t: 'page', ref: 0, ...page });
      heard('in', text, now() - asked);
      take(text, () => this.stored(ref));
      this.#atOnce = Math.min(LIMITS.pageEntries, this.#atOnce * 2);
    } catch (error) {
      // Something on the way may cut off what is larger than it takes: the next one is smaller.
      this.#atOnce = Math.max(1, Math.floor(this.#atOnce / 8));
      failed(`entries ${start} to ${to} from the API: ${error instanceof Error ? error.message : error}`);
      await this.#leave(ref, part);
    }
  }
}

const covers = (hole: Hole, { conv, from, to }: Hole): boolean =>
  hole.conv === conv && hole.from <= from && to <= hole.to;
