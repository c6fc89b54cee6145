import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { directConversationId } from '@matchbook/protocol/ids';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyLog } from '../commands/verify.ts';
import { LogReader } from '../reader/log-reader.ts';
import { Log } from './log.ts';

const AB = directConversationId('ann', 'bob');
let folder: string;
let path: string;

/** A log that the first version of the relay wrote: a conversation of 151 entries, its creation tried twice, positions, a dead letter. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'matchbook-format-'));
  path = join(folder, 'log.db');
  writeFileSync(path, gunzipSync(readFileSync(join(import.meta.dirname, '../testing/format-1.db.gz'))));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const open = () => new Log({ path, limits: { bodyBytes: 1_000, members: 10 }, now: () => 1_700_000_000_001 });
const say = (id: string, words: string) => ({
  id,
  kind: 'message' as const,
  body: { type: 'text/plain', text: words },
});

describe('a log of format 1', () => {
  it('I1 I3 I10 goes on where it was: head, epoch, places, retries, registers', () => {
    for (let start = 0; start < 2; start++) {
      const log = open();
      if (start === 0)
        expect(log.head).toEqual({ epoch: '4adf8b5a0c353dd1', seq: 157, running: 'dd4d4d288b4f0f8e' });
      expect(log.folded()).toMatchObject({ savedSeq: 50, conversations: [[AB, ['ann', 'bob']]] });
      const { outcomes } = log.commit([
        {
          type: 'append',
          user: 'bob',
          device: 'd',
          conv: AB,
          items: [say('m8', 'message 8'), say('m10', 'other')],
        },
        {
          type: 'append',
          user: 'ann',
          device: 'd',
          conv: AB,
          items: [say('019307a1-7c5b-7000-8000-00000000000f', 'message 7'), say('new', 'after')],
        },
        {
          type: 'append',
          user: 'bob',
          device: 'd',
          conv: AB,
          items: [{ id: 'c2', kind: 'create', form: 'direct', members: ['bob', 'ann'] }],
        },
      ]);
      expect(outcomes.flat().map((one) => (one.ok ? one.place?.n : one.failure.kind))).toEqual([
        10,
        'id_conflict',
        9,
        152,
        1,
      ]);
      log.close();
    }
    expect(verifyLog(path)).toMatchObject({ entries: 152, conversations: 1, faults: [] });
    const reader = new LogReader(path);
    const page = reader.answer({ type: 'page', user: 'bob', conv: AB, from: 5, to: 60 });
    const items = page.ok ? page.items.map((one) => JSON.parse(one) as { n: number; body: object }) : [];
    expect(items.map(({ n }) => n)).toEqual(Array.from({ length: 56 }, (_, i) => 5 + i));
    expect(items[6]!.body).toEqual({ type: 'image/png', data: 'AAEC' });
    const registers = reader
      .answer({ type: 'heads', user: 'ann' })
      .registers.map((one) => JSON.parse(one) as object);
    expect(registers).toContainEqual(expect.objectContaining({ reg: 'read', user: 'bob', n: 100, m: 99 }));
    expect(registers).toContainEqual(expect.objectContaining({ reg: 'delivered', user: 'bob', n: 120 }));
    expect(reader.answer({ type: 'status', user: 'ann', ids: ['m7'], saved: 50, delayed: 0 })).toMatchObject([
      { state: 'unknown' },
    ]);
    reader.close();
  });

  it('is left as it was where it comes from a version that is not known', () => {
    const db = new DatabaseSync(path);
    db.exec("UPDATE meta SET value = 99 WHERE key = 'format'");
    db.close();
    expect(open).toThrow('The log has format 99; this relay reads 2.');
  });
});
