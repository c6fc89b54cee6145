import { act, render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { ACCOUNT, FakeBridge } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import { FailureLine } from './notices.tsx';

it('that the conversation of a link is not known is said until it is, or until one turns to something else', async () => {
  const bridge = new FakeBridge({ convs: ['bob'] });
  const { store } = await openWindow(bridge, <FailureLine />, render);
  const isSaid = () => screen.queryByRole('alert') !== null;
  const follow = (conv: string) =>
    act(() => bridge.emit('message.opened', { link: `matchbook://message/${conv}/1` }));
  follow('cy');
  expect(isSaid()).toBe(true);
  bridge.conversations = new FakeBridge({ convs: ['bob', 'cy'] }).conversations;
  await act(async () => bridge.emit('rows.changed', { account: ACCOUNT, convs: ['cy'], list: true }));
  await expect.poll(isSaid).toBe(false);
  follow('dee');
  expect(isSaid()).toBe(true);
  act(() => store.navigation.open({ account: ACCOUNT, conv: 'cy' }));
  expect(isSaid()).toBe(false);
  // Another failure has its own end.
  act(() => store.state.setState({ failure: { kind: 'not_allowed', message: '' } }));
  act(() => store.navigation.open({ account: ACCOUNT, conv: 'bob' }));
  expect(isSaid()).toBe(true);
});
