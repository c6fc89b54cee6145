import { expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { firstRows } from './first-rows.ts';
import { emptyState, type MatchbookState } from './state.ts';

function stage() {
  const state = createStore<MatchbookState>(() => emptyState);
  let expire: (() => void) | null = null;
  let done = false;
  void firstRows(state, (_ms, run) => {
    expire = run;
    return () => {
      expire = null;
    };
  }).then(() => {
    done = true;
  });
  const settled = async () => {
    await Promise.resolve();
    return done;
  };
  return { state, settled, expire: () => expire?.(), waits: () => expire !== null };
}

const app = (accounts: object[]) => ({ app: { accounts } as unknown as MatchbookState['app'] });

it('waits for the rows of a conversation, and leaves no timer behind', async () => {
  const { state, settled, waits } = stage();
  state.setState({ ...app([{ account: 'a' }]), account: 'a' });
  state.setState({ conversations: { a: [{}] as never } });
  expect(await settled()).toBe(false);
  state.setState({ timeline: {} as never });
  expect(await settled()).toBe(true);
  expect(waits()).toBe(false);
});

it.each<[string, Partial<MatchbookState>]>([
  ['nobody is signed in', app([])],
  ['there is no conversation', { ...app([{ account: 'a' }]), account: 'a', conversations: { a: [] } }],
  ['something failed', { failure: { kind: 'store_failed', message: '' } }],
])('does not wait where %s', async (_why, known) => {
  const { state, settled } = stage();
  state.setState(known);
  expect(await settled()).toBe(true);
});

it('waits no longer than a moment', async () => {
  const { settled, expire } = stage();
  expect(await settled()).toBe(false);
  expire();
  expect(await settled()).toBe(true);
});
