import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import { expect, it, vi } from 'vitest';
import { DRAFTS_AT_HAND, Sending } from './sending.ts';

it('I13: texts of conversations that are left stay at hand for a bounded number, and whatever is not in its row, or open, for as long as it is so', async () => {
  const rows = new Map<string, string>();
  const read: string[] = [];
  let full = false;
  const timers: (() => void)[] = [];
  const open = 'open';
  const sending = new Sending({
    bridge: {
      call: async (name: string, { conv, text }: { conv: string; text?: string }) => {
        if (name === 'draft.read') {
          read.push(conv);
          return { ok: true, value: { text: rows.get(conv) ?? '', version: 1 } };
        }
        if (full) return { ok: false, failure: { kind: 'disk_full', message: 'full' } };
        if (name === 'draft.save') rows.set(conv, text ?? '');
        return { ok: true, value: { version: 2, conflict: false } };
      },
      on: () => () => {},
    } as unknown as WindowBridge,
    ...{ now: () => 0, newId: () => 'id' },
    later: (_, run) => {
      timers.push(run);
      return () => timers.splice(timers.indexOf(run), 1);
    },
    timeline: {} as never,
    files: {} as never,
    answered: (async () => null) as never,
    userOf: () => 'me',
    isOpen: ({ conv }) => conv === open,
  });
  const draft = (conv: string) => sending.draft({ account: 'a', conv });
  const visit = async (conv: string) => {
    const keeper = draft(conv);
    await vi.waitFor(() => expect(keeper.state.getState().loaded).toBe(true), {
      timeout: 10_000,
      interval: 1,
    });
    return keeper;
  };
  const held = await visit(open);
  const typed = await visit('typed');
  typed.edit('not saved yet');
  const unsaved = await visit('unsaved');
  unsaved.edit('no room for it');
  full = true;
  await unsaved.flush();
  full = false;
  const kept = await visit('kept');
  kept.edit('saved');
  await kept.rest();
  for (let i = 0; i < 3 * DRAFTS_AT_HAND; i++) await visit(`c${i}`);

  expect([draft(open), draft('typed'), draft('unsaved')]).toEqual([held, typed, unsaved]);
  // Of the others those that one was at last.
  read.length = 0;
  for (let i = 0; i < 3 * DRAFTS_AT_HAND; i++) draft(`c${3 * DRAFTS_AT_HAND - 1 - i}`);
  expect(read.length).toBeGreaterThanOrEqual(2 * DRAFTS_AT_HAND);
  expect(read).not.toContain(`c${3 * DRAFTS_AT_HAND - 1}`);
  expect((await visit('kept')).state.getState().text).toBe('saved');
  expect(draft('kept')).not.toBe(kept);
});
