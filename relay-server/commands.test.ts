import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { CLAIMS } from './commands/verify.ts';
import { builtRelay } from './testing/built-relay.ts';
import { SERVICE_SECRET } from './testing/fake-api.ts';
import { AB, CREATE, Stage } from './testing/stage.ts';
import { message } from './testing/test-client.ts';

let stage: Stage;
afterEach(() => stage.clear());

function relay(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [builtRelay(), ...args], {
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH ?? '',
      RELAY_DATA_DIR: stage.folder,
      RELAY_API_URL: 'http://127.0.0.1:59998',
      RELAY_SERVICE_SECRET: SERVICE_SECRET,
    },
  });
  return { code: status, out: stdout, err: stderr };
}
const copy = () => join(stage.folder, 'copy.db');

describe('a backup', () => {
  it('I3 I10 is made while the relay runs; restored, every client resyncs and nothing that came later is mixed up', async () => {
    stage = await Stage.set({}, 'ann', 'bob');
    const ann = await stage.device('ann', 'a1');
    await ann.append(AB, [CREATE, message('m1', 'one'), { id: 'r', kind: 'read', n: 1 }]);
    expect(relay('backup', copy())).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+ rows/) });
    expect(relay('backup', copy())).toMatchObject({
      code: 64,
      err: expect.stringContaining('never replaces'),
    });
    // What happened after the backup is lost with the log, and its seqs are not used again.
    await ann.append(
      AB,
      Array.from({ length: 40 }, (_, i) => message(`later${i}`, `later ${i}`)),
    );
    const { cursor } = ann;
    expect(relay('restore', copy())).toMatchObject({
      code: 75,
      err: expect.stringContaining('is held by process'),
    });
    await ann.until('saved', () => ann.saved.some(({ id, state }) => id === 'later39' && state === 'saved'));
    const head = stage.api.progress.seq;
    expect(head).toBeGreaterThan(40);
    await stage.relay.stop();
    expect(relay('restore', copy()).code).toBe(0);
    expect(readdirSync(stage.folder).some((name) => name.startsWith('log.db.before-'))).toBe(true);

    const fast = '10000/10000';
    await stage.boot({ RELAY_RATE_USER: fast, RELAY_RATE_DEVICE: fast, RELAY_RATE_CONVERSATION: fast });
    const bob = await stage.device('bob', 'b1');
    for (let i = 0; i < 1_000; i += 50)
      await bob.append(
        AB,
        Array.from({ length: 50 }, (_, k) => message(`new${i + k}`, `new ${i + k}`)),
      );
    const back = await stage.device('ann', 'a1', { cursor });
    expect(back.welcome.resume).toBe('heads');
    await back.until('the snapshot', () => back.heads.length > 0);
    expect(back.heads[0]!.conversations[0]).toMatchObject({ conv: AB, n: 1_002 });
    // What the sender still has, it sends again: it is new here.
    await back.append(AB, [message('m1', 'one'), message('later7', 'later 7')]);
    expect(back.acked.map(({ id, n }) => [id, n])).toEqual([
      ['m1', 2],
      ['later7', 1_003],
    ]);
    await bob.until('saved', () => bob.saved.some(({ id, state }) => id === 'new999' && state === 'saved'));
    const seqs = stage.api.saved.filter(({ id }) => String(id).startsWith('new')).map(({ seq }) => seq);
    expect(Math.min(...seqs)).toBeGreaterThan(head);
    await stage.relay.stop();
    expect(relay('verify')).toMatchObject({ code: 0, out: expect.stringContaining('"faults":[]') });
  }, 60_000);
});

describe('verify', () => {
  it('looks for each fault in one pass: what it costs grows with the log, and not with its square', async () => {
    stage = await Stage.set({}, 'ann', 'bob');
    await stage.relay.stop();
    const db = new DatabaseSync(join(stage.folder, 'log.db'), { readOnly: true });
    for (const [sql, what] of CLAIMS) {
      const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as unknown as { detail: string }[];
      expect([what, plan.map(({ detail }) => detail).join()]).toEqual([
        what,
        expect.not.stringContaining('CORRELATED'),
      ]);
    }
    db.close();
  });

  const damage: [string, string, string][] = [
    [
      'a changed text',
      "UPDATE log SET body = 'other' WHERE kind = 2 AND n = 3",
      'content is not what was hashed',
    ],
    ['a changed chain', 'UPDATE log SET marks = zeroblob(48) WHERE n = 3', 'does not follow'],
    ['a missing row', 'DELETE FROM log WHERE n = 3', 'missing'],
    ['a lost id', 'DELETE FROM ids WHERE seq = (SELECT seq FROM log WHERE n = 3)', 'without an id'],
    ['a lost register', 'UPDATE log SET gone = 1 WHERE kind = 18', 'registers without their value'],
  ];
  it.each(damage)('finds %s', async (_what, sql, words) => {
    stage = await Stage.set({}, 'ann', 'bob');
    const ann = await stage.device('ann', 'a1');
    await ann.append(AB, [CREATE, message('m1', 'one'), message('m2', 'two'), message('m3', 'three')]);
    await ann.append(AB, [{ id: 'd', kind: 'delete', target: 2 }]);
    await stage.relay.stop();
    expect(relay('verify').code).toBe(0);
    const db = new DatabaseSync(join(stage.folder, 'log.db'));
    db.exec(sql);
    db.close();
    const { code, out } = relay('verify');
    expect([code, out]).toEqual([1, expect.stringContaining(words)]);
    expect(relay('backup', copy()).code).not.toBe(0);
    expect(relay('restore', copy()).code).not.toBe(0);
    expect(existsSync(join(stage.folder, 'log.db'))).toBe(true);
  });
});

describe('doctor', () => {
  it('tells how the log is, and what wants attention', async () => {
    stage = await Stage.set({}, 'ann');
    const { code, out } = relay('doctor');
    expect(code).toBe(1);
    expect(out).toMatch(/^! API {14}http:\/\/127\.0\.0\.1:59998 ECONNREFUSED$/m);
    expect(out).toMatch(/^ {2}process {10}\d+ holds the log$/m);
    expect(out).toMatch(/^ {2}users {12}1$/m);
    expect(relay('dance')).toMatchObject({ code: 64, err: expect.stringContaining('no command dance') });
    for (const words of [['--halp'], ['backup', 'a', 'b'], ['verify', '--quick'], ['doctor', '--json']]) {
      const { code, err } = relay(...words);
      expect([code, err]).toEqual([64, expect.stringContaining('See --help.')]);
    }
    expect(relay('--help').out).toContain('restore FILE');
  });
});
