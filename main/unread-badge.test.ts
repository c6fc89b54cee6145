import { expect, it } from 'vitest';
import { UnreadBadge } from './unread-badge.ts';

it('counts all accounts once for what changes at once, and again when a mute ends', async () => {
  let now = 1_000;
  const timers: { work: () => void; at: number }[] = [];
  let muted = true;
  const shown: number[] = [];
  const badge = new UnreadBadge({
    accounts: () => [{ account: 'a' }, { account: 'b' }],
    count: async (account) =>
      account === 'a'
        ? { messages: 2, until: null }
        : { messages: muted ? 0 : 5, until: muted ? 10_000_000 : null },
    now: () => now,
    setTimer: (work, delay) => {
      const timer = { work, at: now + delay };
      timers.push(timer);
      return { cancel: () => void timers.splice(timers.indexOf(timer), 1) };
    },
    show: (messages) => shown.push(messages),
    log: (line) => expect(line).toBe(''),
  });
  const next = async () => {
    const timer = timers.sort((one, other) => one.at - other.at).shift()!;
    now = timer.at;
    timer.work();
    await new Promise((resolve) => setImmediate(resolve));
  };
  badge.changed();
  badge.changed();
  await next();
  expect(shown).toEqual([2]);
  // A mute that ends in hours is looked at each hour, and nothing is shown anew for it.
  while (now < 9_000_000) await next();
  expect(shown).toEqual([2]);
  muted = false;
  while (timers.length > 0) await next();
  expect(shown).toEqual([2, 7]);
  badge.changed();
  badge.close();
  expect(timers).toEqual([]);
});
