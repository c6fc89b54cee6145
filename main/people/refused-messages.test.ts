import type { ScheduledMessage } from '@matchbook/protocol/http/people';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LocalError } from '../bridge/local-failure.ts';
import { CONV, entries, ME, PEER, TestLog } from '../local-store/testing/log.ts';
import { ACCOUNT, TestStore } from '../local-store/testing/store.ts';
import { Clock } from '../testing/clock.ts';
import { RefusedMessages } from './refused-messages.ts';

const account = ACCOUNT;
const conv = CONV;

/** What the server has, for all devices. */
let server: ScheduledMessage[];
let down: boolean;
/** It answers what is asked, and takes nothing. */
let deaf: boolean;
let devices: Awaited<ReturnType<typeof device>>[];

async function device() {
  const at = new TestStore();
  await at.open();
  const log = new TestLog();
  log.create(PEER, 'c', [PEER, ME]);
  await at.store.storeFrame({ account, raw: entries(log.entries, log.cursor(1)) });
  const clock = new Clock();
  const told: string[] = [];
  const asked: number[] = [];
  let working = 0;
  const counted = async <T>(work: Promise<T>): Promise<T> => {
    working++;
    return work.finally(() => working--);
  };
  const started = () =>
    new RefusedMessages({
      store: { refusedLater: (request) => counted(at.store.refusedLater(request)) },
      server: {
        get: (async () => {
          asked.push(clock.uptime);
          if (down) throw new LocalError('server_unreachable', 'away');
          return { messages: server };
        }) as never,
        send: (async (_account: string, method: string, path: string) => {
          if (down || deaf) throw new LocalError('server_unreachable', 'away');
          const id = path.split('/').at(-1);
          const there = server.some((one) => one.id === id);
          server = server.filter((one) => one.id !== id);
          if (method !== 'DELETE' || !there) throw new LocalError('not_found', 'gone');
          return null;
        }) as never,
      },
      told: (_account, of) => void told.push(of),
      log: (line) => {
        throw new Error(line);
      },
      now: clock.now,
      random: () => 0,
      setTimer: clock.setTimer,
    });
  let refused = started();
  /** The app ends and is started again: only what lies on the disk is left. */
  const restart = async () => {
    refused.close();
    await at.reopen();
    refused = started();
  };
  const pass = async (ms: number) => {
    clock.advance(ms);
    do await new Promise((resolve) => setTimeout(resolve, 5));
    while (working > 0);
  };
  const failed = async () =>
    (await at.store.waitingItems(account)).items
      .filter((item) => item.failed)
      .map(({ id, text, failure }) => [id, text, failure?.kind]);
  const drafted = async () => (await at.store.readDraft({ account, conv })).text;
  return {
    ...{ at, clock, told, asked, pass, failed, drafted, restart },
    get refused() {
      return refused;
    },
  };
}

const later = (id: string, due: number, refused: string | null = null): ScheduledMessage => ({
  ...{ id, conv, body: { type: 'text/plain', text: `text of ${id}` }, due, silent: false, refused },
});

beforeEach(async () => {
  server = [];
  down = false;
  deaf = false;
  devices = [await device(), await device()];
});
afterEach(async () => {
  for (const { at, refused } of devices) {
    refused.close();
    await at.dispose();
  }
});

it('I11: one that is refused at its time stands among what failed, is told of once, and is the person’s again', async () => {
  const [{ at, clock, told, asked, refused, pass, failed, drafted }] = devices as [(typeof devices)[0]];
  server = [later('m', clock.wall + 60_000)];
  refused.look(account);
  await pass(2_000);
  expect([asked, await failed()]).toEqual([[2_000], []]);
  server = [later('m', clock.wall + 58_000, 'not_member: You are not in this conversation.')];
  await pass(61_000);
  expect(asked).toEqual([2_000, 63_000]);
  expect(await failed()).toEqual([['m', 'text of m', 'not_member']]);
  expect((await at.store.timelinePage({ account, conv, limit: 10 })).waiting).toMatchObject([
    { id: 'm', delivery: 'failed' },
  ]);
  refused.look(account);
  await pass(2_000);
  expect(told).toEqual([conv]);
  // While nothing waits at its server nobody is asked.
  await pass(3_600_000);
  expect(asked).toHaveLength(3);

  await at.store.toDraft({ account, id: 'm' });
  refused.outboxChanged(account);
  await pass(2_000);
  expect([server, await failed(), await drafted(), told]).toEqual([[], [], 'text of m', [conv]]);
});

it('what one device did about it holds on the others, where its text can be taken out again', async () => {
  const [one, other] = devices as [(typeof devices)[0], (typeof devices)[0]];
  server = [later('m', 1, 'the account was closed')];
  for (const { refused, pass, failed } of devices) {
    refused.look(account);
    await pass(2_000);
    expect(await failed()).toEqual([['m', 'text of m', 'other']]);
  }
  down = true;
  await one.at.store.retry({ account, id: 'm', newId: 'again' });
  one.refused.outboxChanged(account);
  await one.pass(2_000);
  // Nobody heard of it: asked again, and what was dealt with here does not come back.
  expect(server).toHaveLength(1);
  down = false;
  await one.pass(3_000);
  expect([server, await one.failed()]).toEqual([[], []]);
  await other.at.reopen();
  other.refused.look(account);
  await other.pass(2_000);
  expect(await other.failed()).toEqual([]);
  expect((await other.at.store.earlierTexts({ account, conv })).map(({ text }) => text)).toEqual([
    'text of m',
  ]);
});

it.each([
  ['sent again', (at: TestStore) => at.store.retry({ account, id: 'm', newId: 'again' }), 1],
  ['taken into the draft', (at: TestStore) => at.store.toDraft({ account, id: 'm' }), 0],
  ['discarded', (at: TestStore) => at.store.discard({ account, id: 'm', newId: 'undo' }), 0],
] as const)(
  'I3: what was %s, and the app ended before the server heard of it, does not stand here anew',
  async (_title, act, queued) => {
    const device = devices[0]!;
    server = [later('m', 1, 'the account was closed'), later('n', 1, 'the account was closed')];
    device.refused.look(account);
    await device.pass(2_000);
    await act(device.at);
    await device.restart();
    // It answers, and hears nothing: asked again until it does.
    deaf = true;
    device.refused.look(account);
    await device.pass(2_000);
    await device.restart();
    device.refused.look(account);
    await device.pass(2_000);
    expect(server.map(({ id }) => id)).toEqual(['m', 'n']);
    expect(await device.failed()).toEqual([['n', 'text of n', 'other']]);
    deaf = false;
    await device.pass(3_000);
    expect(server.map(({ id }) => id)).toEqual(['n']);
    expect(device.told).toEqual([conv, conv]);
    const { items } = await device.at.store.waitingItems(account);
    expect(items.filter(({ failed }) => !failed)).toHaveLength(queued);
  },
);

it('is asked again while the server has not sent what is due, twice as late each time, and ten minutes at most', async () => {
  const [{ clock, asked, refused, pass }] = devices as [(typeof devices)[0]];
  server = [later('m', clock.wall - 1)];
  refused.look(account);
  await pass(2_000);
  for (const wait of [3_000, 6_000, 12_000]) await pass(wait);
  expect(asked).toEqual([2_000, 5_000, 11_000, 23_000]);
  for (let i = 0; i < 12; i++) await pass(600_000);
  const last = asked.slice(-3);
  expect([last[1]! - last[0]!, last[2]! - last[1]!]).toEqual([600_000, 600_000]);
});

it('an account that is connected for long is asked for every ten minutes, however often it gives a sign of life', async () => {
  const [{ asked, refused, pass, failed }] = devices as [(typeof devices)[0]];
  refused.stands(account);
  await pass(10_000);
  expect(asked).toEqual([]);
  refused.look(account);
  await pass(2_000);
  // Put there by another device meanwhile, and refused.
  server = [later('m', 1, 'the account was closed')];
  for (let i = 0; i < 60; i++) {
    refused.stands(account);
    await pass(10_000);
  }
  expect(asked).toEqual([12_000]);
  refused.stands(account);
  await pass(2_000);
  expect(asked).toHaveLength(2);
  expect(await failed()).toEqual([['m', 'text of m', 'other']]);
});
