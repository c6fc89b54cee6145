/** How a person moves in the conversation that is shown, and how far they have read it. */
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import type { StoreApi } from 'zustand/vanilla';
import type { Answered } from './answered.ts';
import type { Later } from './draft-keeper.ts';
import type { PreferenceKeeper } from './preference-keeper.ts';
import type { ReadMarker } from './read-marker.ts';
import { shownRows } from './reconcile.ts';
import { type Address, addressKey, type LeftPlace, type MatchbookState, sameAddress } from './state.ts';
import type { TimelineWindow } from './timeline-window.ts';

/** Places that one can go back to. */
const TRAIL = 20;

export interface ReadingPorts {
  bridge: WindowBridge;
  answered: Answered;
  state: StoreApi<MatchbookState>;
  timeline: TimelineWindow;
  marker: ReadMarker;
  preferences: PreferenceKeeper;
  /** What is typed there goes to the other devices now. */
  rest(address: Address): void;
  later: Later;
}

/** A view that was just opened is not at its end while its rows are measured, for a few frames: nobody is told of that, ms. */
const SETTLES = 250;

export class Reading {
  readonly #ports: ReadingPorts;
  #leaves: (() => void) | null = null;

  constructor(ports: ReadingPorts) {
    this.#ports = ports;
  }

  older(): Promise<void> {
    return this.#ports.timeline.older();
  }

  newer(): Promise<void> {
    return this.#ports.timeline.newer();
  }

  /** Back to the newest rows of the open conversation. */
  toNewest(): Promise<void> {
    return this.#ports.timeline.toNewest();
  }

  /** To the first message that one may see. */
  async toOldest(): Promise<void> {
    const { state, bridge, answered } = this.#ports;
    const { open } = state.getState();
    if (!open) return;
    const { account, conv } = open;
    const page = await answered(bridge.call('timeline.page', { account, conv, after: 1, limit: 1 }));
    const n = page?.rows[0]?.n;
    if (n && sameAddress(state.getState().open, open)) this.jumpTo(n);
  }

  /** To the first line at or behind a place, which may be none itself. `from` as of `jumpTo`. */
  async toLineAt(place: number, from?: LeftPlace | null): Promise<void> {
    const { state, bridge, answered } = this.#ports;
    const { open } = state.getState();
    if (!open) return;
    const page = await answered(bridge.call('timeline.page', { ...open, after: place, limit: 1 }));
    if (sameAddress(state.getState().open, open)) this.jumpTo(page?.rows[0]?.n ?? place, from);
  }

  /** The message at a place of the open conversation. `from`: the place that the person comes from, to which `jumpBack` leads; null: the newest. */
  jumpTo(n: number, from?: LeftPlace | null, words: readonly string[] = []): void {
    const { open, trail } = this.#ports.state.getState();
    if (!open) return;
    if (from !== undefined) this.#ports.state.setState({ trail: [...trail.slice(-TRAIL), from] });
    void this.#ports.timeline.jumpTo(open, n, words);
  }

  /** To one's own last message, also where its rows are not here. Answers with its row; null where there is none on this device. */
  async toOwnLast(): Promise<TimelineRow | null> {
    const { state, bridge, answered, timeline } = this.#ports;
    const { open } = state.getState();
    if (!open) return null;
    const { account, conv } = open;
    const question = { account, q: `from:me in:${conv}`, zone: 0, limit: 1, cursor: null };
    const n = (await answered(bridge.call('search.local', question)))?.items[0]?.n;
    if (n === undefined || !sameAddress(state.getState().open, open)) return null;
    await timeline.jumpTo(open, n);
    if (!sameAddress(state.getState().open, open)) return null;
    return state.getState().timeline?.rows.find((row) => row.own && row.n === n) ?? null;
  }

  /** To where the person came from, as it stood. False where that is the newest: the view stays there then. */
  jumpBack(): boolean {
    const { open, trail } = this.#ports.state.getState();
    const place = trail.at(-1);
    if (!open || place === undefined) return true;
    this.#ports.state.setState({ trail: trail.slice(0, -1) });
    if (place === null) return false;
    void this.#ports.timeline.jumpTo(open, place.n, [], place.top);
    return true;
  }

  /** The view is where the person wanted to be. */
  jumped(wish: number): void {
    this.#ports.state.setState(({ jump }) => (jump?.wish === wish ? { jump: null } : {}));
  }

  /** The person looks at the newest rows: a window that has grown long may forget its oldest. */
  atNewest(is: boolean): void {
    const { timeline, preferences, state, later } = this.#ports;
    timeline.atNewest = is;
    if (is) {
      this.#leaves?.();
      this.#leaves = null;
      preferences.view(state.getState().open, true);
    } else
      this.#leaves ??= later(SETTLES, () => {
        this.#leaves = null;
        if (!timeline.atNewest) preferences.view(state.getState().open, false);
      });
  }

  /** The window has the person's attention: what comes now, at the newest, they see coming. */
  attended(): void {
    this.#ports.timeline.attended = true;
  }

  /** The window lost the person's attention: what comes from now on is new to them. */
  away(): void {
    const { marker, timeline, state, rest } = this.#ports;
    timeline.attended = false;
    marker.forget();
    const { open } = state.getState();
    if (!open) return;
    timeline.moveLine(marker.told(open));
    rest(open);
  }

  /** The message at `n` is on screen in a window that has the person's attention. */
  seen(address: Address, n: number): void {
    const { timeline, open } = this.#ports.state.getState();
    if (!sameAddress(open, address) || !timeline || timeline.held || n <= timeline.readN) return;
    this.#ports.marker.seen(address, n);
  }

  /**
   * From `n` on a conversation is unread to oneself again, on all of one's devices: until one reads it, which a conversation that is shown is only once one
   * answers, or leaves it and comes back. Others hear nothing of it.
   */
  async markUnread(address: Address, n: number): Promise<void> {
    const { marker, timeline, bridge, answered } = this.#ports;
    marker.again(address, n);
    timeline.hold(address, true);
    const { account, conv } = address;
    const done = await answered(bridge.call('read.unmark', { account, conv, n }).then(asDone));
    if (!done) timeline.hold(address, false);
  }

  /** Messages of the open conversation that can be answered, oldest first. */
  answerable(): TimelineRow[] {
    const { timeline, open, pending } = this.#ports.state.getState();
    return shownRows(timeline, (open && pending[addressKey(open)]) ?? []).filter(
      (row) =>
        row.kind === 'message' && row.body !== null && row.delivery !== 'saving' && row.delivery !== 'failed',
    );
  }
}

/** An answer of nothing is told from one that failed. */
const asDone = (answer: Outcome<null>): Outcome<true> => (answer.ok ? { ok: true, value: true } : answer);
