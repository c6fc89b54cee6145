import { expect, it } from 'vitest';
import { Clock } from '../testing/clock.ts';
import { GroupTeacher } from './group-teacher.ts';

it('asks the server of groups one came to later, until it answers with what it has saved', async () => {
  const clock = new Clock();
  const asked: number[] = [];
  const untold = new Set(['g']);
  let saved = 0;
  const teacher = new GroupTeacher({
    store: {
      untoldGroups: async () => [...untold],
      learnGroup: async ({ conv, now }) => {
        if (now.n >= 3) untold.delete(conv);
      },
    },
    server: {
      get: (async () => {
        asked.push(clock.uptime);
        if (saved === 0) throw new Error('not saved yet');
        return { members: [], now: { n: saved, name: null, picture: null, settings: null } };
      }) as never,
    },
    setTimer: clock.setTimer,
  });
  const pass = async (ms: number) => {
    clock.advance(ms);
    for (let i = 0; i < 10; i++) await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  teacher.look('a');
  teacher.look('a');
  await pass(500);
  expect(asked).toEqual([500]);
  saved = 2;
  // Twice as long as before.
  await pass(600);
  expect(asked).toHaveLength(1);
  await pass(400);
  saved = 3;
  await pass(2_000);
  expect(asked).toEqual([500, 1_500, 3_500]);
  await pass(60_000);
  expect(asked).toHaveLength(3);
  expect(clock.waiting).toBe(0);
});
