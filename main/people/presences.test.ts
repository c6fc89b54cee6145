import type { Present } from '@matchbook/protocol/bridge/presence';
import { LIMITS } from '@matchbook/protocol/limits';
import { beforeEach, describe, expect, it } from 'vitest';
import { Clock } from '../testing/clock.ts';
import { Presences } from './presences.ts';

describe('typing and presence', () => {
  let clock: Clock;
  let told: [string, boolean][];
  let last: Present;
  let allowed: boolean;
  let elsewhere: string[];
  let presences: Presences;
  const typing = (user: string, on: boolean) => ({ t: 'typing' as const, conv: 'c', user, on });

  beforeEach(() => {
    clock = new Clock();
    told = [];
    last = { users: [], typing: [] };
    allowed = true;
    elsewhere = [];
    presences = new Presences({
      changed: (_account, present) => {
        last = present;
      },
      elsewhere: (account) => elsewhere.push(account),
      tell: (_account, conv, on) => told.push([conv, on]),
      allowed: () => allowed,
      now: clock.monotonic,
      setTimer: clock.setTimer,
    });
  });

  it('tells the others at most every 3 s while one writes, and once that one stopped', () => {
    for (let key = 0; key < 50; key++) {
      presences.tell({ account: 'a', conv: 'c', on: true });
      clock.advance(100);
    }
    expect(told).toEqual([
      ['c', true],
      ['c', true],
    ]);
    clock.advance(10_000);
    expect(told.at(-1)).toEqual(['c', false]);
    expect(told).toHaveLength(3);
  });

  it('stops in one conversation before it begins in another, and at the sent message', () => {
    presences.tell({ account: 'a', conv: 'c', on: true });
    presences.tell({ account: 'a', conv: 'd', on: true });
    presences.tell({ account: 'a', conv: 'd', on: false });
    presences.tell({ account: 'a', conv: 'd', on: false });
    expect(told).toEqual([
      ['c', true],
      ['c', false],
      ['d', true],
      ['d', false],
    ]);
  });

  it('hears of what the person does on another of their devices', () => {
    presences.heard('a', false, [{ t: 'presence', users: [{ user: 'bob', state: 'online' }] }]);
    expect(elsewhere).toEqual([]);
    presences.heard('a', false, [{ t: 'presence', users: [], elsewhere: true }]);
    expect(elsewhere).toEqual(['a']);
    expect(last.users).toEqual([{ user: 'bob', state: 'online' }]);
  });

  it('tells nobody where the person does not want it', () => {
    allowed = false;
    presences.tell({ account: 'a', conv: 'c', on: true });
    clock.advance(10_000);
    expect(told).toEqual([]);
  });

  it('forgets who wrote after the limit, and all of it when the connection ended', () => {
    presences.heard('a', false, [
      { t: 'presence', users: [{ user: 'bob', state: 'online' }] },
      typing('bob', true),
      typing('eve', true),
    ]);
    expect(last.typing.map(({ user }) => user)).toEqual(['bob', 'eve']);
    clock.advance(LIMITS.typingExpiry - 1);
    presences.heard('a', false, [typing('bob', true)]);
    clock.advance(1);
    expect(last.typing.map(({ user }) => user)).toEqual(['bob']);
    expect(last.users).toEqual([{ user: 'bob', state: 'online' }]);
    presences.heard('a', true, []);
    expect(last).toEqual({ users: [], typing: [] });
    clock.advance(LIMITS.typingExpiry);
    expect(presences.state('a')).toEqual({ users: [], typing: [] });
  });
});
