/** Room is made at random moments: what waits and what was begun stays, all else is a row or a hole, and what is filled again is what it was. */
import { statSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { entries, ME, page, TestLog } from '../testing/log.ts';
import { ACCOUNT, TestStore } from '../testing/store.ts';

/** `npm run test:long` looks further. */
const RUNS = process.env.MATCHBOOK_LONG === '1' ? 60 : 5;
const account = ACCOUNT;
const CONVS = ['g0', 'g1'] as const;
/** More than are kept of each, whatever the limit. */
const BEGUN = 320;

class Household {
  readonly at = new TestStore();
  readonly logs = new Map(CONVS.map((conv) => [conv, new TestLog(conv)] as const));
  readonly waiting: string[] = [];
  readonly drafts = new Map<string, string>();
  /** What each message says now. */
  readonly texts = new Map<string, Map<number, string>>(CONVS.map((conv) => [conv, new Map()]));
  readonly deleted = new Map<string, Set<number>>(CONVS.map((conv) => [conv, new Set()]));
  #ids = 0;
  #seq = 0;

  async begin(): Promise<void> {
    this.at.now = Date.now();
    await this.at.open();
    for (const conv of CONVS) {
      this.logs.get(conv)!.create('ann', `create-${conv}`, ['ann', ME], 'group');
      await this.say(conv, BEGUN, 7);
    }
  }

  log = (conv: string) => this.logs.get(conv as 'g0')!;

  /** Every `own`th is one's own; of those the API has every second. */
  async say(conv: string, count: number, own: number): Promise<void> {
    const log = this.log(conv);
    const first = log.entries.length;
    for (let i = 0; i < count; i++) {
      const id = `m${++this.#ids}`;
      const text = `text of ${id} ${'x'.repeat(250)}`;
      this.texts.get(conv)!.set(log.message(this.#ids % own === 0 ? ME : 'ann', id, text).n, text);
    }
    await this.#store(conv, first === 1 ? 0 : first);
    const mine = log.entries.slice(first).filter(({ sender }) => sender === ME);
    const saved = mine.filter((_, i) => i % 2 === 0).map(({ id }) => ({ id, state: 'saved' as const }));
    await this.at.store.saved({ account, items: saved });
  }

  async change(conv: string, kind: 'edit' | 'delete', part: number): Promise<void> {
    const log = this.log(conv);
    const target = 2 + Math.floor(part * (log.entries.length - 2));
    const about = log.at(target);
    if (about?.kind !== 'message' || this.deleted.get(conv)!.has(target)) return;
    const first = log.entries.length;
    const id = `c${++this.#ids}`;
    if (kind === 'edit') {
      this.texts.get(conv)!.set(target, `edit ${id}`);
      log.say(about.sender, id, { kind, target, body: { type: 'text/plain', text: `edit ${id}` } });
    } else {
      log.say(about.sender, id, { kind, target });
      this.deleted.get(conv)!.add(target);
    }
    await this.#store(conv, first);
  }

  async #store(conv: string, after: number): Promise<void> {
    const log = this.log(conv);
    this.#seq += 1;
    await this.at.store.storeFrame({
      account,
      raw: entries(log.entries.slice(after), log.cursor(this.#seq)),
    });
  }

  async submit(conv: string): Promise<void> {
    const id = `w${++this.#ids}`;
    await this.at.store.submit({ account, conv, id, text: id, draftVersion: -1 });
    this.waiting.push(id);
  }

  async write(conv: string): Promise<void> {
    const text = `begun ${++this.#ids}`;
    await this.at.store.saveDraft({ account, conv, text });
    this.drafts.set(conv, text);
  }

  /** Room is made down to a part of what is used. Lists show the same as before. */
  async makeRoom(part: number): Promise<void> {
    await this.at.reopen();
    const before = await this.at.store.listConversations(account);
    await this.at.store.limitHistory(Math.round(statSync(this.at.path('history.db')).size * part));
    await this.at.chores(400);
    expect(await this.at.store.listConversations(account)).toEqual(before);
    await this.at.store.limitHistory(Number.MAX_SAFE_INTEGER);
  }

  /** Somebody scrolls to a place; what is asked for then comes. */
  async look(conv: string, part: number): Promise<void> {
    const log = this.log(conv);
    await this.at.store.timelinePage({
      ...{ account, conv, limit: 50 },
      to: 1 + Math.floor(part * (log.entries.length - 1)),
    });
    for (const hole of await this.at.store.holes({ account, focused: conv }))
      await this.at.store.storeFrame({ account, raw: page(this.log(hole.conv), hole.from, hole.to) });
  }

  async check(): Promise<void> {
    const { items } = await this.at.store.waitingItems(account);
    expect(items.filter(({ kind }) => kind === 'message').map(({ id }) => id)).toEqual(this.waiting);
    for (const [conv, text] of this.drafts)
      expect(await this.at.store.readDraft({ account, conv })).toMatchObject({ text });
    for (const conv of CONVS) {
      const log = this.log(conv);
      const rows = new Map<number, { id: string; text: string | null }>();
      const holes: { from: number; to: number }[] = [];
      for (let from = 1; from <= log.entries.length; from += 500) {
        const shown = await this.at.store.timelinePage({ account, conv, from, limit: 500 });
        for (const { n, id, body } of shown.rows)
          if (n! < from + 500) rows.set(n!, { id, text: body && 'text' in body ? body.text : null });
        holes.push(...shown.holes);
        expect(shown.unbroken).toBe(true);
      }
      for (const entry of log.entries) {
        const missing = holes.some(({ from, to }) => from <= entry.n && entry.n <= to);
        const row = rows.get(entry.n);
        expect([conv, entry.n, row !== undefined]).toEqual([conv, entry.n, !missing]);
        if (!row) continue;
        expect([conv, entry.n, row.id]).toEqual([conv, entry.n, entry.id]);
        // As it is now, also where its edit came long after it and it was fetched again alone.
        const said = this.deleted.get(conv)!.has(entry.n) ? null : this.texts.get(conv)!.get(entry.n);
        if (entry.kind === 'message') expect([conv, entry.n, row.text]).toEqual([conv, entry.n, said]);
      }
      // What changes members, the newest, and own messages that nobody else has stay, whatever the limit.
      const kept = log.entries.filter(({ n, kind }) => kind === 'create' || n > log.entries.length - 200);
      for (const { n } of kept) expect([conv, n, rows.has(n)]).toEqual([conv, n, true]);
    }
  }
}

const conv = fc.constantFrom(...CONVS);
const part = fc.double({ min: 0, max: 1, noNaN: true });
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('makeRoom' as const),
      part: fc.double({ min: 0.2, max: 1, noNaN: true }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('look' as const), conv, part }) },
  fc.record({ do: fc.constant('say' as const), conv, count: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ do: fc.constantFrom('edit' as const, 'delete' as const), conv, part }),
  fc.record({ do: fc.constantFrom('submit' as const, 'write' as const), conv }),
  fc.record({ do: fc.constant('crash' as const) }),
);

it(
  'I8 I11: room made at any moment costs nothing that waits, and everything else can be had again',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
        const home = new Household();
        try {
          await home.begin();
          for (const one of steps) {
            if (one.do === 'makeRoom') await home.makeRoom(one.part);
            else if (one.do === 'look') await home.look(one.conv, one.part);
            else if (one.do === 'say') await home.say(one.conv, one.count, 3);
            else if (one.do === 'edit' || one.do === 'delete') await home.change(one.conv, one.do, one.part);
            else if (one.do === 'submit') await home.submit(one.conv);
            else if (one.do === 'write') await home.write(one.conv);
            else await home.at.crash();
          }
          await home.check();
          // From everywhere somebody looks, until nothing is missing.
          for (let at = 1; at >= 0; at -= 0.1) for (const one of CONVS) await home.look(one, at);
          await home.check();
          for (const one of CONVS) {
            const { holes } = await home.at.store.timelinePage({ account, conv: one, from: 1, limit: 1_000 });
            expect(holes).toEqual([]);
          }
        } finally {
          await home.at.dispose();
        }
      }),
      { numRuns: RUNS },
    );
  },
  RUNS * 30_000,
);
