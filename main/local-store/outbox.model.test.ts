import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CONV, entries, ME, PEER, TestLog } from './testing/log.ts';
import { ACCOUNT, TestStore } from './testing/store.ts';

/** `npm run test:long` looks further. */
const SCALE = process.env.MATCHBOOK_LONG === '1' ? 10 : 1;

const account = ACCOUNT;
const conv = CONV;
const failure = { kind: 'not_member' as const, message: 'no' };

/** What must be true of the outbox, in memory. */
class Model {
  items: { id: string; text: string; frozen: boolean; failed: boolean }[] = [];
  draft = { text: '', version: 0 };
  count = 0;
  /** Everything that was ever submitted and neither discarded nor taken back, by id (I11). */
  kept = new Set<string>();
  find = (id: string) => this.items.find((item) => item.id === id);
  pick = (index: number) => this.items[index % Math.max(1, this.items.length)];
  leave = (id: string) => {
    this.items = this.items.filter((item) => item.id !== id);
  };
}

interface Real {
  at: TestStore;
  log: TestLog;
}
type Step = fc.AsyncCommand<Model, Real>;
type Run = (model: Model, real: Real) => Promise<void>;

async function agree(model: Model, { at, log }: Real): Promise<void> {
  const { waiting, rows } = await at.store.timelinePage({ account, conv, limit: 1_000 });
  expect(waiting.map(({ id, delivery, frozen }) => [id, delivery, frozen])).toEqual(
    model.items.map(({ id, failed, frozen }) => [id, failed ? 'failed' : 'queued', frozen]),
  );
  expect((await at.store.outbox(account)).map(({ id }) => id)).toEqual(
    model.items.filter(({ failed }) => !failed).map(({ id }) => id),
  );
  expect(await at.store.readDraft({ account, conv })).toMatchObject(model.draft);
  const ids = [...waiting, ...rows].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of model.kept)
    expect([id, ids.includes(id) || log.entries.some((entry) => entry.id === id)]).toEqual([id, true]);
}

const step = (name: string, run: Run, check: (model: Model) => boolean = () => true): Step => ({
  check,
  run: async (model, real) => {
    await run(model, real);
    await agree(model, real);
  },
  toString: () => name,
});

const has = (index: number, fits: (item: Model['items'][number]) => boolean) => (model: Model) => {
  const item = model.pick(index);
  return item !== undefined && fits(item);
};
const refusedAs = async (promise: Promise<unknown>, kind: string) => {
  await expect(promise).rejects.toMatchObject({ failure: { kind } });
};

const saveDraft = (text: string) =>
  step(`saveDraft(${text})`, async (model, { at }) => {
    const { version } = await at.store.saveDraft({ account, conv, text });
    model.draft = { text, version: model.draft.version + 1 };
    expect(version).toBe(model.draft.version);
  });
const submit = (text: string, stale: boolean) =>
  step(`submit(${text}, ${stale ? 'stale' : 'present'} draft)`, async (model, { at }) => {
    const id = `i${++model.count}`;
    const draftVersion = model.draft.version - (stale ? 1 : 0);
    const message = { account, conv, id, text, draftVersion: Math.max(0, draftVersion) };
    const clears = message.draftVersion === model.draft.version && model.draft.version > 0;
    const row = await at.store.submit(message);
    expect(await at.store.submit(message)).toEqual(row);
    model.items.push({ id, text, frozen: false, failed: false });
    model.kept.add(id);
    if (clears) model.draft = { text: '', version: model.draft.version + 1 };
  });
const release = (count: number) =>
  step(`release(${count})`, async (model, { at }) => {
    const asked = model.items.slice(0, count).map(({ id }) => id);
    const may = model.items.slice(0, count).filter(({ failed }) => !failed);
    expect((await at.store.release({ account, ids: [...asked, 'unheard-of'] })).ids).toEqual(
      may.map(({ id }) => id),
    );
    for (const item of may) item.frozen = true;
  });
/** The log takes it, and the device hears by ack, by its row, by a stub, or by all. */
const taken = (index: number, how: ('ack' | 'row' | 'stub')[]) =>
  step(
    `taken(${index}, ${how})`,
    async (model, { at, log }) => {
      const item = model.pick(index)!;
      log.message(ME, item.id, item.text);
      const { n } = log.head();
      for (const way of how) {
        if (way === 'ack') await at.store.acked({ account, conv, items: [log.ack(n)] });
        else {
          const items = [way === 'stub' ? log.stub(n) : log.at(n)];
          await at.store.storeFrame({ account, raw: entries(items, log.cursor(n)) });
        }
      }
      model.leave(item.id);
    },
    has(index, (item) => item.frozen && !item.failed),
  );
const refuse = (index: number, final: boolean) =>
  step(
    `refuse(${index}, ${final ? 'final' : 'later'})`,
    async (model, { at }) => {
      const item = model.pick(index)!;
      await at.store.refused({ account, items: [{ id: item.id, failure, final }] });
      item.failed = final;
    },
    has(index, (item) => item.frozen && !item.failed),
  );
const takeBack = (index: number, how: 'toDraft' | 'discard') =>
  step(
    `${how}(${index})`,
    async (model, { at }) => {
      const item = model.pick(index)!;
      if (item.frozen && !item.failed)
        return refusedAs(at.store[how]({ account, id: item.id, newId: `undo-${++model.count}` }), 'frozen');
      await at.store[how]({ account, id: item.id, newId: `undo-${++model.count}` });
      model.leave(item.id);
      model.kept.delete(item.id);
      if (how === 'discard') return;
      const text = model.draft.text === '' ? item.text : `${item.text}\n${model.draft.text}`;
      model.draft = { text, version: model.draft.version + 1 };
    },
    has(index, () => true),
  );
const retry = (index: number) =>
  step(
    `retry(${index})`,
    async (model, { at }) => {
      const item = model.pick(index)!;
      const newId = `i${++model.count}`;
      await at.store.retry({ account, id: item.id, newId });
      model.leave(item.id);
      model.kept.delete(item.id);
      model.items.push({ id: newId, text: item.text, frozen: false, failed: false });
      model.kept.add(newId);
    },
    has(index, (item) => item.failed),
  );
const restart = (how: 'crash' | 'reopen') =>
  step(how, async (_model, { at }) => {
    expect(await at[how]()).toEqual([]);
  });

const index = fc.nat(5);
const text = fc.string({
  minLength: 1,
  maxLength: 8,
  unit: fc.constantFrom('a', 'é', '\n', '\u{1f600}', "'"),
});
const ways = fc.shuffledSubarray(['ack', 'row', 'stub'] as ('ack' | 'row' | 'stub')[], { minLength: 1 });
const steps = fc.commands(
  [
    text.map(saveDraft),
    fc.tuple(text, fc.boolean()).map(([words, stale]) => submit(words, stale)),
    fc.tuple(text, fc.boolean()).map(([words, stale]) => submit(words, stale)),
    fc.integer({ min: 1, max: 4 }).map(release),
    fc.tuple(index, ways).map(([at, how]) => taken(at, how)),
    fc.tuple(index, fc.boolean()).map(([at, final]) => refuse(at, final)),
    fc
      .tuple(index, fc.constantFrom('toDraft' as const, 'discard' as const))
      .map(([at, how]) => takeBack(at, how)),
    index.map(retry),
    fc.constantFrom('crash' as const, 'reopen' as const).map(restart),
  ],
  { maxCommands: 30 },
);

it('the outbox does what its model does, through crashes (I3, I11)', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (commands) => {
      const at = new TestStore();
      try {
        await at.open();
        const log = new TestLog();
        log.create(PEER, 'c', [PEER, ME]);
        await at.store.storeFrame({ account, raw: entries(log.entries, log.cursor(1)) });
        await fc.asyncModelRun(() => ({ model: new Model(), real: { at, log } }), commands);
      } finally {
        await at.dispose();
      }
    }),
    { numRuns: 60 * SCALE },
  );
}, 120_000);
