/** History folded equals the log replayed, in whatever order its pieces come. */
import type { Folded } from '@matchbook/protocol/bridge/views';
import type { Body } from '@matchbook/protocol/entries';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { entries, frame, type Logged, ME, TestLog } from '../testing/log.ts';
import { ACCOUNT, TestStore } from '../testing/store.ts';

const SCALE = process.env.MATCHBOOK_LONG === '1' ? 10 : 1;
const account = ACCOUNT;
const conv = 'group-1';
const PEOPLE = [ME, 'ann', 'bob'];
const text = (said: string): Body => ({ type: 'text/plain', text: said });

type Op = { do: string; who: number; at: number; said: number };
const op: fc.Arbitrary<Op> = fc.record({
  do: fc.constantFrom(
    'message',
    'message',
    'edit',
    'edit',
    'delete',
    'reaction',
    'reaction',
    'unreact',
    'pin',
    'unpin',
    'rename',
    'add',
    'remove',
    'leave',
    'role',
  ),
  who: fc.nat(2),
  at: fc.nat(30),
  said: fc.nat(4),
});
/** How it comes: frames with jumps, pages of any part, a snapshot, all of it more than once. */
type Step =
  | { do: 'frame'; length: number; skip: number; again: number }
  | { do: 'page'; from: number; length: number }
  | { do: 'heads' | 'crash' };
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('frame' as const),
      length: fc.integer({ min: 1, max: 9 }),
      skip: fc.oneof(fc.constant(0), fc.nat(6)),
      again: fc.nat(5),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('page' as const),
      from: fc.nat(40),
      length: fc.integer({ min: 1, max: 12 }),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom({ do: 'heads' as const }, { do: 'crash' as const }) },
);

/** What a person sees of the log, replayed in its order: the model. */
class Replayed {
  readonly lines: { n: number; kind: string; body: Body | null; folded: Folded | null }[] = [];
  readonly members = new Map<string, string>();
  name: string | null = null;
  /** Of the viewer, both inclusive. */
  readonly ranges: [number, number][] = [];

  constructor(log: TestLog) {
    for (const entry of log.entries) this.#take(entry);
    const first = this.ranges[0]?.[0] ?? 0;
    this.lines = this.lines.filter(({ n }) => this.sees(n) && n >= first);
  }

  sees(n: number): boolean {
    return this.ranges.some(([from, to]) => n >= from && n <= to);
  }

  #take(entry: Logged): void {
    const { n, time, sender } = entry;
    switch (entry.kind) {
      case 'create':
        for (const user of entry.members) this.#join(user, n, user === sender ? 'owner' : 'member');
        break;
      case 'member_add':
        for (const user of entry.users) this.#join(user, n, 'member');
        break;
      case 'member_role':
        this.members.set(entry.user, entry.role);
        break;
      case 'rename':
        if (this.sees(n)) this.name = 'text' in entry.body ? entry.body.text : null;
    }
    if ('target' in entry) {
      const line = this.lines.find((one) => one.n === entry.target);
      // Both must be visible.
      if (line && this.sees(n) && this.sees(entry.target)) {
        line.folded ??= { first: line.body, edits: [], reactions: [], pinned: false, deleted: null };
        const fold = line.folded;
        if (entry.kind === 'edit' && entry.body) fold.edits.push({ n, time, body: entry.body });
        if (entry.kind === 'pin') fold.pinned = !entry.off;
        if (entry.kind === 'delete') {
          fold.deleted = { n, time, by: sender };
          fold.edits = [];
        }
        if (entry.kind === 'reaction' && entry.body) {
          const key = JSON.stringify(entry.body);
          fold.reactions = fold.reactions.filter(
            (one) => one.by !== sender || JSON.stringify(one.body) !== key,
          );
          if (!entry.off) fold.reactions.push({ n, by: sender, body: entry.body });
        }
        line.body = fold.deleted ? null : (fold.edits.at(-1)?.body ?? fold.first);
      }
    } else
      this.lines.push({ n, kind: entry.kind, body: ('body' in entry && entry.body) || null, folded: null });
    if (entry.kind === 'member_remove' || entry.kind === 'member_leave')
      this.#leave(entry.kind === 'member_leave' ? sender : entry.user, n);
  }
  #join(user: string, n: number, role: string): void {
    if (this.members.has(user)) return;
    this.members.set(user, role);
    if (user === ME) this.ranges.push([n, Number.MAX_SAFE_INTEGER]);
  }
  #leave(user: string, n: number): void {
    this.members.delete(user);
    if (user === ME) this.ranges.at(-1)![1] = n;
  }
}

/** A log that a relay would have taken. */
function written(ops: readonly Op[]): TestLog {
  const log = new TestLog(conv);
  log.create('ann', 'create', PEOPLE, 'group');
  const inside = new Set(PEOPLE);
  for (const [i, { do: what, who, at, said }] of ops.entries()) {
    const sender = PEOPLE[who]!;
    const id = `e${i}`;
    const messages = log.entries.filter((entry) => entry.kind === 'message');
    const target = messages[at % Math.max(1, messages.length)];
    const erased = target && !('body' in target && target.body);
    if (what === 'add') {
      if (!inside.has(sender)) {
        log.say('ann', id, { kind: 'member_add', users: [sender] });
        inside.add(sender);
      }
      continue;
    }
    if (!inside.has(sender)) continue;
    if (what === 'message') log.message(sender, id, `text ${said}`);
    else if (what === 'rename') log.say(sender, id, { kind: 'rename', body: text(`name ${said}`) });
    else if (what === 'role' && sender !== 'ann')
      log.say('ann', id, { kind: 'member_role', user: sender, role: said % 2 ? 'admin' : 'member' });
    else if ((what === 'remove' || what === 'leave') && sender !== 'ann') {
      if (what === 'leave') log.say(sender, id, { kind: 'member_leave' });
      else log.say('ann', id, { kind: 'member_remove', user: sender });
      inside.delete(sender);
    } else if (target && !erased) {
      const off = what.startsWith('un') ? { off: true as const } : {};
      if (what === 'edit')
        log.say(target.sender, id, { kind: 'edit', target: target.n, body: text(`edited ${said}`) });
      if (what === 'delete') log.say(sender, id, { kind: 'delete', target: target.n });
      if (what.endsWith('react') || what === 'reaction')
        log.say(sender, id, {
          kind: 'reaction',
          target: target.n,
          body: text('👍❤️🎉🙈😀'.slice(0, 2 * (1 + (said % 2)))),
          ...off,
        });
      if (what.endsWith('pin')) log.say(sender, id, { kind: 'pin', target: target.n, ...off });
    }
  }
  return log;
}

it(
  'history folded is the log replayed, in any order of frames, pages, snapshots and repeats (I4, I6)',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(op, { minLength: 3, maxLength: 40 }),
        fc.array(step, { maxLength: 14 }),
        async (ops, steps) => {
          const log = written(ops);
          const model = new Replayed(log);
          const at = new TestStore();
          try {
            await at.open();
            await deliver(at, log, model, steps);
            const { rows } = await at.store.timelinePage({ account, conv, limit: 1_000 });
            expect(
              rows
                .filter(({ kind }) => kind !== 'hidden')
                .map(({ n, kind, body, folded }) => ({ n, kind, body, folded: folded ?? null })),
            ).toEqual(model.lines);
            const [listed] = await at.store.listConversations(account);
            const inside = model.members.has(ME);
            expect(listed).toMatchObject({ form: 'group', member: inside, name: model.name });
            // Who went while one was away, the log does not tell somebody who came back; a snapshot does.
            if (inside && (model.ranges.length === 1 || steps.some((one) => one.do === 'heads'))) {
              expect(listed!.members.map(({ user }) => user)).toEqual([...model.members.keys()].sort());
              expect(listed!.role).toBe(model.members.get(ME));
            }
          } finally {
            await at.dispose();
          }
        },
      ),
      { numRuns: 25 * SCALE },
    );
  },
  120_000 * SCALE,
);

async function deliver(at: TestStore, log: TestLog, model: Replayed, steps: readonly Step[]): Promise<void> {
  const size = log.entries.length;
  const shown = (n: number): object => {
    const entry = log.at(n);
    return 'target' in entry && !model.sees(entry.target) ? log.hidden(n) : entry;
  };
  const visible = (from: number, to: number) => {
    const places = [];
    for (let n = Math.max(1, from); n <= Math.min(size, to); n++) if (model.sees(n)) places.push(n);
    return places;
  };
  const pageOf = (from: number, to: number) => {
    const items = visible(from, to).map(shown);
    return at.store.storeFrame({ account, raw: frame({ t: 'page', ref: 1, conv, from, to, items }) });
  };
  const last = visible(1, size).at(-1)!;
  const heads = () => {
    const now = log.at(last);
    // As the relay's snapshot: who came or went after one's own last place is none of one's business.
    const members = [];
    const stays = new Map<string, { user: string; since: number; until?: number; role: string }>();
    for (const entry of log.entries.slice(0, last)) {
      const join = (user: string, role: string) => {
        if (!stays.has(user)) stays.set(user, { user, since: entry.n, role });
      };
      if (entry.kind === 'create')
        for (const user of entry.members) join(user, user === entry.sender ? 'owner' : 'member');
      if (entry.kind === 'member_add') for (const user of entry.users) join(user, 'member');
      if (entry.kind === 'member_role') stays.get(entry.user)!.role = entry.role;
      if (entry.kind === 'member_remove' || entry.kind === 'member_leave') {
        const gone = entry.kind === 'member_leave' ? entry.sender : entry.user;
        members.push({ ...stays.get(gone)!, until: entry.n + 1 });
        stays.delete(gone);
      }
    }
    members.push(...stays.values());
    const ranges = model.ranges.map(([from, to]) => [from, Math.min(to, last)]);
    const head = { conv, form: 'group', members, ranges, n: last, m: now.m, h: now.h, time: now.time };
    return at.store.storeFrame({
      account,
      raw: frame({ t: 'heads', conversations: [head], registers: [], upTo: log.cursor(size) }),
    });
  };
  let upTo = 0;
  for (const todo of steps) {
    if (todo.do === 'crash') await at.crash();
    else if (todo.do === 'heads') {
      await heads();
      upTo = size;
    } else if (todo.do === 'page') await pageOf(1 + (todo.from % size), 1 + (todo.from % size) + todo.length);
    else if (todo.do === 'frame') {
      const from = Math.min(size, upTo + 1 + todo.skip);
      const to = Math.min(size, from + todo.length);
      const places = visible(Math.max(1, from - (todo.skip > 0 ? 0 : todo.again)), to);
      await at.store.storeFrame({ account, raw: entries(places.map(shown), log.cursor(to)) });
      upTo = Math.max(upTo, to);
    }
  }
  if (upTo < size)
    await at.store.storeFrame({
      account,
      raw: entries(visible(upTo + 1, size).map(shown), log.cursor(size)),
    });
  await pageOf(1, size);
}
