import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chainLink, contentHash } from '@matchbook/protocol/chain';
import type { Append } from '@matchbook/protocol/entries';
import { directConversationId } from '@matchbook/protocol/ids';
import { DatabaseSync } from '@photostructure/sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commitGroup, copyBack, isFatal, takeGroup } from './group.ts';
import { Log } from './log.ts';
import type { ItemOutcome, LogRequest } from './messages.ts';

/** `npm run test:long` looks further. */
const SCALE = process.env.MATCHBOOK_LONG === '1' ? 10 : 1;

const AB = directConversationId('ann', 'bob');
const create: Append = { id: 'c', kind: 'create', form: 'direct', members: ['ann', 'bob'] };
const say = (id: string, text = id): Append => ({ id, kind: 'message', body: { type: 'text/plain', text } });
const by = (user: string, conv: string, ...items: Append[]): LogRequest => ({
  type: 'append',
  user,
  device: 'd',
  conv,
  items,
});
const profile = (user: string, name = user): LogRequest => ({
  type: 'internal',
  items: [{ id: `p-${user}-${name}`, kind: 'profile', user, name }],
});

let folder: string;
let log: Log;
let time: number;
const open = () =>
  new Log({ path: join(folder, 'log.db'), limits: { bodyBytes: 100, members: 5_000 }, now: () => time });

beforeEach(() => {
  time = 1_000;
  folder = mkdtempSync(join(tmpdir(), 'matchbook-log-'));
  log = open();
  log.commit([profile('ann'), profile('bob'), profile('eve')]);
});
afterEach(() => {
  log.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const outcome = (request: LogRequest): ItemOutcome => log.commit([request]).outcomes[0]![0]!;
const kindOf = (request: LogRequest): string => {
  const one = outcome(request);
  return one.ok ? 'ok' : one.failure.kind;
};

describe('append', () => {
  it('I4 gives dense places, counts messages and links the chain', () => {
    const { committed } = log.commit([by('ann', AB, create, say('1'), say('2'))]);
    expect(committed.map(({ json }) => [JSON.parse(json).n, JSON.parse(json).m])).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
    ]);
    const first = chainLink(
      null,
      'c',
      'create',
      contentHash(AB, { kind: 'create', form: 'direct', members: ['ann', 'bob'] }),
    );
    const body = { type: 'text/plain', text: '1' };
    expect(JSON.parse(committed[0]!.json).h).toBe(first);
    expect(JSON.parse(committed[1]!.json).h).toBe(
      chainLink(first, '1', 'message', contentHash(AB, { kind: 'message', body })),
    );
    expect(committed.map(({ seq }) => seq)).toEqual([5, 6, 7]);
  });

  it('I3 answers a retry as before, also much later, and stores nothing', () => {
    log.commit([by('ann', AB, create)]);
    const first = outcome(by('ann', AB, say('1')));
    log.commit([by('bob', AB, say('2'))]);
    log.close();
    time += 40 * 86_400_000;
    log = open();
    const { committed, outcomes } = log.commit([by('ann', AB, say('1'))]);
    expect(outcomes[0]![0]).toEqual(first);
    expect(committed).toEqual([]);
  });

  it('I3 knows UUIDs and other ids apart, and each sender has ids of their own', () => {
    const uuid = '019307a1-7c5b-7000-8000-00000000000f';
    log.commit([by('ann', AB, create)]);
    const { committed } = log.commit([
      by('ann', AB, say(uuid)),
      by('bob', AB, say(uuid)),
      by('ann', AB, say(uuid.toUpperCase())),
    ]);
    expect(committed.map(({ json }) => JSON.parse(json).id)).toEqual([uuid, uuid, uuid.toUpperCase()]);
    expect(kindOf(by('ann', AB, say(uuid, 'other')))).toBe('id_conflict');
  });

  it('I2 refuses everything that a member may not do', () => {
    expect(kindOf(by('ann', AB, say('0')))).toBe('unknown_conversation');
    expect(kindOf(by('ann', 'x', create))).toBe('invalid_field');
    expect(kindOf(by('eve', AB, create))).toBe('invalid_field');
    expect(kindOf(by('ann', AB, { ...create, members: ['ann', 'ann'] } as Append))).toBe('invalid_field');
    expect(kindOf(by('ann', AB, { ...create, members: ['ann', 'bob', 'eve'] } as Append))).toBe(
      'invalid_field',
    );
    const strange = directConversationId('ann', 'nobody');
    expect(kindOf(by('ann', strange, { ...create, members: ['ann', 'nobody'] } as Append))).toBe(
      'unknown_user',
    );
    const db = new DatabaseSync(join(folder, 'log.db'), { readOnly: true });
    expect(db.prepare("SELECT 1 FROM users WHERE id = 'nobody'").get()).toBeUndefined();
    db.close();
    expect(kindOf(by('ann', AB, create))).toBe('ok');
    expect(kindOf(by('eve', AB, say('1')))).toBe('unknown_conversation');
    expect(kindOf(by('eve', AB, { id: 'r', kind: 'read', n: 1 }))).toBe('unknown_conversation');
    expect(kindOf(by('ann', AB, say('1', 'x'.repeat(101))))).toBe('body_too_large');
    expect(kindOf(by('ann', AB, say('1', 'x'.repeat(100))))).toBe('ok');
  });

  it('keeps time from falling within a conversation', () => {
    log.commit([by('ann', AB, create)]);
    time = 5;
    const one = outcome(by('ann', AB, say('1')));
    expect(one.ok && one.place?.time).toBe(1_000);
  });

  it('I9 lets positions only climb', () => {
    log.commit([by('ann', AB, create, say('1'), say('2'))]);
    const delivered = (n: number) =>
      log.commit([{ type: 'delivered', positions: [{ conv: AB, user: 'bob', n }] }]).committed;
    expect(delivered(2).map(({ json }) => JSON.parse(json))).toEqual([
      { reg: 'delivered', conv: AB, user: 'bob', n: 2, m: 1, time },
    ]);
    expect(delivered(1)).toEqual([]);
    expect(delivered(2)).toEqual([]);
    expect(delivered(9)).toEqual([]);
    expect(delivered(3)).toHaveLength(1);
    expect(
      log.commit([{ type: 'delivered', positions: [{ conv: AB, user: 'eve', n: 1 }] }]).committed,
    ).toEqual([]);
  });
});

describe('the file', () => {
  it('I10 chains a running hash over every row, one row a seq, also where registers were replaced', () => {
    log.commit([by('ann', AB, create, say('1')), profile('ann', 'Anna')]);
    log.commit([
      by('bob', AB, { id: 'r', kind: 'read', n: 1 }),
      by('bob', AB, { id: 's', kind: 'read', n: 2 }),
    ]);
    const { head } = log;
    log.close();
    const db = new DatabaseSync(join(folder, 'log.db'), { readOnly: true });
    const rows = db
      .prepare('SELECT seq, substr(marks, 1, 8) AS r, gone FROM log ORDER BY seq')
      .all() as unknown as {
      seq: number;
      r: Uint8Array;
      gone: number;
    }[];
    db.close();
    log = open();
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: rows.length }, (_, i) => i + 1));
    expect(new Set(rows.map(({ r }) => Buffer.from(r).toString('hex'))).size).toBe(rows.length);
    expect(rows.filter(({ gone }) => gone)).toHaveLength(2);
    expect(log.head).toEqual(head);
    expect(head.running).toBe(Buffer.from(rows.at(-1)!.r).toString('hex'));
  });

  it('I10 begins a new epoch above the given place, and goes on from there', () => {
    const { epoch } = log.head;
    log.commit([{ type: 'epoch', above: 500 }]);
    expect(log.head.seq).toBe(501);
    expect(log.head.epoch).not.toBe(epoch);
    log.close();
    log = open();
    expect(log.head.seq).toBe(501);
    expect(log.folded()).toMatchObject({ epochStart: 501, savedSeq: 0 });
    log.commit([by('ann', AB, create)]);
    expect(log.head.seq).toBe(502);
  });

  it('I13 has a WAL of less than 64 MB, whatever is written', () => {
    log.close();
    const limits = { bodyBytes: 70_000, members: 10 };
    log = new Log({ path: join(folder, 'log.db'), limits, now: () => time });
    log.commit([by('ann', AB, create)]);
    let largest = 0;
    for (let group = 0; group < 25; group++) {
      log.commit([
        by('ann', AB, ...Array.from({ length: 64 }, (_, i) => say(`${group}-${i}`, 'x'.repeat(65_000)))),
      ]);
      log.checkpoint();
      largest = Math.max(largest, statSync(join(folder, 'log.db-wal')).size);
    }
    expect(largest).toBeGreaterThan(1_000_000);
    expect(largest).toBeLessThan(64_000_000);
  }, 60_000);

  it('folds members for those who start from it', () => {
    const self = directConversationId('ann', 'ann');
    log.commit([by('ann', AB, create), by('ann', self, { ...create, id: 'd', members: ['ann'] } as Append)]);
    expect(log.folded().conversations).toEqual([
      [AB, ['ann', 'bob']],
      [self, ['ann']],
    ]);
  });

  it('I1 is not opened where SQLite does not promise what was asked of it', () => {
    const limits = { bodyBytes: 100, members: 2 };
    expect(() => new Log({ path: ':memory:', limits, now: () => 0 })).toThrow(
      'journal_mode = memory; wal is needed',
    );
  });
});

describe('a group', () => {
  it('that fails is tried request by request, and only what fails again is refused', () => {
    log.commit([by('ann', AB, create)]);
    const errors: unknown[] = [];
    const full = Object.assign(new Error('database or disk is full'), { errcode: 13 });
    const poisoned = {
      get head() {
        return log.head;
      },
      commit(requests: readonly LogRequest[]) {
        const result = requests.some((one) => one.type === 'append' && one.items[0]!.id === 'bad');
        if (result) throw full;
        return log.commit(requests);
      },
    };
    const result = commitGroup(
      poisoned,
      [by('ann', AB, say('1')), by('ann', AB, say('bad')), by('ann', AB, say('2'))],
      (error) => errors.push(error),
    );
    expect(result.outcomes.map(([one]) => (one!.ok ? one!.place?.n : one!.failure.kind))).toEqual([
      2,
      'storage_unavailable',
      3,
    ]);
    expect(result.committed.map(({ json }) => JSON.parse(json).id)).toEqual(['1', '2']);
    expect(errors).toEqual([full, full]);
  });

  it('I1 that meets an input or output error is not answered at all', () => {
    const broken = Object.assign(new Error('disk I/O error'), { errcode: 10 | (4 << 8) });
    const failing = {
      head: log.head,
      commit() {
        throw broken;
      },
    };
    expect(() => commitGroup(failing, [by('ann', AB, say('1'))], () => {})).toThrow(broken);
    expect(isFatal(broken)).toBe(true);
    expect(isFatal(Object.assign(new Error(), { errcode: 13 }))).toBe(false);
  });

  it('a disk that is full while the WAL is copied back ends nothing; one that fails does', () => {
    const reported: unknown[] = [];
    const failing = (errcode: number) => ({
      checkpoint: () => {
        throw Object.assign(new Error(), { errcode });
      },
    });
    copyBack(failing(13), (error) => reported.push(error));
    expect(reported).toMatchObject([{ errcode: 13 }]);
    expect(() => copyBack(failing(10), () => {})).toThrow();
  });

  it('leaves the log as it was when it throws in the middle', () => {
    log.commit([by('ann', AB, create)]);
    const before = log.head;
    const impossible = {
      type: 'append',
      user: 'ann',
      device: 'd',
      conv: AB,
      items: [say('1'), null],
    } as unknown as LogRequest;
    expect(() => log.commit([impossible])).toThrow();
    expect(log.head).toEqual(before);
    const one = outcome(by('ann', AB, say('2')));
    expect(one.ok && one.place).toMatchObject({ n: 2, m: 1 });
  });

  it('is what queued, up to its limit, in order, and never empty', () => {
    const of = (...sizes: number[]) =>
      sizes.map((size, ref) => ({
        ref,
        request: by('ann', AB, ...Array.from({ length: size }, (_, i) => say(`${i}`))),
      }));
    const queue = of(64, 64, 64, 64, 1);
    expect(takeGroup(queue, 256).map(({ ref }) => ref)).toEqual([0, 1, 2, 3]);
    expect(takeGroup(queue, 256).map(({ ref }) => ref)).toEqual([4]);
    expect(takeGroup(of(300, 1), 256).map(({ ref }) => ref)).toEqual([0]);
    expect(takeGroup([], 256)).toEqual([]);
  });
});

describe('I1 I3 I4 against a model', () => {
  const users = ['ann', 'bob', 'eve'];
  const command = fc.record({
    user: fc.constantFrom(...users),
    pair: fc.constantFrom<string[]>(['ann', 'bob'], ['ann', 'eve'], ['bob'], ['eve', 'ann']),
    kind: fc.constantFrom('create', 'message', 'message', 'message', 'read'),
    id: fc.integer({ min: 0, max: 8 }).map((i) => `i${i}`),
    text: fc.constantFrom('x', 'y'),
    n: fc.integer({ min: 1, max: 6 }),
    end: fc.constantFrom('same group', 'commit', 'commit', 'restart'),
  });

  it('does what a list in memory would', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        log.close();
        rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
        folder = mkdtempSync(join(tmpdir(), 'matchbook-log-'));
        log = open();
        log.commit(users.map((user) => profile(user)));
        const conversations = new Map<string, { id: string; sender: string; text: string }[]>();
        const members = new Map<string, string[]>();
        const answered = new Map<string, { content: string; n: number }>();
        const reads = new Map<string, number>();
        let queue: LogRequest[] = [];
        let wanted: (number | string)[] = [];
        const flush = () => {
          const given = log
            .commit(queue)
            .outcomes.map(([one]) => (one!.ok ? (one!.place?.n ?? 'read') : one!.failure.kind));
          expect(given).toEqual(wanted);
          queue = [];
          wanted = [];
        };
        for (const { user, pair, kind, id, text, n, end } of commands) {
          const conv = directConversationId(pair[0]!, pair[1] ?? pair[0]!);
          const entries = conversations.get(conv);
          const inside = members.get(conv)?.includes(user) ?? false;
          const key = `${user} ${id}`;
          let expected: number | string;
          let item: Append;
          if (kind === 'read') {
            item = { id, kind, n };
            if (!inside) expected = 'unknown_conversation';
            else if (n > entries!.length) expected = 'unknown_place';
            else {
              expected = 'read';
              reads.set(`${conv} ${user}`, Math.max(n, reads.get(`${conv} ${user}`) ?? 0));
            }
          } else {
            item =
              kind === 'create'
                ? { id, kind, form: 'direct', members: pair }
                : { id, kind: 'message', body: { type: 'text/plain', text } };
            const content = `${conv} ${kind} ${kind === 'create' ? pair.join() : text}`;
            const known = answered.get(key);
            if (known) expected = known.content === content ? known.n : 'id_conflict';
            else if (kind === 'create' && !pair.includes(user)) expected = 'invalid_field';
            else if (kind === 'message' && !inside) expected = 'unknown_conversation';
            else {
              if (kind === 'create' && entries) expected = 1;
              else {
                const list = entries ?? [];
                list.push({ id, sender: user, text: kind === 'create' ? '' : text });
                conversations.set(conv, list);
                if (kind === 'create') members.set(conv, pair);
                expected = list.length;
              }
              answered.set(key, { content, n: expected });
            }
          }
          queue.push(by(user, conv, item));
          wanted.push(expected);
          if (end === 'same group') continue;
          flush();
          if (end === 'restart') {
            log.close();
            log = open();
          }
        }
        if (queue.length > 0) flush();
        const db = new DatabaseSync(join(folder, 'log.db'), { readOnly: true });
        for (const [conv, list] of conversations) {
          const rows = db
            .prepare(
              `SELECT log.n, log.id, users.id AS sender FROM log JOIN conversations ON conversations.key = log.conv
               JOIN users ON users.key = log.sender WHERE conversations.id = ? AND log.n IS NOT NULL ORDER BY log.seq`,
            )
            .all(conv) as unknown as { n: number; id: string; sender: string }[];
          expect(rows.map((row) => [row.n, row.id, row.sender])).toEqual(
            list.map((one, i) => [i + 1, one.id, one.sender]),
          );
        }
        const positions = db.prepare('SELECT count(*) AS count FROM registers WHERE kind = 17').get() as {
          count: number;
        };
        expect(positions.count).toBe(reads.size);
        db.close();
      }),
      { numRuns: 60 * SCALE },
    );
  }, 60_000);
});
