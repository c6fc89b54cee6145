import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chainLink, contentHash, contentOf } from '@matchbook/protocol/chain';
import type { Append, AppendEntry } from '@matchbook/protocol/entries';
import { directConversationId } from '@matchbook/protocol/ids';
import { LIMITS } from '@matchbook/protocol/limits';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogReader } from './reader/log-reader.ts';
import { Log } from './sequencer/log.ts';
import type { ItemOutcome, LogRequest } from './sequencer/messages.ts';

const AB = directConversationId('ann', 'bob');
const text = (words: string) => ({ body: { type: 'text/plain', text: words } });
let folder: string;
let log: Log;
let time: number;

const open = () =>
  new Log({ path: join(folder, 'log.db'), limits: { bodyBytes: 100, members: 5 }, now: () => time });
const commit = (...requests: LogRequest[]) => log.commit(requests);
let ids = 0;
/** One append of a user; `ok` with its place, or the kind of the refusal. */
function by(user: string, conv: string, item: Omit<Append, 'id'> | object, id = `i${ids++}`): ItemOutcome {
  const request = { type: 'append', user, device: 'd', conv, items: [{ id, ...item } as Append] } as const;
  return commit({ ...request, items: [...request.items] }).outcomes[0]![0]!;
}
const said = (one: ItemOutcome) =>
  one.ok ? (one.place?.n ?? 'ok') : `${one.failure.kind} ${one.failure.field}`;

beforeEach(() => {
  time = 1_000;
  folder = mkdtempSync(join(tmpdir(), 'matchbook-kinds-'));
  log = open();
  const profiles = ['ann', 'bob', 'eve', 'max', 'joe', 'zoe'].map((user) => ({
    id: `p-${user}`,
    kind: 'profile' as const,
    user,
    name: user,
  }));
  commit({ type: 'internal', items: profiles });
});
afterEach(() => {
  log.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** What a user's device gets that starts from nothing. */
function seenBy(user: string): Record<string, unknown>[] {
  const reader = new LogReader(join(folder, 'log.db'));
  const after = { seq: 0, running: '0'.repeat(16), past: 0 };
  const { items } = reader.answer({ type: 'walk', user, after, entries: 10_000, bytes: 1e9 });
  reader.close();
  return items.map(({ json }) => JSON.parse(json) as Record<string, unknown>);
}
const entriesOf = (user: string, conv: string) =>
  seenBy(user).filter((item) => item.conv === conv && 'n' in item && 'h' in item);

function group(): void {
  expect(said(by('ann', 'g', { kind: 'create', form: 'group', members: ['ann', 'bob', 'eve'] }))).toBe(1);
}

describe('I2 groups', () => {
  it('have an owner, who gives roles; the last one cannot go', () => {
    group();
    expect(said(by('bob', 'g', { kind: 'member_role', user: 'eve', role: 'admin' }))).toBe(
      'not_allowed kind',
    );
    expect(said(by('ann', 'g', { kind: 'member_role', user: 'ann', role: 'member' }))).toBe(
      'not_allowed role',
    );
    expect(said(by('ann', 'g', { kind: 'member_leave' }))).toBe('not_allowed kind');
    expect(said(by('ann', 'g', { kind: 'member_role', user: 'bob', role: 'admin' }))).toBe(2);
    expect(said(by('bob', 'g', { kind: 'member_role', user: 'bob', role: 'owner' }))).toBe(
      'not_allowed kind',
    );
    expect(said(by('ann', 'g', { kind: 'member_role', user: 'bob', role: 'owner' }))).toBe(3);
    expect(said(by('ann', 'g', { kind: 'member_leave' }))).toBe(4);
    expect(said(by('ann', 'g', { kind: 'message', ...text('x') }))).toBe('not_member conv');
  });

  it('take and lose members by their stewards, within the limit', () => {
    group();
    expect(said(by('bob', 'g', { kind: 'member_add', users: ['max'] }))).toBe('not_allowed kind');
    expect(said(by('ann', 'g', { kind: 'member_add', users: ['bob'] }))).toBe('invalid_field users');
    expect(said(by('ann', 'g', { kind: 'member_add', users: ['nobody'] }))).toBe('unknown_user users');
    expect(said(by('ann', 'g', { kind: 'member_add', users: ['max', 'max'] }))).toBe('invalid_field users');
    expect(said(by('ann', 'g', { kind: 'member_add', users: ['max', 'joe', 'zoe'] }))).toBe(
      'invalid_field users',
    );
    expect(said(by('ann', 'g', { kind: 'member_add', users: ['max'] }))).toBe(2);
    expect(said(by('max', 'g', { kind: 'member_remove', user: 'bob' }))).toBe('not_allowed kind');
    by('ann', 'g', { kind: 'member_role', user: 'max', role: 'admin' });
    expect(said(by('max', 'g', { kind: 'member_remove', user: 'ann' }))).toBe('not_allowed user');
    expect(said(by('max', 'g', { kind: 'member_remove', user: 'max' }))).toBe('invalid_field user');
    expect(said(by('max', 'g', { kind: 'member_remove', user: 'joe' }))).toBe('unknown_user user');
    expect(said(by('max', 'g', { kind: 'member_remove', user: 'bob' }))).toBe(4);
    expect(said(by('eve', 'g', { kind: 'create', form: 'group', members: ['eve'] }))).toBe(
      'id_conflict conv',
    );
  });

  it('are named and pictured by their stewards, never empty and never too long', () => {
    group();
    expect(said(by('bob', 'g', { kind: 'rename', ...text('X') }))).toBe('not_allowed kind');
    expect(said(by('ann', 'g', { kind: 'rename', ...text('  ') }))).toBe('invalid_field body.text');
    for (const name of ['\u200b', '\u3164', 'a\nb', 'a\u202eb', '\u2066a', `Z${'\u0300'.repeat(9)}`])
      expect(said(by('ann', 'g', { kind: 'rename', ...text(name) }))).toBe('invalid_field body.text');
    expect(said(by('ann', 'g', { kind: 'rename', ...text('x'.repeat(401)) }))).toBe('body_too_large body');
    expect(said(by('ann', 'g', { kind: 'rename', ...text('The group') }))).toBe(2);
    expect(said(by('ann', 'g', { kind: 'picture', body: { type: 'text/uri-list', text: 'file:1' } }))).toBe(
      3,
    );
    expect(said(by('ann', 'g', { kind: 'picture' }))).toBe(4);
    expect(said(by('ann', 'g', { kind: 'settings', body: { type: 'application/json', text: '{}' } }))).toBe(
      5,
    );
    expect(entriesOf('bob', 'g').map(({ kind }) => kind)).toEqual([
      'create',
      'rename',
      'picture',
      'picture',
      'settings',
    ]);
  });

  it('I6 are seen from joining to leaving, with the entry that says so; what is about other places is hidden', () => {
    group();
    by('ann', 'g', { kind: 'message', ...text('before') });
    by('ann', 'g', { kind: 'member_add', users: ['max'] });
    const { committed } = commit({
      type: 'append',
      user: 'bob',
      device: 'd',
      conv: 'g',
      items: [{ id: 'r', kind: 'reaction', target: 2, ...text('+1') }],
    });
    expect(committed[0]!.hiddenFrom).toEqual(['max']);
    expect(said(by('max', 'g', { kind: 'reaction', target: 2, ...text('?') }))).toBe('unknown_place target');
    by('ann', 'g', { kind: 'member_remove', user: 'bob' });
    by('ann', 'g', { kind: 'message', ...text('after') });
    expect(entriesOf('max', 'g').map(({ n, kind, hidden }) => [n, kind ?? hidden])).toEqual([
      [3, 'member_add'],
      [4, true],
      [5, 'member_remove'],
      [6, 'message'],
    ]);
    expect(entriesOf('bob', 'g').map(({ n }) => n)).toEqual([1, 2, 3, 4, 5]);
    expect(JSON.stringify(seenBy('max'))).not.toContain('before');
    expect(JSON.stringify(seenBy('bob'))).not.toContain('after');
    const reader = new LogReader(join(folder, 'log.db'));
    const { conversations } = reader.answer({ type: 'heads', user: 'bob' });
    expect(JSON.parse(conversations[0]!)).toMatchObject({ conv: 'g', n: 5, ranges: [[1, 5]] });
    const page = (to: number) => reader.answer({ type: 'page', user: 'bob', conv: 'g', from: 1, to });
    expect(page(5)).toMatchObject({ ok: true, from: 1 });
    expect(page(6)).toMatchObject({ ok: false, failure: { kind: 'unknown_place' } });
    reader.close();
    // Somebody who comes again sees both of their stays.
    by('ann', 'g', { kind: 'member_add', users: ['bob'] });
    expect(entriesOf('bob', 'g').map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 7]);
  });

  it('members who are not in a direct conversation cannot be made', () => {
    by('ann', AB, { kind: 'create', form: 'direct', members: ['ann', 'bob'] });
    expect(said(by('ann', AB, { kind: 'member_add', users: ['eve'] }))).toBe('not_allowed kind');
    expect(said(by('ann', AB, { kind: 'rename', ...text('x') }))).toBe('not_allowed kind');
    expect(said(by('ann', AB, { kind: 'settings', ...text('x') }))).toBe(2);
  });
});

describe('I2 entries about entries', () => {
  beforeEach(() => {
    group();
    by('bob', 'g', { kind: 'message', ...text('one') });
  });

  it('edit one’s own message only, and no other thing', () => {
    expect(said(by('ann', 'g', { kind: 'edit', target: 2, ...text('x') }))).toBe('not_allowed target');
    expect(said(by('bob', 'g', { kind: 'edit', target: 1, ...text('x') }))).toBe('unknown_place target');
    expect(said(by('bob', 'g', { kind: 'edit', target: 9, ...text('x') }))).toBe('unknown_place target');
    expect(said(by('bob', 'g', { kind: 'edit', target: 2, ...text('two') }))).toBe(3);
    expect(said(by('bob', 'g', { kind: 'edit', target: 3, ...text('x') }))).toBe('unknown_place target');
  });

  it('a delete erases the message and its edits in the log, and is for authors and stewards', () => {
    by('bob', 'g', { kind: 'edit', target: 2, ...text('secret two') });
    expect(said(by('eve', 'g', { kind: 'delete', target: 2 }))).toBe('not_allowed target');
    expect(said(by('ann', 'g', { kind: 'delete', target: 2 }))).toBe(4);
    expect(said(by('bob', 'g', { kind: 'delete', target: 2 }))).toBe('unknown_place target');
    expect(said(by('bob', 'g', { kind: 'edit', target: 2, ...text('x') }))).toBe('unknown_place target');
    const items = entriesOf('eve', 'g');
    expect(items[1]).toMatchObject({ kind: 'message', hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(items[1]).not.toHaveProperty('body');
    expect(JSON.stringify(items)).not.toContain('secret');
    // The chain still holds: what was erased brings its hash.
    const hash = Buffer.from(items[1]!.hash as string, 'hex');
    expect(chainLink(items[0]!.h as string, items[1]!.id as string, 'message', hash)).toBe(items[1]!.h);
    // And a retry of the erased message is still known.
    expect(said(by('bob', 'g', { kind: 'message', ...text('one') }, items[1]!.id as string))).toBe(2);
    expect(said(by('bob', 'g', { kind: 'message', ...text('ONE') }, items[1]!.id as string))).toBe(
      'id_conflict id',
    );
  });

  it('reactions are short, come and go', () => {
    expect(said(by('ann', 'g', { kind: 'reaction', target: 2, ...text('👍') }))).toBe(3);
    expect(said(by('ann', 'g', { kind: 'reaction', target: 2, off: true, ...text('👍') }))).toBe(4);
    expect(said(by('ann', 'g', { kind: 'reaction', target: 2, ...text('x'.repeat(65)) }))).toBe(
      'body_too_large body',
    );
    expect(entriesOf('bob', 'g').slice(2)).toMatchObject([
      { kind: 'reaction', target: 2 },
      { kind: 'reaction', target: 2, off: true },
    ]);
  });

  it('I4 chain whatever their kind, as any client computes it', () => {
    by('eve', 'g', { kind: 'message', silent: true, ...text('psst') });
    by('eve', 'g', { kind: 'pin', target: 2 });
    by('eve', 'g', { kind: 'pin', target: 2, off: true });
    by('ann', 'g', { kind: 'member_add', users: ['max'] });
    by('ann', 'g', { kind: 'member_role', user: 'max', role: 'admin' });
    by('max', 'g', { kind: 'member_leave' });
    by('eve', 'g', { kind: 'message', body: { type: 'image/png', data: 'AAEC' } });
    let h: string | null = null;
    for (const item of entriesOf('bob', 'g')) {
      const content = contentOf(item as unknown as AppendEntry)!;
      h = chainLink(h, item.id as string, item.kind as string, contentHash('g', content));
      expect(item.h).toBe(h);
    }
  });
});

describe('blocks', () => {
  it('keep messages of a direct conversation out, edits and reactions too, and let them in again', () => {
    by('ann', AB, { kind: 'create', form: 'direct', members: ['ann', 'bob'] });
    by('bob', AB, { kind: 'message', ...text('one') });
    expect(said(by('ann', 'g', { kind: 'block', of: 'bob', value: 1 }))).toBe('invalid_field conv');
    expect(said(by('ann', AB, { kind: 'block', of: 'bob', value: 1 }))).toBe('ok');
    expect(said(by('bob', AB, { kind: 'message', ...text('x') }))).toBe('blocked conv');
    expect(said(by('bob', AB, { kind: 'edit', target: 2, ...text('x') }))).toBe('blocked conv');
    expect(said(by('ann', AB, { kind: 'message', ...text('two') }))).toBe(3);
    by('ann', AB, { kind: 'block', of: 'bob', value: 0 });
    expect(said(by('bob', AB, { kind: 'message', ...text('three') }))).toBe(4);
    expect(JSON.stringify(seenBy('bob'))).not.toContain('"block"');
  });

  it('keep pins and settings of a direct conversation out, and who is blocked brings nobody into a group; who asks to come comes', () => {
    by('ann', AB, { kind: 'create', form: 'direct', members: ['ann', 'bob'] });
    by('bob', AB, { kind: 'message', ...text('one') });
    by('ann', AB, { kind: 'block', of: 'bob', value: 1 });
    expect(said(by('bob', AB, { kind: 'pin', target: 2 }))).toBe('blocked conv');
    expect(said(by('bob', AB, { kind: 'settings', ...text('{}') }))).toBe('blocked conv');
    expect(said(by('bob', AB, { kind: 'delete', target: 2 }))).toBe(3);
    const create = (members: string[]) => by('bob', 'mine', { kind: 'create', form: 'group', members });
    expect(said(create(['bob', 'max', 'ann']))).toBe('blocked members.2');
    expect(said(create(['bob', 'max']))).toBe(1);
    expect(said(by('bob', 'mine', { kind: 'member_add', users: ['joe', 'ann'] }))).toBe('blocked users.1');
    const redeemed = { id: 'r1', kind: 'member_add' as const, sender: 'bob', conv: 'mine', users: ['ann'] };
    expect(said(commit({ type: 'internal', items: [redeemed] }).outcomes[0]![0]!)).toBe(2);
    // Said by who came, not by who made the invitation; and once.
    expect(entriesOf('max', 'mine').at(-1)).toMatchObject({ sender: 'ann', users: ['ann'] });
    expect(said(commit({ type: 'internal', items: [redeemed] }).outcomes[0]![0]!)).toBe(2);
    expect(log.folded().blocks).toEqual([['ann', 'bob']]);
    by('ann', AB, { kind: 'block', of: 'bob', value: 0 });
    expect(log.folded().blocks).toEqual([]);
  });
});

describe('blocks before there is a conversation', () => {
  const direct = { kind: 'create', form: 'direct', members: ['ann', 'bob'] };

  it('let who is blocked open none; who blocks may, and who was invited', () => {
    by('ann', AB, { kind: 'block', of: 'bob', value: 1 });
    expect(said(by('bob', AB, direct))).toBe('blocked members.0');
    expect(seenBy('ann').filter((item) => 'n' in item)).toEqual([]);
    expect(said(by('ann', AB, direct))).toBe(1);
    // It is there: that is all it says.
    expect(said(by('bob', AB, direct))).toBe(1);
  });

  it('an invitation is worth more than a block', () => {
    by('ann', AB, { kind: 'block', of: 'bob', value: 1 });
    const joining = { id: 'r1', sender: 'bob', conv: AB, ...direct, form: 'direct' as const };
    const { outcomes } = commit({ type: 'internal', items: [{ ...joining, kind: 'create' as const }] });
    expect(said(outcomes[0]![0]!)).toBe(1);
  });
});

describe('registers of one’s own', () => {
  beforeEach(() => {
    by('ann', AB, { kind: 'create', form: 'direct', members: ['ann', 'bob'] });
    by('ann', AB, { kind: 'message', ...text('one') });
  });

  it('I6 reach their owner alone, the latest value only, with a version', () => {
    by('ann', AB, { kind: 'draft', ...text('beg') });
    by('ann', AB, { kind: 'draft', ...text('begun') });
    by('ann', AB, { kind: 'mute', value: 99 });
    by('ann', AB, { kind: 'pinned', value: 3 });
    by('ann', AB, { kind: 'archived', value: 1 });
    by('ann', AB, { kind: 'unread', value: 2 });
    by('ann', AB, { kind: 'deleted_for_me', target: 2, value: 1 });
    by('ann', AB, { kind: 'saved', target: 2, value: 1 });
    const own = (user: string) => seenBy(user).filter((item) => 'v' in item);
    expect(own('ann')).toEqual([
      { reg: 'draft', conv: AB, user: 'ann', time, v: 2, ...text('begun') },
      { reg: 'mute', conv: AB, user: 'ann', time, v: 1, value: 99 },
      { reg: 'pinned', conv: AB, user: 'ann', time, v: 1, value: 3 },
      { reg: 'archived', conv: AB, user: 'ann', time, v: 1, value: 1 },
      { reg: 'unread', conv: AB, user: 'ann', time, v: 1, value: 2 },
      { reg: 'deleted_for_me', conv: AB, user: 'ann', time, v: 1, target: 2, value: 1 },
      { reg: 'saved', conv: AB, user: 'ann', time, v: 1, target: 2, value: 1 },
    ]);
    expect(own('bob')).toEqual([]);
    expect(said(by('eve', AB, { kind: 'draft', ...text('x') }))).toBe('unknown_conversation conv');
    expect(said(by('ann', AB, { kind: 'saved', target: 9, value: 1 }))).toBe('unknown_place target');
    expect(said(by('ann', AB, { kind: 'unread', value: 9 }))).toBe('unknown_place value');
    expect(said(by('ann', AB, { kind: 'unread', value: 0 }))).toBe('ok');
  });

  it('a version that is not the present one is a conflict, which brings what is there; a repeat is none', () => {
    const first = time;
    for (let i = 0; i < 2; i++, time += 7)
      expect(by('ann', AB, { kind: 'draft', replaces: 0, ...text('here') }, 'd1')).toEqual({
        ...{ ok: true, id: 'd1', register: { v: 1, time: first } },
      });
    const conflict = by('ann', AB, { kind: 'draft', replaces: 0, ...text('there') });
    expect(conflict).toMatchObject({ ok: false, failure: { kind: 'conflict' } });
    expect(JSON.parse((conflict as { present: string }).present)).toMatchObject({ v: 1, ...text('here') });
    expect(said(by('ann', AB, { kind: 'draft', replaces: 1 }))).toBe('ok');
    expect(seenBy('ann').find(({ reg }) => reg === 'draft')).toEqual({
      reg: 'draft',
      conv: AB,
      user: 'ann',
      time,
      v: 2,
    });
  });
});

describe('trim', () => {
  it('gives up what is old and saved: places, order, retries and later deletes still hold', () => {
    by('ann', AB, { kind: 'create', form: 'direct', members: ['ann', 'bob'] });
    for (let i = 0; i < 10; i++) by('ann', AB, { kind: 'message', ...text(`old ${i}`) }, `old${i}`);
    by('bob', AB, { kind: 'read', n: 4 });
    time = 1_000_000;
    by('ann', AB, { kind: 'message', ...text('young') });
    const last = log.head.seq;
    const reader = new LogReader(join(folder, 'log.db'));
    const trimTo = (saved: number) =>
      commit({ type: 'saved', seq: saved, dead: [] }, { type: 'trim', before: 500_000, entries: 1_000 });
    const page = (from: number, to: number) =>
      reader.answer({ type: 'page', user: 'bob', conv: AB, from, to });
    trimTo(0);
    expect(page(2, 12)).toMatchObject({ ok: true, from: 2 });
    trimTo(last);
    expect(page(2, 12)).toMatchObject({ ok: true, from: 12 });
    expect(page(2, 11)).toMatchObject({ ok: false, failure: { kind: 'trimmed' } });
    expect(page(1, 1)).toMatchObject({ ok: true, from: 1 });
    expect(reader.answer({ type: 'position', user: 'bob', cursor: null, farBehind: 99 }).resume).toBe(
      'heads',
    );
    expect(said(by('ann', AB, { kind: 'message', ...text('old 3') }, 'old3'))).toBe(5);
    expect(said(by('ann', AB, { kind: 'message', ...text('new 3') }, 'old3'))).toBe('id_conflict id');
    expect(said(by('bob', AB, { kind: 'delete', target: 5 }))).toBe('not_allowed target');
    expect(said(by('ann', AB, { kind: 'delete', target: 5 }))).toBe(13);
    expect(said(by('bob', AB, { kind: 'read', n: 9 }))).toBe('ok');
    expect(
      reader.answer({ type: 'heads', user: 'bob' }).registers.map((one) => JSON.parse(one)),
    ).toContainEqual(expect.objectContaining({ reg: 'read', n: 9, m: 8 }));
    reader.close();
    log.close();
    log = open();
    expect(said(by('ann', AB, { kind: 'message', ...text('after a restart') }))).toBe(14);
  });
});

describe('profiles of those who come into a large group', () => {
  const people = (from: number, count: number) => Array.from({ length: count }, (_, i) => `u${from + i}`);
  it('go to whoever cannot have them: beside the entry while they are few, by a walk of who came, or of all', () => {
    log.close();
    log = new Log({
      path: join(folder, 'large.db'),
      limits: { bodyBytes: 100, members: 500 },
      now: () => time,
    });
    const profiles = people(0, 200).map((user) => ({
      id: `p-${user}`,
      kind: 'profile' as const,
      user,
      name: user,
    }));
    commit({ type: 'internal', items: profiles });
    const done = (item: object) => {
      const items = [{ id: `i${ids++}`, ...item } as Append];
      const { committed } = commit({ type: 'append', user: 'u0', device: 'd', conv: 'g', items });
      const [{ beside, walk } = {}] = committed;
      return { beside: beside?.length ?? 0, walk };
    };
    const few = LIMITS.smallGroup;
    expect(done({ kind: 'create', form: 'group', members: people(0, few - 1) })).toMatchObject({
      beside: few - 1,
    });
    expect(done({ kind: 'member_add', users: people(few - 1, 1) })).toEqual({ beside: few, walk: undefined });
    expect(done({ kind: 'member_add', users: people(few, 1) })).toEqual({ beside: 1, walk: 'joined' });
    expect(done({ kind: 'member_add', users: people(few + 1, few) })).toEqual({
      beside: few,
      walk: 'joined',
    });
    expect(done({ kind: 'member_add', users: people(2 * few + 1, few + 1) })).toEqual({
      beside: 0,
      walk: 'all',
    });
  });
});

describe('the end of a session', () => {
  it('I7 is an entry that no device sees, once, and is known after a restart', () => {
    const revoke = {
      type: 'internal',
      items: [{ id: 'x', kind: 'revoke', user: 'ann', session: 's-1' }],
    } as const;
    const { committed } = commit({ ...revoke, items: [...revoke.items] });
    expect(committed).toMatchObject([{ revoked: 's-1', json: '' }]);
    expect(commit({ ...revoke, items: [...revoke.items] }).committed).toEqual([]);
    log.close();
    log = open();
    expect(log.folded().revoked).toEqual(['s-1']);
  });

  it('I7 is known for as long as a token of it could count, with the API away, and not for ever', () => {
    const revoke = (session: string) =>
      commit({ type: 'internal', items: [{ id: 'x', kind: 'revoke', user: 'ann', session }] });
    revoke('s-1');
    time += LIMITS.accessTokenLongest + LIMITS.tokenGrace + LIMITS.clockLeeway;
    revoke('s-2');
    expect(log.folded().revoked).toEqual(['s-1', 's-2']);
    time += 60 * 60_000;
    expect(log.folded().revoked).toEqual(['s-2']);
    revoke('s-3');
    time -= 60 * 60_000;
    expect(log.folded().revoked).toEqual(['s-2', 's-3']);
  });
});

describe('what the API causes', () => {
  const internal = (item: object) => {
    const items = [{ id: `x${ids++}`, ...item }] as Extract<LogRequest, { type: 'internal' }>['items'];
    return said(commit({ type: 'internal', items }).outcomes[0]![0]!);
  };

  it('adds who redeemed an invitation in the name of its maker, who has to be one of its stewards still', () => {
    group();
    const add = (sender: string, user: string) =>
      internal({ kind: 'member_add', sender, conv: 'g', users: [user] });
    expect(add('ann', 'max')).toBe(2);
    expect(add('bob', 'joe')).toBe('not_allowed kind');
    expect(add('ann', 'nobody')).toContain('unknown_user');
    expect(entriesOf('max', 'g').map((item) => item.kind)).toEqual(['member_add']);
  });

  it('a profile may have a picture and a status, and loses them again', () => {
    group();
    const status = { text: 'On a "boat"', until: 5_000 };
    const profile = (facts: object) => internal({ kind: 'profile', user: 'ann', name: 'Ann', ...facts });
    const seen = () => seenBy('bob').filter((item) => item.reg === 'profile' && item.user === 'ann');
    expect(profile({ avatar: 'a'.repeat(64), status })).toBe('ok');
    expect(seen()).toEqual([
      { reg: 'profile', user: 'ann', name: 'Ann', avatar: 'a'.repeat(64), status, time: expect.any(Number) },
    ]);
    const { seq } = log.head;
    profile({ avatar: 'a'.repeat(64), status });
    expect(log.head.seq).toBe(seq);
    profile({});
    expect(seen()).toEqual([{ reg: 'profile', user: 'ann', name: 'Ann', time: expect.any(Number) }]);
    expect(profile({ status: { text: 'x\0' } })).toContain('invalid_text');
    // A name that looks like the other form is only a name.
    profile({ name: '{"name":"Eve"}' });
    expect(seen()[0]!.name).toBe('{"name":"Eve"}');
  });
});
