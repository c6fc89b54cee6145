import { describe, expect, it } from 'vitest';
import { LEFT_PLACES, LeftPlaces } from '../../store/left-places.ts';
import { MatchbookStore } from '../../store/store.ts';
import { ACCOUNT, FakeBridge, ownRow } from '../testing/fake-bridge.ts';

const [bob, cy] = [
  { account: ACCOUNT, conv: 'bob' },
  { account: ACCOUNT, conv: 'cy' },
];

async function opened(unread: number) {
  const bridge = new FakeBridge();
  bridge.rows.set(
    'bob',
    Array.from({ length: 9 }, (_, i) => ownRow(`o${i + 1}`, 'hello', i + 1)),
  );
  bridge.conversations = bridge.conversations.map((row) => ({ ...row, unread }));
  const store = new MatchbookStore({
    ...{ bridge, now: () => 0, newId: () => 'x' },
    later: () => () => {},
  });
  await store.start();
  store.navigation.open(cy);
  return store;
}

describe('the place where one was', () => {
  it('is come back to, where it stood, and nothing is looked for there', async () => {
    const store = await opened(0);
    store.places.leave(bob, { n: 4, top: 12 });
    store.navigation.open(bob);
    await expect.poll(() => store.state.getState().jump).toMatchObject({ n: 4, back: 12 });
  });

  it('waits behind what is new, behind a place that one is led to, and behind the newest', async () => {
    const store = await opened(3);
    store.places.leave(bob, { n: 4, top: 12 });
    store.navigation.open(bob);
    await expect.poll(() => store.state.getState().timeline).not.toBeNull();
    expect(store.state.getState().jump).toBeNull();

    const other = await opened(0);
    other.places.leave(bob, { n: 4, top: 12 });
    other.navigation.jumpTo(bob, 7);
    await expect.poll(() => other.state.getState().jump).toMatchObject({ n: 7 });
    expect(other.state.getState().jump).not.toHaveProperty('back');
    other.places.leave(bob, null);
    other.navigation.open(cy);
    other.navigation.open(bob);
    await expect.poll(() => other.state.getState().timeline).not.toBeNull();
    expect(other.state.getState().jump).toBeNull();
  });

  it('is remembered of so many conversations', () => {
    const places = new LeftPlaces();
    for (let i = 0; i <= LEFT_PLACES; i++)
      places.leave({ account: ACCOUNT, conv: `c${i}` }, { n: i, top: 0 });
    expect(places.of({ account: ACCOUNT, conv: 'c0' })).toBeNull();
    expect(places.of({ account: ACCOUNT, conv: 'c1' })).toEqual({ n: 1, top: 0 });
  });
});

describe('the way back', () => {
  it('leads to where one was, as it stood, from whatever led away: step by step, and to the newest at last', async () => {
    const store = await opened(0);
    store.navigation.open(bob);
    await expect.poll(() => store.state.getState().timeline).not.toBeNull();
    const { state, places, navigation, reading } = store;
    const wished = () => state.getState().jump;
    // Nothing is shown yet: there is nowhere to come back to.
    navigation.jumpTo(bob, 2);
    expect(state.getState().trail).toEqual([]);
    places.here = () => null;
    navigation.jumpTo(bob, 3, ['word']);
    places.here = () => ({ n: 3, top: 40 });
    navigation.jumpTo(bob, 7);
    expect(wished()).toMatchObject({ n: 7 });
    expect(wished()).not.toHaveProperty('back');
    expect(reading.jumpBack()).toBe(true);
    expect(wished()).toMatchObject({ n: 3, back: 40, words: [] });
    expect(reading.jumpBack()).toBe(false);
    expect(state.getState().trail).toEqual([]);
  });
});
