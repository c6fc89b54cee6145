import { LIMITS } from '@matchbook/protocol/limits';
import { expect, it } from 'vitest';
import { Bulk } from './bulk.ts';

/** A line in virtual time: frames pass one after the other, answers come `delay` ms later. */
async function run(bytesPerMs: number, delay: number, frames: number) {
  let now = 0;
  let free = 0;
  const pongs: { at: number; payload: Uint8Array }[] = [];
  let pending = 0;
  let most = 0;
  const bulk = new Bulk(
    (text) => {
      pending += text.length;
      most = Math.max(most, pending);
      free = Math.max(now, free) + text.length / bytesPerMs;
      return text.length;
    },
    (payload) => pongs.push({ at: free + delay, payload: Uint8Array.from(payload) }),
    () => now,
  );
  const frame = 'x'.repeat(LIMITS.bulkFrameBytes);
  let sent = 0;
  const sending = (async () => {
    for (; sent < frames; sent++) await bulk.send(frame, false);
  })();
  while (sent < frames || pongs.length > 0) {
    for (let i = 0; i < 20; i++) await Promise.resolve();
    const next = pongs.shift();
    if (!next) break;
    now = Math.max(now, next.at);
    pending -= frame.length;
    bulk.pong(next.payload);
  }
  await sending;
  return { most, bytesPerMs: (frames * frame.length) / now };
}

it('P23 has little under way on a slow line, and uses it all the same', async () => {
  const { most, bytesPerMs } = await run(32, 50, 100);
  // Some more while it learns what the line is.
  expect(most).toBeLessThanOrEqual(5 * LIMITS.bulkFrameBytes);
  expect(bytesPerMs).toBeGreaterThan(0.8 * 32);
});

it('P23 fills a fast line, near or far, within its bound', async () => {
  for (const delay of [1, 50, 200]) {
    const { most, bytesPerMs } = await run(100_000, delay, 400);
    expect(most).toBeGreaterThan(0.8 * LIMITS.bulkInFlight);
    expect(most).toBeLessThanOrEqual(LIMITS.bulkInFlight + LIMITS.bulkFrameBytes);
    expect(bytesPerMs).toBeGreaterThan((0.7 * LIMITS.bulkInFlight) / delay);
  }
});

it('what a person waits for goes first; nobody waits for ever, whatever is not answered', async () => {
  let now = 0;
  const order: string[] = [];
  const bulk = new Bulk(
    (text) => {
      order.push(text[0]!);
      return text.length;
    },
    () => {},
    () => now,
  );
  const frame = (name: string) => name + 'x'.repeat(LIMITS.bulkInFlight);
  await bulk.send(frame('a'), false);
  const patient = bulk.send(frame('p'), false);
  const urgent = bulk.send(frame('u'), true);
  expect(order).toEqual(['a']);
  now = 31_000;
  bulk.tick();
  await urgent;
  now = 62_000;
  bulk.tick();
  await patient;
  expect(order).toEqual(['a', 'u', 'p']);
  const last = bulk.send(frame('z'), false);
  bulk.close();
  expect(await last).toBe(false);
});
