import { expect, it } from 'vitest';
import { InTurn, Line } from './in-turn.ts';

/** Something that ends when it is told to. */
function held() {
  let end: () => void = () => {};
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { end, done };
}

it('work in a line is done in order, also after what failed, whose asker hears of it', async () => {
  const line = new Line();
  const told: string[] = [];
  const first = held();
  const asked = [
    line.do(async () => {
      await first.done;
      told.push('first');
      throw new Error('it failed');
    }),
    line.do(async () => told.push('second')),
  ];
  first.end();
  expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  expect(told).toEqual(['first', 'second']);
});

it('things that differ do not wait for each other, and what comes later is done too', async () => {
  const turns = new InTurn();
  const told: string[] = [];
  const slow = held();
  const say = (word: string) => async () => void told.push(word);
  const all = [
    turns.do('a', async () => {
      await slow.done;
      told.push('a1');
    }),
    turns.do('a', say('a2')),
  ];
  await turns.do('b', say('b1'));
  expect(told).toEqual(['b1']);
  slow.end();
  await Promise.all(all);
  await turns.do('a', say('a3'));
  expect(told).toEqual(['b1', 'a1', 'a2', 'a3']);
});
