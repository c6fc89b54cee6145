/** What the connection log and the session's states say about one account's link: counts, the last end, round trips and silences. */
import {
  type LastEnd,
  type LogEvent,
  PLOT_SPAN,
  STRETCH,
  type Stretch,
} from '@matchbook/protocol/bridge/diagnostics';
import type { Cause, SessionState } from '@matchbook/protocol/session-state';
import { CatchUp } from './catch-up.ts';

/** Round trips that are kept of one stretch. */
const TRIPS = 20;

export class Vitals {
  state: SessionState = { kind: 'idle' };
  since: number | null = null;
  lastEnd: LastEnd | null = null;
  counts = { dials: 0, connections: 0, ends: 0 };
  attempts = 0;
  lastData: number | null = null;
  lastTrip: { at: number; ms: number } | null = null;
  /** As main tells it, when the store has committed. */
  stored: number | null = null;
  head: number | null = null;
  readonly catchUp = new CatchUp();
  #stretches: Stretch[] = [];

  /** Those of the last hour, ascending. */
  stretches(now: number): Stretch[] {
    this.#forgetBefore(now);
    return this.#stretches;
  }

  /** From an earlier run of the app. */
  restore(stretches: readonly Stretch[], now: number): void {
    this.#stretches = [...stretches, ...this.#stretches];
    this.#forgetBefore(now);
  }

  changed(state: SessionState, now: number): void {
    if (state.kind !== this.state.kind) this.since = now;
    if ('cause' in state && state.cause && state.cause.at !== this.lastEnd?.at)
      this.lastEnd = { ...state.cause, who: whoEnded(state.cause) };
    this.state = state;
  }

  heard(event: LogEvent): void {
    if (event.via !== 'life') return this.#frame(event);
    switch (event.type) {
      case 'dial':
        this.counts.dials++;
        this.attempts++;
        return;
      case 'live':
        this.counts.connections++;
        this.attempts = 0;
        this.catchUp.live(event.at);
        // What was silent before this connection says nothing about it.
        this.lastData = event.at;
        return;
      case 'close':
        this.counts.ends++;
        this.catchUp.ended();
        return;
      case 'drop':
        this.counts.ends++;
        // A reset that was asked for has no cause in the state that follows.
        this.lastEnd = {
          at: event.at,
          phase: this.state.kind === 'live' ? 'live' : 'dial',
          message: event.words ?? '',
          who: 'this-app',
        };
        return;
    }
  }

  #frame(event: LogEvent): void {
    const { at, dir, type, size, ms, seq } = event;
    if (dir === 'out') return;
    this.catchUp.heard(event);
    const stretch = this.#stretchOf(at);
    stretch.frames++;
    stretch.bytes += size;
    if (this.lastData !== null && at > this.lastData)
      stretch.silence = Math.max(stretch.silence, at - this.lastData);
    this.lastData = at;
    if (type === 'pong' && ms !== undefined) {
      this.lastTrip = { at, ms };
      if (stretch.trips.length < TRIPS) stretch.trips.push(ms);
    }
    if (
      seq !== undefined &&
      (type === 'heartbeat' || type === 'pong' || type === 'entries' || type === 'heads')
    )
      this.head = Math.max(this.head ?? 0, seq);
  }

  #stretchOf(at: number): Stretch {
    const start = Math.floor(at / STRETCH) * STRETCH;
    const last = this.#stretches.at(-1);
    if (last?.at === start) return last;
    const fresh: Stretch = { at: start, frames: 0, bytes: 0, silence: 0, trips: [] };
    // A clock that was set back leaves no order to draw in: what came before is let go.
    if (last && last.at > start) this.#stretches = [];
    this.#stretches.push(fresh);
    this.#forgetBefore(at);
    return fresh;
  }

  #forgetBefore(now: number): void {
    const from = now - PLOT_SPAN - STRETCH;
    if (this.#stretches[0] && this.#stretches[0].at < from)
      this.#stretches = this.#stretches.filter(({ at }) => at >= from);
  }
}

/** A code of the relay's means that it closed; 1006 that nobody said anything; none that this side gave up. */
export function whoEnded({ code, failure, phase }: Cause): LastEnd['who'] {
  if (code !== undefined && code !== 1006) return 'relay';
  if (failure) return 'relay';
  return code === 1006 || phase === 'dial' ? 'network' : 'this-app';
}
