/** What a window of a timeline asks main for: numbered, so that nothing that was told while an answer was on its way is lost. */
import { CHANGED_PLACES } from '@matchbook/protocol/bridge/app';
import type { LocalFailure, Outcome } from '@matchbook/protocol/bridge/outcome';
import type { TimelineLines } from '@matchbook/protocol/bridge/places';
import type { TimelinePage } from '@matchbook/protocol/bridge/views';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import type { Address } from './state.ts';

/** Rows up to a place, from a place on, or the newest. */
export type Range = { to?: number; after?: number; limit: number };

export interface Answered<T> {
  value: T;
  /** Number of the question. */
  asked: number;
}

export class TimelineQuestions {
  readonly #bridge: WindowBridge;
  readonly #failed: (failure: LocalFailure) => void;
  #asked = 0;
  /** Pages that are on their way. */
  #underWay = 0;
  /** What was told meanwhile, null for any row: the number of the last question that may have been answered before it. */
  readonly #told = new Map<number | null, number>();

  /** @param failed a page could not be had */
  constructor(bridge: WindowBridge, failed: (failure: LocalFailure) => void) {
    this.#bridge = bridge;
    this.#failed = failed;
  }

  /** Number of the last question. */
  get asked(): number {
    return this.#asked;
  }

  /** Null where it could not be had. */
  async page({ account, conv }: Address, range: Range): Promise<Answered<TimelinePage> | null> {
    const asked = ++this.#asked;
    this.#underWay++;
    const answer = await this.#bridge.call('timeline.page', { account, conv, ...range }).finally(() => {
      this.#underWay--;
    });
    if (answer.ok) return { value: answer.value, asked };
    this.#failed(answer.failure);
    return null;
  }

  /** Single rows. */
  async lines(address: Address, places: number[]): Promise<Answered<Outcome<TimelineLines>>> {
    const asked = ++this.#asked;
    return { value: await this.#bridge.call('timeline.lines', { ...address, places }), asked };
  }

  /** Rows at these places changed, null: any may have. Remembered while pages are on their way. */
  note(places: readonly (number | null)[]): void {
    if (this.#underWay === 0) {
      this.#told.clear();
      return;
    }
    // Many single rows are as well all of them.
    const many = this.#told.size + places.length > CHANGED_PLACES;
    if (many) this.#told.clear();
    for (const n of many ? [null] : places) this.#told.set(n, this.#asked);
  }

  /** What the answers to this question and later ones may not know of: places, null for any row; none where it is empty. */
  missedSince(asked: number): number[] | null {
    const missed = [...this.#told].flatMap(([n, at]) => (at >= asked ? [n] : []));
    const places = missed.filter((n) => n !== null);
    return places.length < missed.length ? null : places;
  }
}
