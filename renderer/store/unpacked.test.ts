import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import { expect, it } from 'vitest';
import { unpacked } from './unpacked.ts';

it('makes a packed answer what it was, and hands every other on', async () => {
  const answers: Record<string, unknown> = {
    'conversation.list': JSON.stringify({ ok: true, value: [{ conv: 'c' }] }),
    'app.state': { ok: true, value: { version: '1' } },
  };
  const asked: unknown[] = [];
  const bridge = {
    call: async (name: string, request: unknown) => {
      asked.push([name, request]);
      return answers[name];
    },
    on: () => () => {},
    drop: async () => ({ outcome: null, pathless: [] }),
  } as unknown as WindowBridge;
  const whole = unpacked(bridge);
  expect(await whole.call('conversation.list', { account: 'a' })).toEqual({
    ok: true,
    value: [{ conv: 'c' }],
  });
  expect(await whole.call('app.state', {})).toBe(answers['app.state']);
  expect(asked).toEqual([
    ['conversation.list', { account: 'a' }],
    ['app.state', {}],
  ]);
  expect(whole.on).toBe(bridge.on);
  expect(whole.drop).toBe(bridge.drop);
});
