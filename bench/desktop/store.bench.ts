/** The local store alone with a million messages: opening it, pages, search, its size. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { quantile, report, round } from './figures.ts';
import { fillHistory, storeOf } from './full-history.ts';

const MESSAGES = Number(process.env.MESSAGES ?? 1_000_000);
const SAMPLES = 300;
const identity = { account: 'bench', user: 'me', device: 'd' };
const { account } = identity;

async function timed(samples: number, work: (i: number) => Promise<unknown>) {
  const times: number[] = [];
  for (let i = 0; i < samples; i++) {
    const begun = performance.now();
    await work(i);
    times.push(performance.now() - begun);
  }
  return { p50: round(quantile(times, 0.5), 2), p99: round(quantile(times, 0.99), 2) };
}

test('store', async () => {
  const profile = mkdtempSync(join(tmpdir(), 'matchbook-bench-store-'));
  try {
    const conversations = new Map([['one-half', MESSAGES / 2]]);
    for (let i = 0; i < 250; i++) conversations.set(`conversation-${i}`, MESSAGES / 500);
    const begun = performance.now();
    await fillHistory({ profile, identity, conversations, stream: true });
    const filling = (performance.now() - begun) / 1_000;
    const bytes = statSync(join(profile, 'accounts', account, 'history.db')).size;
    const opening = await timed(7, async () => {
      const store = storeOf(profile);
      await store.openAccount(identity);
      await store.timelinePage({ account, conv: 'one-half', limit: 80 });
      await store.close();
    });
    const store = storeOf(profile);
    await store.openAccount(identity);
    const half = MESSAGES / 2;
    const pages = await timed(SAMPLES, (i) =>
      store.timelinePage({ account, conv: 'one-half', to: 100 + ((i * 7_919) % (half - 100)), limit: 80 }),
    );
    const small = await timed(SAMPLES, (i) =>
      store.timelinePage({ account, conv: `conversation-${i % 250}`, limit: 80 }),
    );
    const list = await timed(50, () => store.listConversations(account));
    const search = (q: (i: number) => string) =>
      timed(SAMPLES, (i) => store.search({ account, q: q(i), zone: 0, limit: 20, cursor: null }));
    report('store', {
      ...{
        messages: MESSAGES,
        filledPerSecond: round(MESSAGES / filling),
        megabytes: round(bytes / 2 ** 20),
      },
      bytesAMessage: round(bytes / MESSAGES),
      openAndFirstPageMs: opening,
      pageMs: pages,
      smallPageMs: small,
      listMs: list,
      rareWordMs: await search((i) => String(1_000 + ((i * 7_919) % half))),
      commonWordMs: await search(() => 'ferry'),
      twoWordsMs: await search(() => 'ferry thermos'),
      prefixMs: await search((i) => `${['fe', 'th', 'wa', 'cl'][i % 4]}*`),
      inOneConversationMs: await search((i) => `tea in:conversation-${i % 250}`),
    });
    await store.close();
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
});
