import { expect } from 'vitest';
import type { Store } from '../db/store.ts';

/** Fills a store until it has no more room, and goes on when there is some. */
export async function roomEnds(
  store: Store,
  { begin, end }: { begin(): unknown; end(): unknown },
): Promise<void> {
  await begin();
  let kept = 0;
  const fill = () =>
    store.write((trx) =>
      trx
        .insertInto('setting')
        .values({ name: `n${kept}`, value: 'x'.repeat(50_000) })
        .execute(),
    );
  const filled = (async () => {
    for (;;) {
      await fill();
      kept += 1;
    }
  })();
  await expect(filled).rejects.toMatchObject({ failure: { kind: 'storage_unavailable' } });
  expect(kept).toBeGreaterThan(5);
  expect((await store.db.selectFrom('setting').select('name').execute()).length).toBe(kept);
  await end();
  await fill();
  expect((await store.db.selectFrom('setting').select('name').execute()).length).toBe(kept + 1);
}
