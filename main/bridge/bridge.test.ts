import { APP_ORIGIN } from '@matchbook/protocol/bridge/app';
import { DIAGNOSTICS_CALLS } from '@matchbook/protocol/bridge/diagnostics';
import { HOST_CALLS } from '@matchbook/protocol/bridge/host';
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import { WINDOW_CALLS } from '@matchbook/protocol/bridge/window';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openBridge } from './bridge.ts';
import type { Caller } from './bridge-ear.ts';
import { LocalError } from './local-failure.ts';

const WINDOW: Caller = { sender: 1, isMainFrame: true, origin: APP_ORIGIN };
const HOST: Caller = { ...WINDOW, sender: 2 };
const DIAGNOSTICS: Caller = { ...WINDOW, sender: 3 };
const calls = { ...WINDOW_CALLS, ...HOST_CALLS, ...DIAGNOSTICS_CALLS };
type Name = keyof typeof calls;
const names = Object.keys(calls) as Name[];
const ownerOf = (name: string) =>
  name in HOST_CALLS ? HOST : name in DIAGNOSTICS_CALLS ? DIAGNOSTICS : WINDOW;

function stage(work: (name: string, request: unknown) => unknown = () => null) {
  const channels = new Map<string, (caller: Caller, payload: unknown) => Promise<unknown>>();
  const logged: string[] = [];
  const ran: string[] = [];
  const handlers = (part: object) =>
    Object.fromEntries(
      Object.keys(part).map((name) => [
        name,
        (request: unknown) => {
          ran.push(name);
          return work(name, request);
        },
      ]),
    );
  openBridge({
    ear: { handle: (channel, listener) => void channels.set(channel, listener) },
    origin: APP_ORIGIN,
    isWindow: (sender) => sender === WINDOW.sender,
    isHost: (sender) => sender === HOST.sender,
    windows: handlers(WINDOW_CALLS) as never,
    host: handlers(HOST_CALLS) as never,
    isDiagnostics: (sender) => sender === DIAGNOSTICS.sender,
    diagnostics: handlers(DIAGNOSTICS_CALLS) as never,
    log: (line) => logged.push(line),
  });
  const call = (name: string, payload: unknown, caller: Caller = WINDOW) =>
    channels.get(name)!(caller, payload) as Promise<Outcome<unknown>>;
  return { channels, call, logged, ran };
}

describe('the bridge', () => {
  it('has a handler for every call of the map, and for no other', () => {
    expect([...stage().channels.keys()].sort()).toEqual([...names].sort());
  });

  const strangers: [string, Partial<Caller>][] = [
    ['another page', { sender: 99 }],
    ['a frame inside', { isMainFrame: false }],
    ['another origin', { origin: 'https://evil.example' }],
    ['a look-alike origin', { origin: 'app://matchbook.evil' }],
    ['a page that is gone', { origin: '' }],
  ];
  it.each(strangers)('refuses every call of %s before it is looked at', async (_who, difference) => {
    const { call, ran, logged } = stage();
    for (const name of names) {
      const caller = { ...ownerOf(name), ...difference };
      expect(await call(name, {}, caller)).toMatchObject({ ok: false, failure: { kind: 'bad_call' } });
    }
    expect(ran).toEqual([]);
    expect(logged).toHaveLength(names.length);
  });

  it('keeps windows, the diagnostics window and the session host apart', async () => {
    const { call, ran } = stage();
    for (const name of names)
      for (const caller of [WINDOW, HOST, DIAGNOSTICS])
        if (caller !== ownerOf(name)) await call(name, {}, caller);
    expect(ran).toEqual([]);
  });

  it('names the field of a payload that does not fit', async () => {
    const { call } = stage();
    const failure = async (name: Name, payload: unknown) => {
      const outcome = await call(name, payload);
      return outcome.ok ? 'ok' : outcome.failure.message;
    };
    expect(await failure('draft.save', { account: 'a', conv: 'c', text: 5 })).toMatch(/^draft.save: text /);
    expect(await failure('read.mark', { account: 'a', conv: 'c', n: -1 })).toMatch(/^read.mark: n /);
    expect(await failure('draft.save', { account: '../x', conv: 'c', text: '' })).toMatch(/account /);
    expect(await failure('app.state', { extra: 1 })).toMatch(/^app.state: /);
    expect(await failure('app.state', undefined)).toMatch(/^app.state: payload /);
  });

  it('answers every payload with an outcome: nothing throws, and nothing that does not fit reaches a handler', async () => {
    const { call, ran } = stage();
    const payload = fc.oneof(
      fc.anything(),
      fc.record({
        account: fc.string(),
        conv: fc.string(),
        id: fc.string(),
        text: fc.string(),
        n: fc.double(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), payload, async (name, value) => {
        ran.length = 0;
        const outcome = await call(name, value, ownerOf(name));
        expect(outcome.ok).toBe(ran.length === 1);
        if (!outcome.ok) expect(outcome.failure.kind).toBe('bad_call');
      }),
      { numRuns: 500 },
    );
  });

  it('turns whatever a handler throws into a failure', async () => {
    const throwing = (error: unknown) =>
      stage(() => {
        throw error;
      });
    const known = throwing(new LocalError('outbox_full', 'full', { limit: 5 }));
    expect(await known.call('app.state', {})).toEqual({
      ok: false,
      failure: { kind: 'outbox_full', message: 'full', limit: 5 },
    });
    expect(known.logged).toEqual([]);
    for (const error of [new Error('unforeseen'), 'text', null, undefined, 5]) {
      const unknown = throwing(error);
      expect(await unknown.call('app.state', {})).toMatchObject({
        ok: false,
        failure: { kind: 'store_failed' },
      });
      expect(unknown.logged).toHaveLength(1);
    }
  });
});
