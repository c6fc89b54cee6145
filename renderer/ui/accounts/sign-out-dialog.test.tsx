import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { App } from '../app.tsx';
import { ACCOUNT, FakeBridge } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';

it('who signs out while something waits stands before what loses nothing, not in the field that gives it up', async () => {
  const bridge = new FakeBridge();
  bridge.answers['outbox.count'] = () => ({
    ok: true,
    value: { waiting: 2, failed: 0, held: 0, since: 1 },
  });
  const { store } = await openWindow(bridge, <App />, render);
  await store.waiting.changed(ACCOUNT);
  store.panels.open({ kind: 'sign-out', account: ACCOUNT });
  await screen.findByTestId('unsent-name');
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('sign-out-keep')));
});

it('a further account is added by keys: its first way in has the focus', async () => {
  const { store } = await openWindow(new FakeBridge(), <App />, render);
  store.navigation.addAccount(true);
  const first = await screen.findByTestId('have-invitation');
  expect(document.activeElement).toBe(first);
  await userEvent.keyboard('{Tab}{Enter}');
  await userEvent.click(await screen.findByRole('button', { name: 'Back' }));
  const left = await screen.findByTestId('sign-in');
  expect(document.activeElement).toBe(left);
});
