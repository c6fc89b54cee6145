import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import { describe, expect, it } from 'vitest';
import { READ_DELAY, READ_PACE, ReadMarker } from './read-marker.ts';

function setUp(answer: () => boolean = () => true) {
  const told: [string, number][] = [];
  let now = 0;
  let timers: { at: number; work: () => void }[] = [];
  const marker = new ReadMarker(
    {
      call: async (_name: string, { conv, n }: { conv: string; n: number }) => {
        told.push([conv, n]);
        return answer() ? { ok: true, value: null } : { ok: false, failure: { kind: 'store_failed' } };
      },
      on: () => () => {},
    } as unknown as WindowBridge,
    (delay, work) => {
      const timer = { at: now + delay, work };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
  );
  const pass = async (ms: number) => {
    now += ms;
    const due = timers.filter((one) => one.at <= now);
    timers = timers.filter((one) => one.at > now);
    for (const { work } of due) work();
    await Promise.resolve();
  };
  return { marker, told, pass };
}

const c = { account: 'a', conv: 'c' };
const d = { account: 'a', conv: 'd' };

describe('read marker', () => {
  it('tells a place anew that was marked as unread', async () => {
    const { marker, told, pass } = setUp();
    marker.seen(c, 5);
    await pass(READ_DELAY);
    marker.seen(c, 5);
    await pass(READ_PACE);
    marker.again(c, 3);
    marker.seen(c, 2);
    marker.seen(c, 4);
    await pass(READ_PACE);
    expect(told).toEqual([
      ['c', 5],
      ['c', 4],
    ]);
  });

  it('I9: tells what was on screen for long enough, and only upwards', async () => {
    const { marker, told, pass } = setUp();
    marker.seen(c, 3);
    await pass(READ_DELAY - 1);
    expect(told).toEqual([]);
    await pass(1);
    marker.seen(c, 2);
    marker.seen(c, 3);
    await pass(READ_DELAY);
    expect(told).toEqual([['c', 3]]);
  });

  it('is not postponed by messages that go on coming', async () => {
    const { marker, told, pass } = setUp();
    for (let n = 1; n <= 45; n++) {
      marker.seen(c, n);
      await pass(100);
    }
    // After 0.3 s, and then once a second what was on screen for long enough by then: each is an entry that all members hear.
    expect(told.map(([, n]) => n)).toEqual([1, 9, 18, 27, 39]);
    await pass(READ_PACE);
    await pass(READ_PACE);
    expect(told.at(-1)).toEqual(['c', 45]);
  });

  it('I9: forgets what was left before the delay was over, by turning away or to another conversation', async () => {
    const { marker, told, pass } = setUp();
    marker.seen(c, 3);
    marker.forget();
    await pass(READ_DELAY);
    marker.seen(c, 3);
    marker.seen(d, 7);
    await pass(READ_DELAY);
    expect(told).toEqual([['d', 7]]);
  });

  it('tells at once, where one turns away, what was read and waited for its turn', async () => {
    const { marker, told, pass } = setUp();
    marker.seen(c, 3);
    await pass(READ_DELAY);
    marker.seen(c, 4);
    await pass(READ_DELAY);
    marker.seen(c, 5);
    expect(told).toEqual([['c', 3]]);
    marker.seen(d, 7);
    await pass(READ_DELAY);
    marker.seen(d, 8);
    await pass(READ_DELAY);
    marker.forget();
    await pass(READ_PACE);
    expect(told).toEqual([
      ['c', 3],
      ['c', 4],
      ['d', 7],
      ['d', 8],
    ]);
  });

  it('tells nothing of what was marked as unread while it waited for its turn', async () => {
    const { marker, told, pass } = setUp();
    marker.seen(c, 3);
    await pass(READ_DELAY);
    marker.seen(c, 4);
    await pass(READ_DELAY);
    marker.again(c, 2);
    await pass(READ_PACE);
    expect(told).toEqual([['c', 3]]);
  });

  it('that was read before what is unread again is told, also where its turn had not come', async () => {
    const { marker, told, pass } = setUp();
    marker.seen(c, 3);
    await pass(READ_DELAY);
    marker.seen(c, 6);
    await pass(READ_DELAY);
    marker.again(c, 6);
    await pass(READ_PACE);
    expect(told).toEqual([
      ['c', 3],
      ['c', 5],
    ]);
  });

  it('tells again what main could not take', async () => {
    let takes = false;
    const { marker, told, pass } = setUp(() => takes);
    marker.seen(c, 3);
    await pass(READ_DELAY);
    await Promise.resolve();
    takes = true;
    marker.seen(c, 3);
    await pass(READ_PACE);
    expect(told).toEqual([
      ['c', 3],
      ['c', 3],
    ]);
  });
});
