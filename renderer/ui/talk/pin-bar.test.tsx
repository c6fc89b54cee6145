import { render, screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { ACCOUNT, FakeBridge, ownRow } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import { useKnown } from '../use-store.ts';
import { PinBar } from './pin-bar.tsx';

function Bar() {
  const address = useKnown((state) => state.open);
  return address && <PinBar address={address} waiting={0} user="me" leadTo={() => {}} />;
}

it('what was pinned is above the timeline also where it comes late, before the rows that are shown', async () => {
  const bridge = new FakeBridge();
  const newest = [8, 9].map((n) => ownRow(`m${n}`, `message ${n}`, n));
  bridge.answers['timeline.page'] = () => ({
    ok: true,
    value: {
      ...{ rows: newest, waiting: [], holes: [], older: true, newer: false },
      ...{ headN: 9, readN: 9, unreadN: 0, unbroken: true },
    },
  });
  bridge.answers['timeline.lines'] = () => ({
    ok: true,
    value: { rows: [], waiting: [], readN: 9, unreadN: 0 },
  });
  const { store } = await openWindow(bridge, <Bar />, render);
  await waitFor(() => expect(store.state.getState().timeline?.rows).toHaveLength(2));
  await waitFor(() => expect(bridge.asked('message.pinned')).not.toEqual([]));
  const folded = { first: null, edits: [], reactions: [], pinned: true, deleted: null };
  bridge.answers['message.pinned'] = () => ({
    ok: true,
    value: { rows: [{ ...ownRow('m2', 'the pier', 2), folded }], absent: [] },
  });
  bridge.emit('rows.changed', { account: ACCOUNT, convs: ['bob'], list: false, places: { bob: [2, 3] } });
  expect((await screen.findByTestId('pin-bar')).textContent).toContain('the pier');
  // Nothing of it changed: nobody is asked.
  const asked = bridge.asked('message.pinned').length;
  bridge.emit('rows.changed', { account: ACCOUNT, convs: ['bob'], list: false, places: { bob: [9] } });
  await waitFor(() => expect(bridge.asked('timeline.lines').length).toBeGreaterThan(1));
  expect(bridge.asked('message.pinned')).toHaveLength(asked);
});
