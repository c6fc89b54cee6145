import type { StoreFault } from '@matchbook/protocol/bridge/store-fault';
import type { Loss } from '@matchbook/protocol/bridge/views';
import { expect, it } from 'vitest';
import { LocalError } from '../bridge/local-failure.ts';
import type { AccountList, ReadyAccount } from './account-list.ts';
import { StoreDoors } from './store-doors.ts';

const fault = (reason: StoreFault['reason']): StoreFault => ({
  ...{ path: '/p/outbox.db', part: 'outbox', reason, detail: 'words' },
});
const shutBy = (reason: StoreFault['reason']) =>
  new LocalError('store_failed', 'words', { store: fault(reason) });

function doors(answers: Record<string, (Error | Loss[] | null)[]>) {
  const faults = new Map<string, StoreFault | null>();
  const accounts = Object.keys(answers).map(
    (account) => ({ account, user: 'u', device: 'd' }) as ReadyAccount,
  );
  const timers: (() => void)[] = [];
  const happened: string[] = [];
  const room = new StoreDoors({
    list: {
      ready: () => accounts,
      get: (id: string) => accounts.find(({ account }) => account === id)!,
      fault: (id: string, one: StoreFault | null) => void faults.set(id, one),
      faultOf: (id: string) => faults.get(id) ?? null,
    } as unknown as AccountList,
    store: {
      openAccount: async ({ account }, aside) => {
        happened.push(`open ${account}${aside ? ` without ${aside}` : ''}`);
        const next = answers[account]!.shift();
        if (next instanceof Error) throw next;
        return next ?? [];
      },
    },
    mended: (account) => void happened.push(`mended ${account}`),
    opened: async ({ account }) => void happened.push(`opened ${account}`),
    shut: (account) => void happened.push(`shut ${account}`),
    raise: async (...found) => void happened.push(...found.map(({ id }) => id)),
    log: () => {},
    setTimer: (work) => {
      timers.push(work);
      return { cancel: () => {} };
    },
  });
  return { room, accounts, faults, timers, happened };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('one that cannot be opened is noted, and the others are open', async () => {
  const { room, accounts, faults } = doors({ a: [shutBy('denied')], b: [null] });
  expect(await Promise.all(accounts.map((one) => room.open(one)))).toEqual([false, true]);
  expect(faults.get('a')).toEqual(fault('denied'));
  expect(faults.get('b')).toBeNull();
});

it('what was put right is said, and whatever was shown before is looked at anew', async () => {
  const { room, accounts, happened } = doors({ a: [[{ id: 'outbox-salvaged', detail: '' }]], b: [null] });
  for (const account of accounts) await room.open(account);
  expect(happened).toEqual(['open a', 'mended a', 'outbox-salvaged', 'open b']);
});

it('what may pass is tried again by itself, one try at a time, until it is open', async () => {
  const { room, accounts, timers, happened, faults } = doors({
    a: [shutBy('locked'), shutBy('locked'), null],
  });
  await room.open(accounts[0]!);
  expect(timers).toHaveLength(1);
  timers.shift()!();
  await settled();
  expect(timers).toHaveLength(1);
  timers.shift()!();
  await settled();
  expect(happened).toEqual(['open a', 'open a', 'open a', 'opened a']);
  expect(faults.get('a')).toBeNull();
  expect(timers).toHaveLength(0);
});

it('a newer file is not tried again by itself: only by the word of the person, aside or as it is', async () => {
  const { room, accounts, timers, happened } = doors({ a: [shutBy('newer'), shutBy('newer'), null] });
  await room.open(accounts[0]!);
  timers.shift()!();
  await settled();
  expect(happened).toEqual(['open a']);
  await expect(room.again('a', null)).rejects.toMatchObject({ failure: { store: { reason: 'newer' } } });
  await room.again('a', 'outbox');
  expect(happened).toEqual(['open a', 'open a', 'open a without outbox', 'opened a']);
});

it('an account whose files are lost while it runs ends its session', async () => {
  const { room, faults, happened } = doors({ a: [] });
  room.closed('a', fault('locked'));
  expect(faults.get('a')).toEqual(fault('locked'));
  expect(happened).toEqual(['shut a']);
});
