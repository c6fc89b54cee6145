import type { AppendContent } from '@matchbook/protocol/bridge/waiting';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CONV, entries, ME, PEER, TestLog } from '../testing/log.ts';
import { ACCOUNT, TestStore } from '../testing/store.ts';

/** `npm run test:long` looks further. */
const SCALE = process.env.MATCHBOOK_LONG === '1' ? 10 : 1;

const account = ACCOUNT;
const conv = CONV;
const failure = { kind: 'not_member' as const, message: 'no' };
type Kind = 'message' | 'edit' | 'delete' | 'reaction';

interface ModelItem {
  id: string;
  kind: Kind;
  text: string;
  /** Id of what it is about, until that has a place. */
  target: string | null;
  n: number | null;
  frozen: boolean;
  failed: boolean;
  held: boolean;
}

/** What must be true of the outbox, in memory. */
class Model {
  items: ModelItem[] = [];
  draft = { text: '', version: 0 };
  count = 0;
  /** Every text that was ever submitted and that the person has not thrown away (I11). */
  kept = new Set<string>();
  /** What the log has of which message. */
  logged: { n: number; text: string }[] = [];
  find = (id: string | null) => this.items.find((item) => item.id === id);
  pick = (index: number) => this.items[index % Math.max(1, this.items.length)];
  about = (id: string) => this.items.filter(({ target }) => target === id);
  newId = () => `i${++this.count}`;
  leave = (id: string) => {
    this.items = this.items.filter((item) => item.id !== id);
  };
  throwAway = (item: ModelItem) => {
    this.kept.delete(item.text);
    this.leave(item.id);
  };
  /** The person wrote something else in the composer. */
  overwrite = (text: string) => {
    for (const one of this.kept) if (this.draft.text.includes(one)) this.kept.delete(one);
    this.draft = { text, version: this.draft.version + 1 };
  };
  toEnd = (item: ModelItem) => {
    this.leave(item.id);
    this.items.push(item);
  };
  stays = (item: ModelItem): boolean => {
    const about = this.find(item.target);
    return item.held || (about !== undefined && this.stays(about));
  };
  sendable = (): ModelItem[] => {
    const free = this.items.filter((item) => !item.failed && !this.stays(item));
    const stop = free.findIndex(({ target }) => target !== null);
    return stop < 0 ? free : free.slice(0, stop);
  };
  fail = (item: ModelItem) => {
    item.failed = true;
    for (const one of this.about(item.id)) if (!one.failed) this.fail(one);
  };
  withdraw = (item: ModelItem) => {
    for (const one of this.about(item.id)) {
      if (one.kind === 'edit' || one.kind === 'message') this.fail(one);
      else this.leave(one.id);
    }
    this.leave(item.id);
  };
  /** Let go: to the end, and behind it what is about it. */
  moved = (item: ModelItem) => {
    this.toEnd(item);
    for (const one of this.about(item.id)) if (!one.held) this.moved(one);
  };
  again = (item: ModelItem, newId: string, text: string) => {
    const about = this.about(item.id);
    this.leave(item.id);
    const gone = item.target !== null && this.find(item.target)?.failed !== false;
    const target = gone ? null : item.target;
    this.items.push({ ...item, id: newId, text, target, frozen: false, failed: false, held: false });
    const revive = (one: ModelItem, to: string) => {
      one.target = to;
      one.failed = false;
      this.toEnd(one);
      for (const other of this.about(one.id)) revive(other, one.id);
    };
    for (const one of about) revive(one, newId);
  };
}

interface Real {
  at: TestStore;
  log: TestLog;
}
type Step = fc.AsyncCommand<Model, Real>;
type Run = (model: Model, real: Real) => Promise<void>;

async function agree(model: Model, { at, log }: Real): Promise<void> {
  const { items } = await at.store.waitingItems(account);
  expect(
    items.map(({ id, kind, text, failed, frozen, holds, behind }) => ({
      ...{ id, kind, text, failed, frozen, held: holds.length > 0, behind },
    })),
  ).toEqual(
    model.items.map(({ id, kind, text, failed, frozen, held, target }) => ({
      ...{ id, kind, text, failed, frozen, held, behind: target !== null && !failed },
    })),
  );
  // Drafts go to the other devices beside them (drafts.model.test.ts).
  const going = (await at.store.outbox(account)).filter(({ append }) => append.kind !== 'draft');
  expect(going.map(({ id }) => id)).toEqual(model.sendable().map(({ id }) => id));
  expect(await at.store.readDraft({ account, conv })).toMatchObject(model.draft);
  const { waiting, rows } = await at.store.timelinePage({ account, conv, limit: 1_000 });
  const ids = [...waiting, ...rows].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const said = [
    ...items.map(({ text }) => text),
    ...log.entries.map((entry) => JSON.stringify(entry)),
    model.draft.text,
  ];
  for (const text of model.kept) expect([text, said.some((one) => one.includes(text))]).toEqual([text, true]);
}

const step = (name: string, run: Run, check: (model: Model) => boolean = () => true): Step => ({
  check,
  run: async (model, real) => {
    await run(model, real);
    await agree(model, real);
  },
  toString: () => name,
});

const has =
  (index: number, fits: (item: ModelItem) => boolean = () => true) =>
  (model: Model) => {
    const item = model.pick(index);
    return item !== undefined && fits(item);
  };
const refusedAs = async (promise: Promise<unknown>, kind: string) => {
  await expect(promise).rejects.toMatchObject({ failure: { kind } });
};
const fresh = (kind: Kind, id: string, text: string, target: ModelItem | null): ModelItem => ({
  ...{ id, kind, text, target: target?.id ?? null, n: null },
  ...{ frozen: false, failed: false, held: false },
});

const saveDraft = (text: string) =>
  step(`saveDraft(${text})`, async (model, { at }) => {
    const { version } = await at.store.saveDraft({ account, conv, text });
    model.overwrite(text);
    expect(version).toBe(model.draft.version);
  });
const submit = (stale: boolean, reply: number | null) =>
  step(`submit(${stale ? 'stale' : 'present'} draft, ${reply})`, async (model, { at }) => {
    const id = model.newId();
    const text = `text-${id}.`;
    const draftVersion = Math.max(0, model.draft.version - (stale ? 1 : 0));
    const about = reply === null ? undefined : model.pick(reply);
    const target = about?.kind === 'message' ? about : null;
    const message = {
      account,
      conv,
      id,
      text,
      draftVersion,
      ...(target ? { more: { reply: { id: target.id } } } : {}),
    };
    if (target?.failed) return refusedAs(at.store.submit(message), 'target_failed');
    const clears = draftVersion === model.draft.version && model.draft.version > 0;
    const row = await at.store.submit(message);
    expect(await at.store.submit(message)).toEqual(row);
    model.items.push(fresh('message', id, text, target));
    model.kept.add(text);
    if (clears) model.overwrite('');
  });
const react = (index: number) =>
  step(
    `react(${index})`,
    async (model, { at }) => {
      const target = model.pick(index)!;
      const id = model.newId();
      const body = { type: 'text/plain', text: id };
      const append = { id, kind: 'reaction', target: { id: target.id }, body };
      if (target.failed) return refusedAs(at.store.append({ account, conv, append }), 'target_failed');
      await at.store.append({ account, conv, append });
      await at.store.append({ account, conv, append });
      model.items.push(fresh('reaction', id, id, target));
    },
    has(index, ({ kind }) => kind === 'message'),
  );
const edit = (index: number) =>
  step(
    `edit(${index})`,
    async (model, { at }) => {
      const item = model.pick(index)!;
      const newId = model.newId();
      const text = `text-${newId}.`;
      const doing = at.store.edit({ account, id: item.id, newId, text });
      if (item.kind === 'delete' || item.kind === 'reaction') return refusedAs(doing, 'not_allowed');
      const about = model.find(item.target);
      if (item.failed && item.kind === 'edit' && item.target !== null && about?.failed !== false)
        return refusedAs(doing, 'target_failed');
      expect(await doing).toEqual({ id: newId, queued: item.frozen && !item.failed });
      // The person replaced what they had written.
      if (item.failed || !item.frozen) model.kept.delete(item.text);
      if (item.failed) model.again(item, newId, text);
      else if (!item.frozen) {
        for (const one of model.about(item.id)) one.target = newId;
        Object.assign(item, { id: newId, text });
      } else if (item.kind === 'message') {
        for (const one of model.about(item.id)) if (one.kind === 'edit') model.throwAway(one);
        model.items.push(fresh('edit', newId, text, item));
      } else model.items.push({ ...fresh('edit', newId, text, null), n: item.n });
      model.kept.add(text);
    },
    has(index),
  );
const hold = (index: number, on: boolean) =>
  step(
    `hold(${index}, ${on})`,
    async (model, { at }) => {
      const item = model.pick(index)!;
      const doing = at.store.hold({ account, id: item.id, on });
      if (item.failed) return refusedAs(doing, 'not_allowed');
      if (on && item.frozen) return refusedAs(doing, 'frozen');
      await doing;
      if (item.held === on) return;
      item.held = on;
      if (!on && !model.stays(item)) model.moved(item);
    },
    has(index),
  );
const release = (count: number) =>
  step(`release(${count})`, async (model, { at }) => {
    const may = model.sendable().slice(0, count);
    const others = model.items.filter((item) => !model.sendable().includes(item) && item.target !== null);
    const ids = [...may, ...others].map(({ id }) => id).reverse();
    expect((await at.store.release({ account, ids: [...ids, 'unheard-of'] })).ids).toEqual(
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
      const sent = (await at.store.outbox(account)).find(({ id }) => id === item.id)!;
      log.say(ME, item.id, sent.append as Parameters<TestLog['say']>[2]);
      const { n } = log.head();
      for (const way of how) {
        if (way === 'ack') await at.store.acked({ account, conv, items: [log.ack(n)] });
        else {
          const items = [way === 'stub' ? log.stub(n) : log.at(n)];
          await at.store.storeFrame({ account, raw: entries(items, log.cursor(n)) });
        }
      }
      for (const one of model.about(item.id)) {
        one.target = null;
        one.n = n;
        expect(await targetOf(at, one)).toBe(n);
      }
      model.leave(item.id);
      // What stands at a place, and what a delete erases there.
      model.logged.push({ n: item.kind === 'message' ? n : item.n!, text: item.text });
      if (item.kind === 'delete')
        for (const one of model.logged) if (one.n === item.n) model.kept.delete(one.text);
    },
    (model) => {
      const item = model.pick(index);
      return item?.frozen === true && !item.failed && model.sendable().includes(item);
    },
  );
async function targetOf(at: TestStore, { id, kind }: ModelItem): Promise<number | undefined> {
  const { waiting, rows } = await at.store.timelinePage({ account, conv, limit: 1_000 });
  if (kind === 'message') {
    const body = waiting.find((row) => row.id === id)?.body as { text: string };
    return (JSON.parse(body.text) as { reply?: number }).reply;
  }
  const change = rows.flatMap(({ changes = [] }) => changes).find((one) => one.id === id);
  return (change!.append as AppendContent & { target?: number }).target;
}
const refuse = (index: number, final: boolean) =>
  step(
    `refuse(${index}, ${final ? 'final' : 'later'})`,
    async (model, { at }) => {
      const item = model.pick(index)!;
      await at.store.refused({ account, items: [{ id: item.id, failure, final, nextAt: 5 }] });
      if (!final) return;
      if (!model.about(item.id).some(({ kind }) => kind === 'delete')) return model.fail(item);
      // The person wanted it gone.
      model.kept.delete(item.text);
      model.withdraw(item);
    },
    has(index, (item) => item.frozen && !item.failed),
  );
const toDraft = (index: number) =>
  step(
    `toDraft(${index})`,
    async (model, { at }) => {
      const item = model.pick(index)!;
      const doing = at.store.toDraft({ account, id: item.id });
      if (item.frozen && !item.failed) return refusedAs(doing, 'frozen');
      if (item.kind !== 'message' && item.kind !== 'edit') return refusedAs(doing, 'not_allowed');
      await doing;
      model.withdraw(item);
      const text = model.draft.text === '' ? item.text : `${item.text}\n${model.draft.text}`;
      model.draft = { text, version: model.draft.version + 1 };
    },
    has(index),
  );
const discard = (index: number) =>
  step(
    `discard(${index})`,
    async (model, { at }) => {
      const item = model.pick(index)!;
      const newId = model.newId();
      const doing = at.store.discard({ account, id: item.id, newId });
      if (!item.frozen || item.failed) {
        expect(await doing).toEqual({ queued: false });
        model.kept.delete(item.text);
        return model.withdraw(item);
      }
      if (item.kind === 'edit' || item.kind === 'delete') return refusedAs(doing, 'frozen');
      expect(await doing).toEqual({ queued: true });
      if (item.kind === 'reaction')
        model.items.push({ ...fresh('reaction', newId, item.text, null), n: item.n });
      else {
        for (const one of model.about(item.id)) if (one.kind !== 'message') model.throwAway(one);
        model.items.push(fresh('delete', newId, '', item));
      }
    },
    has(index),
  );
const retry = (index: number) =>
  step(
    `retry(${index})`,
    async (model, { at }) => {
      const item = model.pick(index)!;
      const newId = model.newId();
      const doing = at.store.retry({ account, id: item.id, newId });
      const about = model.find(item.target);
      if (item.target !== null && about?.failed !== false && item.kind !== 'message')
        return refusedAs(doing, 'target_failed');
      expect(await doing).toEqual({ id: newId });
      model.again(item, newId, item.text);
      expect(await at.store.retry({ account, id: item.id, newId })).toEqual({ id: newId });
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
const submits = fc
  .tuple(fc.boolean(), fc.option(index, { freq: 3 }))
  .map(([stale, reply]) => submit(stale, reply));
const releases = fc.integer({ min: 1, max: 4 }).map(release);
const takes = fc.tuple(index, ways).map(([at, how]) => taken(at, how));
const steps = fc.commands(
  [
    text.map(saveDraft),
    ...[submits, submits, releases, releases, takes, takes],
    fc.tuple(index, fc.boolean()).map(([at, final]) => refuse(at, final)),
    ...[
      index.map(react),
      index.map(edit),
      index.map(edit),
      index.map(toDraft),
      index.map(discard),
      index.map(retry),
    ],
    fc.tuple(index, fc.boolean()).map(([at, on]) => hold(at, on)),
    fc.constantFrom('crash' as const, 'reopen' as const).map(restart),
  ],
  { maxCommands: 30 },
);

it('the outbox does what its model does: order, holds, other words, what is about what, refusals, crashes (I3, I5, I11)', async () => {
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
