/** As many messages as an outbox takes, written while nothing could be sent: they go in order and once, through restarts. Also how long that takes. */
import { expect, it } from 'vitest';
import { CONV } from './testing/log.ts';
import { ACCOUNT, TestStore } from './testing/store.ts';

const MESSAGES = 9_999;

it('ten thousand messages are written, listed, and go in order and once, through a restart and a crash', async () => {
  const at = new TestStore();
  await at.open();
  const since = process.hrtime.bigint();
  const seconds = () => Number((process.hrtime.bigint() - since) / 1_000_000n) / 1_000;
  for (let i = 0; i < MESSAGES; i++)
    await at.store.submit({
      ...{ account: ACCOUNT, conv: CONV, id: `m${i}`, text: `message number ${i}`, draftVersion: -1 },
    });
  const written = seconds();
  await at.reopen();
  const opened = seconds();
  expect((await at.store.waitingItems(ACCOUNT)).total).toBe(MESSAGES);
  const listed = seconds();
  const order: string[] = [];
  for (let batch = 0; ; batch++) {
    const items = await at.store.outbox(ACCOUNT);
    if (items.length === 0) break;
    const { ids } = await at.store.release({ account: ACCOUNT, ids: items.map(({ id }) => id) });
    if (batch === 50) await at.reopen();
    if (batch === 100) await at.crash();
    const first = order.length + 1;
    order.push(...ids);
    await at.store.acked({
      ...{ account: ACCOUNT, conv: CONV },
      items: ids.map((id, k) => ({
        ...{ id, n: first + k, m: first + k, h: 'ab'.repeat(8) },
        time: 1_700_000_000_000 + first + k,
      })),
    });
  }
  const drained = seconds();
  expect(order).toEqual(Array.from({ length: MESSAGES }, (_, i) => `m${i}`));
  process.stdout.write(
    `written in ${written} s, opened again in ${opened - written} s, listed in ${listed - opened} s, drained in ${drained - listed} s\n`,
  );
  await at.dispose();
});
