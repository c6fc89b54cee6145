import { expect, it } from 'vitest';
import { askAhead } from './ahead.ts';

const STATE = {
  ok: true,
  value: {
    current: 'b',
    accounts: [
      { account: 'a', open: 'x' },
      { account: 'b', open: 'y' },
    ],
  },
};

function stage(only: { account: string; conv: string } | null = null, state: unknown = STATE) {
  const asked: [string, unknown][] = [];
  const listeners = new Map<string, () => void>();
  const work: (() => void)[] = [];
  let count = 0;
  const take = askAhead({
    invoke: async (name, request) => {
      asked.push([name, request]);
      if (name === 'app.state') return state;
      count++;
      return { ok: true, value: `${name} ${count}` };
    },
    listen: (event, listener) => void listeners.set(event, listener),
    later: (one) => void work.push(one),
    only,
  });
  return {
    asked,
    take,
    hear: (event: string) => listeners.get(event)!(),
    late: () => {
      for (const one of work) one();
    },
  };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));
const PAGE = { account: 'b', conv: 'y', limit: 80 };

it('asks for the account and the conversation that were shown last, and answers each question once', async () => {
  const { asked, take } = stage();
  await settled();
  expect(asked).toEqual([
    ['settings.get', {}],
    ['app.state', {}],
    ['conversation.list', { account: 'b' }],
    ['session.state', { account: 'b' }],
    ['timeline.page', PAGE],
  ]);
  expect(await take('app.state', {})).toBe(STATE);
  expect(take('app.state', {})).toBeNull();
  expect(await take('timeline.page', PAGE)).toMatchObject({
    value: expect.stringContaining('timeline.page'),
  });
});

it('answers no other question', async () => {
  const { take } = stage();
  await settled();
  expect(take('timeline.page', { ...PAGE, limit: 100 })).toBeNull();
  expect(take('conversation.list', { account: 'a' })).toBeNull();
  expect(take('outbox.submit', {})).toBeNull();
});

it('of a window of its own asks for its conversation', async () => {
  const { asked } = stage({ account: 'a', conv: 'z' });
  await settled();
  expect(asked).toContainEqual(['timeline.page', { account: 'a', conv: 'z', limit: 80 }]);
  expect(asked).toContainEqual(['conversation.list', { account: 'a' }]);
});

it.each([
  ['app.changed', 'app.state', {}],
  ['settings.changed', 'settings.get', {}],
  ['session.changed', 'session.state', { account: 'b' }],
  ['rows.changed', 'conversation.list', { account: 'b' }],
  ['rows.changed', 'timeline.page', PAGE],
  ['outbox.changed', 'timeline.page', PAGE],
])('after %s the answer to %s is none any more', async (event, name, request) => {
  const { take, hear } = stage();
  await settled();
  hear(event);
  expect(take(name, request)).toBeNull();
});

it('without an account, or where main refuses, asks for nothing more', async () => {
  for (const state of [
    { ok: true, value: { current: null, accounts: [] } },
    { ok: false, failure: {} },
  ]) {
    const { asked } = stage(null, state);
    await settled();
    expect(asked).toHaveLength(2);
  }
});

it('asks again where the first answer was a failure, as a text too, or none', async () => {
  const failed = { ok: false, failure: { kind: 'bad_call' } };
  for (const first of [failed, JSON.stringify(failed), new Error('no handler')]) {
    let asked = 0;
    const take = askAhead({
      invoke: async (name) => {
        if (name === 'app.state') return STATE;
        if (name !== 'settings.get' || asked++ > 0) return 'the second answer';
        if (first instanceof Error) throw first;
        return first;
      },
      ...{ listen: () => {}, later: () => {}, only: null },
    });
    expect(await take('settings.get', {})).toBe('the second answer');
  }
});

it('keeps nothing that is not taken', async () => {
  const { take, late } = stage();
  await settled();
  late();
  expect(take('timeline.page', PAGE)).toBeNull();
});
