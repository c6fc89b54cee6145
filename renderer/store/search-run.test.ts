import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type { LocalSearchPage } from '@matchbook/protocol/bridge/views';
import type { SearchPage } from '@matchbook/protocol/http/history';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SearchHit, SearchRun } from './search-run.ts';

const hit = (n: number, time = n): SearchHit => ({
  ...{ conv: 'c', n, sender: 'bob', time, text: `text ${n}`, marks: [] },
  cut: { before: false, after: false },
});
const LOCAL = { complete: true, from: null, waiting: 0, missing: 0 };
const SERVER = { upTo: 9, complete: true };

/** Pages of what a source has, newest first, as both answer them. */
function source<C>(hits: readonly SearchHit[], size: number, coverage: C) {
  const sorted = hits.toSorted((a, b) => b.time - a.time);
  return async (cursor: number | null) => {
    const from = cursor ?? 0;
    const items = sorted.slice(from, from + size);
    const next = from + size < sorted.length ? from + size : null;
    return { ok: true as const, value: { items, total: sorted.length, more: false, next, coverage } };
  };
}
const away = async (): Promise<Outcome<SearchPage>> => ({
  ok: false,
  failure: { kind: 'server_unreachable', message: 'away' },
});

async function all(run: SearchRun): Promise<number[]> {
  await run.start();
  for (let i = 0; i < 200 && run.state.getState().more; i++) await run.further();
  return run.state.getState().hits.map(({ n }) => n);
}

describe('a search', () => {
  it('shows what both have once each, newest first, and never puts anything above what is shown', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('local', 'server', 'both'), { maxLength: 40 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 7 }),
        async (places, one, other) => {
          const hits = places.map((_, i) => hit(i + 1));
          const of = (name: string) => hits.filter((_, i) => places[i] === name || places[i] === 'both');
          const run = new SearchRun(source(of('local'), one, LOCAL), source(of('server'), other, SERVER));
          await run.start();
          for (let i = 0; i < 100; i++) {
            const before = run.state.getState().hits.map(({ n }) => n);
            if (!run.state.getState().more) break;
            await run.further();
            expect(
              run.state
                .getState()
                .hits.map(({ n }) => n)
                .slice(0, before.length),
            ).toEqual(before);
          }
          const { hits: shown, total, more } = run.state.getState();
          expect(shown.map(({ n }) => n)).toEqual(hits.map(({ n }) => n).reverse());
          expect([total, more]).toEqual([hits.length, false]);
        },
      ),
    );
  });

  it('goes on without the server, and says why', async () => {
    const run = new SearchRun(source([hit(1), hit(2)], 1, LOCAL), away);
    expect(await all(run)).toEqual([2, 1]);
    expect(run.state.getState()).toMatchObject({
      total: 2,
      away: { kind: 'server_unreachable' },
      server: null,
    });
  });

  it('tells more than a thousand as such', async () => {
    const page = { items: [hit(1)], total: 1_000, more: true, next: 5 };
    const run = new SearchRun(
      async () => ({ ok: true, value: { ...page, coverage: LOCAL } as LocalSearchPage }),
      away,
    );
    await run.start();
    expect(run.state.getState()).toMatchObject({ total: 1_000, atLeast: true, more: true });
  });

  it('is silent once it has ended', async () => {
    const run = new SearchRun(source([hit(1)], 1, LOCAL), source([hit(1)], 1, SERVER));
    const done = run.start();
    run.end();
    await done;
    expect(run.state.getState().hits).toEqual([]);
  });
});
