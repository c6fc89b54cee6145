/** The API's store when it is large: saving, history, unread counts, search, each beside the bare query or insert into the same tables, in one run. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FullEntry } from '@matchbook/protocol/entries';
import type { SaveBatch, SaveItem } from '@matchbook/protocol/http/saving';
import { term } from '@matchbook/protocol/search-document';
import { wordsOf } from '@matchbook/protocol/words';
import { sql } from 'kysely';
import { pino } from 'pino';
import { entryRow } from '../../api-server/db/entry-rows.ts';
import { openPostgres } from '../../api-server/db/postgres.ts';
import { openSqlite } from '../../api-server/db/sqlite.ts';
import type { Store } from '../../api-server/db/store.ts';
import { unreadCounts } from '../../api-server/messages/conversations.ts';
import { messages } from '../../api-server/messages/history.ts';
import { saveBatch } from '../../api-server/messages/save.ts';
import type { SearchIndex } from '../../api-server/search/index-port.ts';
import { keysFor } from '../../api-server/search/keys.ts';
import { postgresIndex } from '../../api-server/search/postgres-index.ts';
import { search } from '../../api-server/search/search.ts';
import { sqliteIndex } from '../../api-server/search/sqlite-index.ts';
import { startPostgres } from '../../api-server/testing/postgres.ts';

const settings = Object.fromEntries(process.argv.slice(2).map((arg) => arg.split('='))) as Record<
  string,
  string
>;
const MESSAGES = Number(settings.messages ?? 1_000_000);
const ROUNDS = Number(settings.rounds ?? 5);
/** Of each query, in each round. */
const SAMPLES = Number(settings.samples ?? 200);
const BATCH = 256;
/** Half of all messages are in one conversation, the others evenly in these. */
const SMALL = 1_000;
const SAVED = 40;
/** Sees 1 % of the conversations; is in 500. */
const [SEER, BUSY] = ['seer', 'busy'];

const vocabulary = Array.from({ length: 5_000 }, (_, i) => `w${i.toString(36)}`);
let seed = 1;
/** mulberry32: the same texts in every run. */
const random = (below: number) => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % below;
};

class Writer {
  seq = 0;
  made = 0;
  readonly ends = new Map<string, { n: number; m: number }>();

  entry(conv: string, said: object, kind: string): SaveItem {
    const end = this.ends.get(conv) ?? { n: 0, m: 0 };
    const [n, m] = [end.n + 1, end.m + (kind === 'message' ? 1 : 0)];
    this.ends.set(conv, { n, m });
    this.seq += 1;
    const id = `id-${this.seq}`;
    const item = {
      conv,
      n,
      m,
      h: '0'.repeat(16),
      id,
      sender: 'writer',
      time: 1e12 + this.seq,
      kind,
      ...said,
    };
    return { seq: this.seq, hash: '0'.repeat(64), item: item as unknown as FullEntry };
  }

  create(i: number): SaveItem {
    const members = [
      'writer',
      ...(i < SMALL / 2 ? [BUSY] : []),
      ...(i > 0 && i <= SMALL / 100 ? [SEER] : []),
    ];
    return this.entry(`c${i}`, { form: 'group', members }, 'create');
  }

  message(): SaveItem {
    const conv = this.made % 2 === 0 ? 'c0' : `c${random(SMALL)}`;
    const rare = this.made++ % 100 === 7 ? ' amber cobalt' : '';
    const text = Array.from({ length: 8 }, () => vocabulary[random(vocabulary.length)]).join(' ') + rare;
    return this.entry(conv, { body: { type: 'text/plain', text } }, 'message');
  }

  batch(items: SaveItem[]): SaveBatch {
    return { epoch: '0'.repeat(16), after: this.seq - items.length, items, upTo: this.seq };
  }
}

const percentile = (times: number[], p: number) =>
  [...times].sort((a, b) => a - b)[Math.floor((times.length - 1) * p)]!;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** What every round said about one piece of work, for the medians at the end. */
class Figures {
  #seen = new Map<string, Map<string, number[]>>();

  /** @param figures by name; of times ms, of ratios how many times as much as the bare one */
  note(work: string, figures: Record<string, number>): void {
    const of = this.#seen.get(work) ?? new Map<string, number[]>();
    this.#seen.set(work, of);
    for (const [name, value] of Object.entries(figures)) of.set(name, [...(of.get(name) ?? []), value]);
    console.log(`  ${work}: ${written(figures)}`);
  }

  medians(): void {
    console.log(`medians of ${ROUNDS} rounds`);
    for (const [work, of] of this.#seen)
      console.log(
        `  ${work}: ${written(Object.fromEntries([...of].map(([name, all]) => [name, percentile(all, 0.5)])))}`,
      );
  }
}

const written = (figures: Record<string, number>) =>
  Object.entries(figures)
    .map(([name, value]) => `${name} ${value.toFixed(value < 100 ? 2 : 0)}`)
    .join(', ');

/** In turn, so that both see the same machine. */
async function beside(
  figures: Figures,
  name: string,
  ours: () => Promise<unknown>,
  bare: () => Promise<unknown>,
): Promise<void> {
  const times: [number[], number[]] = [[], []];
  for (let i = 0; i < SAMPLES; i++) {
    times[0].push(await timed(ours));
    times[1].push(await timed(bare));
  }
  const [p50, bare50] = [percentile(times[0], 0.5), percentile(times[1], 0.5)];
  const [p99, bare99] = [percentile(times[0], 0.99), percentile(times[1], 0.99)];
  figures.note(name, {
    p50,
    'bare p50': bare50,
    'ratio of p50': p50 / bare50,
    p99,
    'bare p99': bare99,
    'ratio of p99': p99 / bare99,
  });
}

async function bench(store: Store): Promise<void> {
  const { db } = store;
  const index = store.dialect === 'postgres' ? postgresIndex : sqliteIndex;
  const writer = new Writer();
  for (let i = 0; i < SMALL; i += 250) {
    const items = Array.from({ length: 250 }, (_, k) => writer.create(i + k));
    await saveBatch(store, index, writer.batch(items), 1);
  }
  const begun = performance.now();
  while (writer.made < MESSAGES) {
    const items = Array.from({ length: BATCH }, () => writer.message());
    await saveBatch(store, index, writer.batch(items), 1);
  }
  const rate = writer.made / ((performance.now() - begun) / 1_000);
  console.log(`filled: ${writer.made} messages, ${Math.round(rate)} a second`);
  if (store.dialect === 'postgres') await sql`ANALYZE`.execute(db);
  const figures = new Figures();
  for (let round = 1; round <= ROUNDS; round++) {
    console.log(`round ${round}`);
    await measured(store, index, writer, figures);
  }
  figures.medians();
}

async function measured(store: Store, index: SearchIndex, writer: Writer, figures: Figures): Promise<void> {
  const { db } = store;
  // Ours and the bare insert of the same rows, index and all, in turn.
  const times: [number, number] = [0, 0];
  for (let i = 0; i < SAVED; i++) {
    const items = Array.from({ length: BATCH }, () => writer.message());
    times[0] += await timed(() => saveBatch(store, index, writer.batch(items), 1));
    const more = Array.from({ length: BATCH }, () => writer.message());
    const rows = more.map(({ item, seq, hash }) => entryRow(item as FullEntry, seq, hash!)!);
    const words = rows.map((row) => Array.from(wordsOf(row.bodyText!), ({ word }) => word));
    const keys = await store.write((trx) => keysFor(trx, [...rows.map(({ conv }) => conv), 'writer']));
    times[1] += await timed(() =>
      store.write(async (trx) => {
        for (let at = 0; at < rows.length; at += 64)
          await trx
            .insertInto('entry')
            .values(rows.slice(at, at + 64))
            .execute();
        const docs = rows.map(({ conv, n, sender, time }, k) => ({
          ...{ conv, n, target: n, sender, time, words: words[k]! },
          terms: [term.conversation(keys.get(conv)!), term.sender(keys.get('writer')!)],
        }));
        await index.add(trx, docs);
        await trx.updateTable('progress').set({ seq: writer.seq }).execute();
      }),
    );
  }
  const [ours, bare] = times.map((time) => (SAVED * BATCH) / (time / 1_000)) as [number, number];
  figures.note('save', { 'a second': ours, 'bare a second': bare, ratio: ours / bare });

  const head = writer.ends.get('c0')!.n;
  const place = () => 100 + random(head - 100);
  await beside(
    figures,
    'history, 50 of the long one',
    () => messages(db, BUSY, 'c0', { before: place() }, 50),
    () =>
      db
        .selectFrom('entry')
        .selectAll()
        .where('conv', '=', 'c0')
        .where('n', '<', place())
        .orderBy('n', 'desc')
        .limit(50)
        .execute(),
  );
  const short = writer.ends.get('c1')!.n;
  await beside(
    figures,
    'history, 50 of a short one',
    () => messages(db, BUSY, 'c1', { before: 60 + random(short - 60) }, 50),
    () =>
      db
        .selectFrom('entry')
        .selectAll()
        .where('conv', '=', 'c1')
        .where('n', '<', 60 + random(short - 60))
        .orderBy('n', 'desc')
        .limit(50)
        .execute(),
  );
  await beside(
    figures,
    'unread of 500',
    () => unreadCounts(db, BUSY),
    () =>
      sql`SELECT c.conv, c."headM" - COALESCE(p.m, m."fromM") AS unread FROM member m JOIN conversation c ON c.conv = m.conv
      LEFT JOIN position p ON p.conv = m.conv AND p."user" = m."user" AND p.kind = 'read' WHERE m."user" = ${BUSY} AND m."untilN" IS NULL`.execute(
        db,
      ),
  );
  for (const [user, sees] of [
    [SEER, '1 % of the conversations'],
    [BUSY, 'half of them'],
  ] as const) {
    const request = { user, q: 'amber cobalt', zone: 0, order: 'newest' as const, limit: 20, cursor: null };
    const { total } = await search(db, index, request);
    const taken: number[] = [];
    for (let i = 0; i < SAMPLES; i++) taken.push(await timed(() => search(db, index, request)));
    figures.note(`search, who sees ${sees}`, {
      hits: total,
      p50: percentile(taken, 0.5),
      p99: percentile(taken, 0.99),
    });
  }
}

const folder = mkdtempSync(join(tmpdir(), 'matchbook-bench-api-'));
const log = pino({ level: 'silent' });
for (const database of settings.database ? [settings.database] : ['sqlite', 'postgres']) {
  console.log(`\n${database}`);
  const postgres = database === 'postgres' ? await startPostgres() : null;
  const store = postgres ? await openPostgres(await postgres.create(), log) : openSqlite(folder);
  await bench(store);
  await store.close();
  await postgres?.stop();
}
rmSync(folder, { recursive: true, force: true });
