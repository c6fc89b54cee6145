import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { freePort, isFree } from './ports.ts';

/** Draws these ports, one after the other. */
const drawing = (...ports: number[]) => {
  const draws = ports.map((port) => (port - 20_000 + 0.5) / 12_000);
  return () => draws.shift() ?? 0;
};

it('a port that is taken, here or on the machine, is passed over', async () => {
  const server = createServer();
  const held = await freePort(Math.random);
  await new Promise<void>((resolve) => server.listen(held, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  expect(await isFree(held)).toBe(false);
  const other = held === 31_000 ? 31_001 : 31_000;
  const next = held === 25_000 ? 25_001 : 25_000;
  expect(await freePort(drawing(held, other, next), [other])).toBe(next);
});

it('the search has an end', async () => {
  await expect(freePort(() => 0, [20_000])).rejects.toThrow('No free port');
});
