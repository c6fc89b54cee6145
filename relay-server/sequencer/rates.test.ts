import { expect, it } from 'vitest';
import { AppendFrames } from './frames.ts';
import { RateLimits } from './rates.ts';

const rates = (perSecond: number, burst: number) => ({ perSecond, burst });
let now = 0;
const frames = () => {
  now = 0;
  const limits = { user: rates(20, 500), device: rates(10, 300), conversation: rates(50, 500) };
  const made = new AppendFrames(new RateLimits(limits), 64, () => now);
  made.join(1, 'ann', 'a1');
  return made;
};
const people = (count: number) => Array.from({ length: count }, (_, i) => `u${i}`);
const group = (id: string, count: number) => ({ id, kind: 'create', form: 'group', members: people(count) });
const sent = (made: AppendFrames, conv: string, items: object[]) => {
  const read = made.read(1, JSON.stringify({ t: 'append', conv, items }));
  if (!read || !('request' in read)) throw new Error(JSON.stringify(read));
  return { taken: read.request.items.length, refused: read.refused.map(({ failure }) => failure) };
};

it('P19 an entry costs by the people whom it brings in: two groups of the largest at once, and then they wait', () => {
  const made = frames();
  expect(sent(made, 'g1', [group('1', 5_000)]).taken).toBe(1);
  expect(sent(made, 'g2', [group('2', 5_000)]).taken).toBe(1);
  const third = sent(made, 'g3', [group('3', 5_000)]);
  expect(third).toMatchObject({ taken: 0, refused: [{ kind: 'rate_limited' }] });
  // What is small still comes, and the wait that was told is true.
  expect(
    sent(made, 'g1', [{ id: 'm', kind: 'message', body: { type: 'text/plain', text: 'x' } }]).taken,
  ).toBe(1);
  now += (third.refused[0]!.retryAfter! + 0.2) * 1_000;
  expect(sent(made, 'g3', [group('3', 5_000)]).taken).toBe(1);
});

it('P19 one that costs more than there ever are comes when there are as many as can be', () => {
  now = 0;
  const limits = { user: rates(1, 5), device: rates(1, 5), conversation: rates(1, 5) };
  const made = new AppendFrames(new RateLimits(limits), 64, () => now);
  made.join(1, 'ann', 'a1');
  expect(sent(made, 'g1', [group('1', 5_000)]).taken).toBe(1);
  expect(sent(made, 'g2', [group('2', 5_000)]).refused[0]!.retryAfter).toBe(5);
  now += 5_000;
  expect(sent(made, 'g2', [group('2', 5_000)]).taken).toBe(1);
});
