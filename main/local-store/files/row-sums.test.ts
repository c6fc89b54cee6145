/** Damage that hangs together: a letter that became another one, a switch that turned by itself. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoreError } from '../local-store.ts';
import { CONV } from '../testing/log.ts';
import { ACCOUNT, TestStore } from '../testing/store.ts';

const account = ACCOUNT;
const conv = CONV;
const TEXTS: Record<string, string> = {
  first: 'meet me at nine',
  held: 'not before I say so',
  sent: 'perhaps out already',
  failed: 'was refused',
  last: `long ${'x'.repeat(3_000)}`,
};
let at: TestStore;

beforeEach(async () => {
  at = new TestStore();
  await at.open();
  for (const [id, text] of Object.entries(TEXTS))
    await at.store.submit({ account, conv, id, text, draftVersion: -1 });
  await at.store.hold({ account, id: 'held', on: true });
  await at.store.release({ account, ids: ['sent'] });
  await at.store.refused({
    account,
    items: [{ id: 'failed', failure: { kind: 'forbidden', message: 'no' }, final: true } as never],
  });
  await at.store.saveDraft({ account, conv, text: 'a text of some length that is begun' });
});
afterEach(() => at.dispose());

/** Turns what stands once in the file into something as long. */
function turn(from: string, to: string, file = 'outbox.db') {
  const bytes = readFileSync(at.path(file));
  const found = bytes.indexOf(from);
  expect(found).toBeGreaterThan(0);
  for (let place = found; place >= 0; place = bytes.indexOf(from, place + 1)) bytes.write(to, place);
  writeFileSync(at.path(file), bytes);
}
const waiting = async () =>
  (await at.store.timelinePage({ account, conv, limit: 100 })).waiting.map(
    ({ id, body, delivery, failure }) => ({
      ...{ id, text: body && 'text' in body ? body.text : null },
      ...{ delivery, failure: failure?.kind ?? null },
    }),
  );
const sendable = async () =>
  (await at.store.outbox(account))
    .filter(({ append }) => append.kind === 'message')
    .map(({ id, append }) => [id, (append as { body: { text: string } }).body.text]);
describe('I11: a letter that became another one', () => {
  it('is put right from the backup, and goes out as it was written', async () => {
    await at.chores(3);
    await at.store.close();
    turn('meet me at nine', 'meet me at five');
    expect(await at.reopen()).toMatchObject([{ id: 'outbox-salvaged' }]);
    expect((await sendable())[0]).toEqual(['first', TEXTS.first]);
    await at.reopen().then((found) => expect(found).toEqual([]));
  });

  it('without a backup is shown, with its reason, and not sent; what stands beside it is', async () => {
    await at.store.close();
    // Backups are made by the close: the damage is older than it.
    turn('meet me at nine', 'meet me at five', 'outbox.backup.db');
    turn('meet me at nine', 'meet me at five');
    expect(await at.reopen()).toMatchObject([{ id: 'outbox-salvaged' }]);
    expect((await waiting())[0]).toEqual({
      ...{ id: 'first', text: 'meet me at five', delivery: 'failed', failure: 'text_damaged' },
    });
    expect((await sendable()).map(([id]) => id)).toEqual(['sent', 'last']);
  });

  it('while the app runs is found before it is sent and before it gets into a backup', async () => {
    await at.chores(3);
    const db = new DatabaseSync(at.path('outbox.db'));
    db.exec(`UPDATE item SET content = replace(content, 'nine', 'five') WHERE id = 'first'`);
    db.close();
    await expect(at.store.outbox(account)).rejects.toMatchObject({ failure: { kind: 'store_failed' } });
    expect((await sendable())[0]).toEqual(['first', TEXTS.first]);

    const again = new DatabaseSync(at.path('outbox.db'));
    again.exec(`UPDATE item SET content = replace(content, 'refused', 'defused') WHERE id = 'failed'`);
    again.close();
    await at.store.hold({ account, id: 'held', on: false });
    await at.chores(3);
    expect((await waiting()).find(({ id }) => id === 'failed')).toMatchObject({
      ...{ text: TEXTS.failed, failure: 'forbidden' },
    });
  });

  it('in a draft is put right, or stands in it with what the backup has beside it', async () => {
    await at.chores(3);
    await at.store.close();
    turn('a text of some length that is begun', 'a next of some length that is begun');
    await at.reopen();
    expect((await at.store.readDraft({ account, conv })).text).toBe('a text of some length that is begun');
  });
});

it('a switch that turned by itself: what is held does not go out, what failed stays so', async () => {
  await at.chores(3);
  for (const sql of ['hold = 0', 'failed = 0', 'frozen = 0', 'place = place + 1000', `target = 'first'`]) {
    await at.store.close();
    const db = new DatabaseSync(at.path('outbox.db'));
    db.exec(`UPDATE item SET ${sql} WHERE id IN ('held', 'failed', 'sent')`);
    db.close();
    expect(await at.reopen(), sql).toMatchObject([{ id: 'outbox-salvaged' }]);
    expect(
      (await sendable()).map(([id]) => id),
      sql,
    ).toEqual(['first', 'sent', 'last']);
  }
});

it('rows of an earlier version get their sums when it is brought up to date', async () => {
  await at.store.close();
  const db = new DatabaseSync(at.path('outbox.db'));
  db.exec(`DROP TABLE refused_later; DROP TABLE begun; DROP INDEX item_kind; ALTER TABLE item DROP COLUMN sum; ALTER TABLE draft DROP COLUMN sum; ALTER TABLE earlier_text DROP COLUMN sum;
    PRAGMA user_version = 4`);
  db.close();
  expect(await at.reopen()).toEqual([]);
  expect((await sendable()).map(([id]) => id)).toEqual(['first', 'sent', 'last']);
  await at.store.close();
  turn('meet me at nine', 'meet me at five');
  expect(await at.reopen()).toMatchObject([{ id: 'outbox-salvaged' }]);
});

/** Every one that is not noticed must be harmless: nothing is told, so nothing may be other than it was. */
it('I11: any byte of the file, turned in any way, is noticed or harmless, with a backup and without one', async () => {
  await at.chores(3);
  const before = { waiting: await waiting(), sendable: await sendable() };
  const draft = (await at.store.readDraft({ account, conv })).text;
  await at.store.close();
  const whole = at.path('whole.keep');
  copyFileSync(at.path('outbox.db'), whole);
  copyFileSync(at.path('outbox.backup.db'), at.path('backup.keep'));
  const size = readFileSync(whole).length;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: size - 1 }),
      fc.integer({ min: 1, max: 255 }),
      fc.boolean(),
      async (place, bits, backup) => {
        const bytes = readFileSync(whole);
        bytes[place]! ^= bits;
        writeFileSync(at.path('outbox.db'), bytes);
        if (backup) copyFileSync(at.path('backup.keep'), at.path('outbox.backup.db'));
        else writeFileSync(at.path('outbox.backup.db'), '');
        const found = await at.reopen().catch((error: StoreError) => error);
        if (found instanceof Error) {
          // Told by name, and nothing of it is touched.
          expect((found as StoreError).failure.store).toBeDefined();
          return;
        }
        const now = { waiting: await waiting(), sendable: await sendable() };
        const sent = new Map(before.sendable as [string, string][]);
        for (const [id, text] of now.sendable) expect([id, sent.get(id!)]).toEqual([id, text]);
        if (found.length === 0) {
          expect(now).toEqual(before);
          expect((await at.store.readDraft({ account, conv })).text).toBe(draft);
        }
        await at.store.close();
      },
    ),
    { numRuns: process.env.MATCHBOOK_LONG === '1' ? 3_000 : 120 },
  );
}, 600_000);
