import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../testing/folder.ts';
import { type Entry, Ledger, type LedgerOptions } from './ledger.ts';

const NOW = 1_700_000_000_000;
const DAY = 86_400_000;
function opened(options: Partial<LedgerOptions> = {}) {
  const said: string[] = [];
  const path = options.path ?? join(temporaryFolder(), 'notifications.db');
  const ledger = new Ledger({ path, now: () => NOW, log: (line) => said.push(line), ...options });
  onTestFinished(() => {
    try {
      ledger.close();
    } catch {
      // The test closed it.
    }
  });
  return { ledger, path, said };
}
const entry = (n: number, more: Partial<Entry> = {}): Entry => ({
  ...{ account: 'a', conv: 'c', from: n, n, reason: 'shown', facts: {} },
  ...more,
});

describe('the ledger', () => {
  it('takes one decision a message, also after a restart: who asks twice is told that it is not new', () => {
    const { ledger, path } = opened();
    expect(ledger.decide([entry(1), entry(2)])).toHaveLength(2);
    expect(ledger.decide([entry(2, { reason: 'muted' }), entry(3)])).toEqual([entry(3)]);
    expect(ledger.about('a', 'c', 2)?.reason).toBe('shown');
    ledger.close();
    const again = opened({ path }).ledger;
    expect(again.decide([entry(3), entry(4)])).toEqual([entry(4)]);
    expect(again.decide([entry(1, { conv: 'other' }), entry(1, { account: 'b' })])).toHaveLength(2);
  });

  it('answers for each message of a range, and for none outside of it', () => {
    const { ledger } = opened();
    ledger.decide([entry(9, { from: 5, reason: 'summarised', facts: { messages: 4 } })]);
    for (const n of [5, 7, 9])
      expect(ledger.about('a', 'c', n)).toMatchObject({ reason: 'summarised', from: 5, n: 9, at: NOW });
    for (const n of [4, 10]) expect(ledger.about('a', 'c', n)).toBeNull();
  });

  it('keeps what the desktop answered and how it went away', () => {
    const { ledger } = opened();
    ledger.decide([entry(1), entry(2), entry(3, { reason: 'muted' })]);
    ledger.answered('a', 'c', 1, 'no-service', { message: 'gone' });
    ledger.withdrawn('a', 'c', 3, 'read');
    expect(ledger.about('a', 'c', 1)).toMatchObject({ reason: 'no-service', withdrawn: null });
    expect(ledger.about('a', 'c', 2)).toMatchObject({ withdrawn: { at: NOW, why: 'read' } });
    expect(ledger.about('a', 'c', 3)).toMatchObject({ reason: 'muted', withdrawn: null });
  });

  it('knows an account that it has looked at, even where there was nothing', () => {
    const { ledger, path } = opened();
    expect(ledger.heard('a')).toBeNull();
    ledger.hear('a', []);
    expect(ledger.heard('a')).not.toBeNull();
    ledger.close();
    const again = opened({ path }).ledger;
    expect(again.heard('a')).not.toBeNull();
    again.forget('a');
    expect(again.heard('a')).toBeNull();
  });

  it('is bounded in rows and in age; what it forgets does not ring again', () => {
    let now = NOW;
    const limits = { rows: 100, age: 30 * DAY };
    const { ledger, path } = opened({ now: () => now, limits });
    for (let n = 1; n <= 600; n++) ledger.decide([entry(n)]);
    expect(ledger.size).toBeLessThanOrEqual(200);
    expect(ledger.about('a', 'c', 600)).not.toBeNull();
    for (const later of [1, 31, 32]) {
      now = NOW + later * DAY;
      ledger.decide([entry(600 + later)]);
    }
    ledger.close();
    now = NOW + 33 * DAY;
    const again = opened({ path, now: () => now, limits }).ledger;
    expect([again.about('a', 'c', 600), again.about('a', 'c', 601)?.n]).toEqual([null, 601]);
    expect(again.decide([entry(600)])).toEqual([]);
  });

  it('is not emptied by a clock that is a year ahead for a day, nor when that is set right', () => {
    let now = NOW;
    const { ledger, path } = opened({ now: () => now });
    ledger.decide([entry(1), entry(2)]);
    now = NOW + 366 * DAY;
    for (let n = 3; n < 1_100; n++) ledger.decide([entry(n)]);
    expect(ledger.about('a', 'c', 1)?.reason).toBe('shown');
    ledger.close();
    now = NOW + DAY;
    const again = opened({ path, now: () => now }).ledger;
    again.decide([entry(1_100)]);
    expect([1, 500, 1_100].map((n) => again.about('a', 'c', n)?.n)).toEqual([1, 500, 1_100]);
  });

  it('that is damaged is set aside, and a new one begun', () => {
    const path = join(temporaryFolder(), 'notifications.db');
    writeFileSync(path, 'this is no database, and long enough to be looked at as one'.repeat(100));
    const { ledger, said } = opened({ path });
    expect(ledger.decide([entry(1)])).toHaveLength(1);
    expect(said.join()).toContain('cannot be opened');
    expect(readdirSync(dirname(path)).some((name) => name.includes('.damaged-'))).toBe(true);
  });

  it('that somebody else holds is not set aside as damaged', () => {
    const path = join(temporaryFolder(), 'notifications.db');
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE theirs (n INTEGER); BEGIN EXCLUSIVE;');
    const { ledger, said } = opened({ path });
    expect(said.join()).toContain('locked');
    expect(ledger.decide([entry(1)])).toHaveLength(1);
    other.exec('COMMIT');
    other.close();
    expect(readdirSync(dirname(path)).some((name) => name.includes('.damaged-'))).toBe(false);
    expect(opened({ path }).said).toEqual([]);
  });

  it('works without a disk', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'missing', 'notifications.db');
    const { ledger, said } = opened({ path });
    expect(ledger.decide([entry(1)])).toHaveLength(1);
    expect(ledger.decide([entry(1)])).toHaveLength(0);
    expect(said.length).toBeGreaterThan(0);
    mkdirSync(dirname(path));
  });
});
