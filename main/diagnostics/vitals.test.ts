import { type LogEvent, STRETCH } from '@matchbook/protocol/bridge/diagnostics';
import { describe, expect, it } from 'vitest';
import { Vitals, whoEnded } from './vitals.ts';

const T0 = 1_700_000_000_000;
const frame = (at: number, type: string, more: Partial<LogEvent> = {}): LogEvent => ({
  at,
  account: 'a',
  via: 'socket',
  dir: 'in',
  type,
  size: 100,
  ...more,
});
const life = (at: number, type: string, more: Partial<LogEvent> = {}): LogEvent =>
  frame(at, type, { via: 'life', dir: null, size: 0, ...more });

describe('vitals of a link', () => {
  it('count dials, connections and ends, and the attempts since the last connection', () => {
    const vitals = new Vitals();
    for (const type of ['dial', 'close', 'dial', 'close', 'dial', 'open', 'live'])
      vitals.heard(life(T0, type));
    expect(vitals.counts).toEqual({ dials: 3, connections: 1, ends: 2 });
    expect(vitals.attempts).toBe(0);
    vitals.heard(life(T0, 'dial'));
    expect(vitals.attempts).toBe(1);
  });

  it('know round trips, silences, and the head that was told, by stretches of ten seconds', () => {
    const vitals = new Vitals();
    vitals.heard(life(T0, 'live'));
    vitals.heard(frame(T0 + 4_000, 'pong', { ms: 12, seq: 9 }));
    vitals.heard(frame(T0 + 31_000, 'entries', { seq: 12, size: 400 }));
    expect(vitals.lastTrip).toEqual({ at: T0 + 4_000, ms: 12 });
    expect(vitals.head).toBe(12);
    expect(vitals.stretches(T0 + 40_000)).toEqual([
      { at: T0, frames: 1, bytes: 100, silence: 4_000, trips: [12] },
      { at: T0 + 3 * STRETCH, frames: 1, bytes: 400, silence: 27_000, trips: [] },
    ]);
  });

  it('forget what is more than an hour old, however long they run', () => {
    const vitals = new Vitals();
    for (let i = 0; i < 2_000; i++) vitals.heard(frame(T0 + i * STRETCH, 'heartbeat'));
    expect(vitals.stretches(T0 + 2_000 * STRETCH).length).toBeLessThanOrEqual(362);
  });

  it('start anew where the clock was set back', () => {
    const vitals = new Vitals();
    vitals.heard(frame(T0, 'heartbeat'));
    vitals.heard(frame(T0 - 3_600_000, 'heartbeat'));
    expect(vitals.stretches(T0).map(({ at }) => at)).toEqual([T0 - 3_600_000]);
  });

  it('tell who ended a connection, from its code or the lack of one', () => {
    const cause = { at: T0, message: '' };
    expect(whoEnded({ ...cause, phase: 'live', code: 4_411 })).toBe('relay');
    expect(whoEnded({ ...cause, phase: 'live', code: 1_006 })).toBe('network');
    expect(whoEnded({ ...cause, phase: 'dial' })).toBe('network');
    expect(whoEnded({ ...cause, phase: 'live' })).toBe('this-app');
  });

  it('keep the end of a connection through the states that follow, and since when a state lasts', () => {
    const vitals = new Vitals();
    const cause = { at: T0, phase: 'live' as const, code: 1_012, message: 'restarting' };
    vitals.changed({ kind: 'waiting', attempt: 1, at: null, cause }, T0 + 1);
    vitals.changed({ kind: 'waiting', attempt: 1, at: T0 + 500, cause }, T0 + 2);
    expect(vitals.since).toBe(T0 + 1);
    vitals.changed({ kind: 'connecting', attempt: 1, since: T0 + 500 }, T0 + 500);
    expect(vitals.lastEnd).toEqual({ ...cause, who: 'relay' });
    expect(vitals.since).toBe(T0 + 500);
  });
});
