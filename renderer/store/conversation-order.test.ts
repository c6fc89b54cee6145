import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import type { PendingChange } from '@matchbook/protocol/bridge/waiting';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FILTERS, isArchived, listed, matches, pinChanges, pinnedAt } from './conversation-order.ts';

const row = (conv: string, more: Partial<ConversationRow> = {}): ConversationRow => ({
  ...{ account: 'a', conv, form: 'direct', self: false, members: [], headN: 1, unread: 0, mentions: 0 },
  ...{ time: 1, preview: null, draft: null, name: null, picture: null, member: true, role: 'member' },
  ...{ mutedUntil: 0, pinned: 0, archived: false },
  ...more,
});
const waits = (
  kind: 'pinned' | 'archived',
  value: number,
  delivery: PendingChange['delivery'] = 'queued',
) => ({
  changes: [{ id: 'x', append: { kind, value }, delivery, failure: null, frozen: false }],
});
const all = { filter: 'all', archive: false, kept: null } as const;
const order = (rows: ConversationRow[], options: Parameters<typeof listed>[1] = all) =>
  listed(rows, options).map(({ conv }) => conv);

describe('the list of conversations', () => {
  it('has the pinned ones first, in their own order, and the archive apart', () => {
    const rows = [row('a'), row('b', { pinned: 2 }), row('c', { archived: true }), row('d', { pinned: 1 })];
    expect(order(rows)).toEqual(['d', 'b', 'a']);
    expect(order(rows, { ...all, archive: true })).toEqual(['c']);
    expect(order(rows, { filter: 'groups', archive: true, kept: null })).toEqual(['c']);
  });

  it('is the very list that there is where all of it is shown as it stands', () => {
    const rows = [row('a'), row('b', { unread: 2 })];
    expect(listed(rows, all)).toBe(rows);
    expect(listed(rows, { ...all, filter: 'unread' })).not.toBe(rows);
    expect(listed([...rows, row('c', { archived: true })], all)).toEqual(rows);
    const conversation = fc.record({
      pinned: fc.constantFrom(0, 0, 0, 1, 2),
      archived: fc.boolean(),
      unread: fc.constantFrom(0, 2),
      form: fc.constantFrom('group' as const, 'direct' as const),
    });
    fc.assert(
      fc.property(
        fc.array(conversation),
        fc.constantFrom(...FILTERS),
        fc.boolean(),
        (some, filter, archive) => {
          const rows = some.map((more, i) => row(`${i}`, more));
          const shown = rows.filter(
            (one) => isArchived(one) === archive && (archive || matches(one, filter, null)),
          );
          const pins = archive ? [] : shown.filter((one) => pinnedAt(one) > 0);
          const others = shown.filter((one) => !pins.includes(one));
          expect(listed(rows, { filter, archive, kept: null })).toEqual([
            ...pins.sort((one, other) => pinnedAt(one) - pinnedAt(other)),
            ...others,
          ]);
        },
      ),
    );
  });

  it('counts what waits to be sent, and not what was refused', () => {
    const rows = [row('a', waits('pinned', 1)), row('b', { archived: true, ...waits('archived', 0) })];
    expect(order(rows)).toEqual(['a', 'b']);
    expect(isArchived(row('c', waits('archived', 1, 'failed')))).toBe(false);
  });

  it('filters, and keeps one among the unread ones', () => {
    const rows = [
      row('read'),
      row('new', { unread: 2 }),
      row('group', { form: 'group' }),
      row('notes', { self: true }),
    ];
    expect(order(rows, { ...all, filter: 'unread' })).toEqual(['new']);
    expect(order(rows, { ...all, filter: 'unread', kept: 'read' })).toEqual(['read', 'new']);
    expect(order(rows, { ...all, filter: 'groups' })).toEqual(['group']);
    expect(order(rows, { ...all, filter: 'groups', kept: 'read' })).toEqual(['group']);
    expect(order(rows, { ...all, filter: 'people' })).toEqual(['read', 'new']);
  });

  it('puts a conversation at a place with dense places from 1, and leaves alone what does not move', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 5 }),
        fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        fc.nat({ max: 6 }),
        (pinned, conv, place) => {
          let rows = ['a', 'b', 'c', 'd', 'e'].map((one) =>
            row(one, { pinned: (pinned as string[]).indexOf(one) + 1 }),
          );
          const changes = pinChanges(rows, conv, place);
          rows = rows.map((one) => {
            const change = changes.find((changed) => changed.conv === one.conv);
            if (change) expect(change.value).not.toBe(one.pinned || -1);
            return change ? { ...one, pinned: change.value } : one;
          });
          const after = rows.filter((one) => pinnedAt(one) > 0).sort((x, y) => pinnedAt(x) - pinnedAt(y));
          expect(after.map(pinnedAt)).toEqual(after.map((_, i) => i + 1));
          expect(after.some((one) => one.conv === conv)).toBe(place > 0);
          expect(after.filter((one) => one.conv !== conv).map((one) => one.conv)).toEqual(
            pinned.filter((one) => one !== conv),
          );
          if (place > 0)
            expect(after.findIndex((one) => one.conv === conv)).toBe(Math.min(place, after.length) - 1);
        },
      ),
    );
  });
});
