import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { App } from '../app.tsx';
import { FakeBridge } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';

it('says where one writes to an account that is closed that it is', async () => {
  const bridge = new FakeBridge({ convs: ['bob'] });
  const profile = (closed: boolean) => {
    bridge.answers['people.profile'] = ({ user }: { user: string }) => ({
      ok: true,
      value: { user, name: 'Bob', avatar: null, status: null, lastSeen: null, closed },
    });
  };
  profile(true);
  const { store } = await openWindow(bridge, <App />, render);
  const line = await screen.findByTestId('closed-line');
  expect(line.textContent).toBe('An admin of this server closed this account');
  profile(false);
  const [{ user }] = bridge.asked('people.profile') as [{ user: string }];
  await store.people.profile(bridge.app.accounts[0]!.account, user);
  await waitFor(() => expect(screen.queryByTestId('closed-line')).toBeNull());
});

it('says in the conversation itself that its other side is blocked, and lets them in again', async () => {
  const bridge = new FakeBridge({ convs: ['bob'] });
  let blocked = true;
  bridge.answers['people.list'] = () => ({
    ok: true,
    value: [{ user: 'bob', name: 'Bob', avatar: null, status: null, blocked }],
  });
  await openWindow(bridge, <App />, render);
  const line = await screen.findByTestId('blocked-line');
  expect(line.textContent).toContain('You have blocked');
  const appended: unknown[] = [];
  bridge.answers['outbox.append'] = (request) => {
    appended.push(request);
    return { ok: true, value: { id: 'x' } };
  };
  await userEvent.click(screen.getByTestId('blocked-undo'));
  expect(document.activeElement).toBe(screen.getByTestId('composer'));
  expect(JSON.stringify(appended)).toContain('"block"');
  blocked = false;
  bridge.emit('rows.changed', { account: bridge.app.accounts[0]!.account, convs: [], list: true });
  await waitFor(() => expect(screen.queryByTestId('blocked-line')).toBeNull());
});
