import { describe, expect, it } from 'vitest';
import { ApiClient } from '../network/api-client.ts';
import type { AccountSettings } from '../profile/settings.ts';
import { Clock } from '../testing/clock.ts';
import type { ReadyAccount } from './account-list.ts';
import { MovedRelay } from './moved-relay.ts';

const OLD = 'wss://old.example/ws';

function stage({
  told = 'wss://new.example/ws',
  ...more
}: Partial<AccountSettings> & { told?: string } = {}) {
  const clock = new Clock();
  const held: ReadyAccount = {
    ...{ account: 'a', device: 'd', name: 'Ann', user: 'u', api: 'https://chat.example', relay: OLD },
    ...{ serverName: 'Here', embedded: false, ...more },
  } as ReadyAccount;
  const world = { asked: 0, away: false, moved: [] as string[], lines: [] as string[] };
  const relay = new MovedRelay({
    list: {
      ready: () => [held],
      update: async (_account, change) => void Object.assign(held, change),
    },
    api: new ApiClient(async () => {
      world.asked++;
      if (world.away) throw new TypeError('connection refused');
      return Response.json({ name: 'Here', version: '1', relay: told, registration: 'closed' });
    }),
    moved: (account) => void world.moved.push(account),
    uptime: clock.monotonic,
    log: (line) => void world.lines.push(line),
  });
  /** A try every ten seconds. */
  const without = async (seconds: number) => {
    for (let i = 0; i < seconds; i += 10) {
      await relay.asked('a', false);
      clock.advance(10_000);
    }
  };
  return { world, held, relay, without };
}

describe('a relay that does not answer', () => {
  it('is asked about after two minutes, and followed to where the API says it is', async () => {
    const { world, held, without } = stage();
    await without(120);
    expect([world.asked, held.relay]).toEqual([0, OLD]);
    await without(10);
    expect(held.relay).toBe('wss://new.example/ws');
    expect(world.moved).toEqual(['a']);
  });

  it('that answered in between, or is where it was, stays', async () => {
    const { world, relay, held, without } = stage({ told: OLD });
    await without(110);
    await relay.asked('a', true);
    await without(120);
    expect(world.asked).toBe(0);
    await without(250);
    // Not with each try.
    expect(world.asked).toBe(3);
    expect([held.relay, world.moved]).toEqual([OLD, []]);
  });

  it('is asked about again while the API is away too', async () => {
    const { world, held, without } = stage();
    world.away = true;
    await without(300);
    expect([world.asked, held.relay]).toEqual([2, OLD]);
    world.away = false;
    await without(120);
    expect(world.moved).toEqual(['a']);
  });

  it.each([
    ['where it could be listened to', { told: 'ws://new.example/ws' }],
    ['that is no relay', { told: 'https://new.example/ws' }],
    ['of servers of one’s own', { embedded: true }],
    ['of a server that is known by its key', { pin: 'p'.repeat(43) }],
  ])('is not followed to a place %s', async (_name, how) => {
    const { world, held, without } = stage(how);
    await without(300);
    expect([held.relay, world.moved]).toEqual([OLD, []]);
  });
});
