import { describe, expect, it } from 'vitest';
import { InputActivity } from './input-activity.ts';

function watched() {
  const clock = { now: 0 };
  const told: boolean[] = [];
  const activity = new InputActivity({ tell: (active) => told.push(active), uptime: () => clock.now });
  return { clock, told, activity };
}

describe('presence', () => {
  it('is told from input, at most once a minute while it goes on', () => {
    const { clock, told, activity } = watched();
    for (; clock.now < 150_000; clock.now += 1_000) activity.input('rawKeyDown');
    expect(told).toEqual([true, true, true]);
  });

  it.each(['mouseEnter', 'mouseLeave', 'undefined'])(
    'is not told from what the system sends by itself: %s',
    (type) => {
      const { told, activity } = watched();
      activity.input(type);
      expect(told).toEqual([]);
    },
  );

  it('ends when the person leaves, and comes back with the next input only', () => {
    const { told, activity } = watched();
    activity.input('mouseDown');
    activity.left();
    expect(told).toEqual([true, false]);
    activity.input('mouseMove');
    expect(told).toEqual([true, false, true]);
  });

  it('a new connection tells nothing: it only lets the next input be told at once', () => {
    const { told, activity } = watched();
    activity.input('mouseDown');
    activity.connected();
    expect(told).toEqual([true]);
    activity.input('mouseDown');
    expect(told).toEqual([true, true]);
  });
});
