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
  /** Left alone for a while, by conversation. */
  readonly #left = new Map<string, (Hole & { until: number })[]>();
  /** Answered and stored since the store was last asked for holes. */
  #answered: Hole[] = [];
  #lastRef = 0;
  /** Places that the API is asked for at once. */
  #atOnce: number = LIMITS.pageEntries;
  #running = false;
  /** Holes may have come or gone since the store was last asked. */
  #again = false;

  constructor(parts: HoleFillerParts) {
    this.#parts = parts;
  }

  async wake(): Promise<void> {
    this.#again = true;
    if (this.#running) return;
    this.#running = true;
    try {
      while (this.#again && this.#hasRoom()) {
        this.#again = false;
        await this.#look();
      }
    } finally {
      this.#running = false;
    }
  }

  /** Past those that are left alone or asked for, to what can be asked for now. */
  async #look(): Promise<void> {
    for (let skip = 0; ; ) {
      const answered = this.#answered;
      this.#answered = [];
      const { account } = this.#parts;
      const outcome = await this.#parts.bridge.call('host.holes', { account, skip, answered });
      if (!outcome.ok) return;
      const { holes, more, still } = outcome.value;
      const now = this.#parts.now();
      for (const [conv, left] of this.#left) {
        const kept = left.filter(({ until }) => until > now);
        if (kept.length === 0) this.#left.delete(conv);
        else this.#left.set(conv, kept);
      }
      // An answer that brought nothing of it: who has no more to say is not asked again and again.
      for (const one of still) this.#rest(one, now + NOTHING_THERE);
      const busy = new Set([...this.#asked.values()].map(({ part }) => part.conv));
      for (const hole of holes) {
        if (!this.#hasRoom()) return;
        const part = busy.has(hole.conv) ? null : this.#restOf(hole);
        if (!part) continue;
        busy.add(hole.conv);
        this.#ask(part);
      }
      if (!more) return;
      skip += holes.length;
    }
  }

  #hasRoom(): boolean {
    return this.#parts.isLive() && this.#asked.size < AT_ONCE;
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
    this.#left.clear();
  }

  tick(): void {
    const now = this.#parts.now();
    const overdue = [...this.#asked].filter(([, { since }]) => now - since >= ANSWER_LIMIT);
    for (const [ref] of overdue) this.#asked.delete(ref);
    if (overdue.length > 0 || this.#isOver(now)) void this.wake();
  }

  #rest(hole: Hole, until: number): void {
    this.#left.set(hole.conv, [...(this.#left.get(hole.conv) ?? []), { ...hole, until }]);
  }

  /** Whether one has been left alone for long enough. */
  #isOver(now: number): boolean {
    return [...this.#left.values()].some((left) => left.some(({ until }) => until <= now));
  }

  /** Without its newest places that are left alone; null where that is all of it. */
  #restOf(hole: Hole): Hole | null {
    const rest = { ...hole };
    const all = this.#left.get(hole.conv) ?? [];
    const isLeft = ({ from, to }: Hole) => from <= rest.to && rest.to <= to;
    for (let left = all.find(isLeft); left; left = all.find(isLeft)) rest.to = left.from - 1;
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
    this.#rest(part, this.#parts.now() + LEAVE);
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
