import type { AccountSummary, ConversationRow, TimelineRow } from '@matchbook/protocol/bridge/views';
import { render, screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { App } from '../app.tsx';
import { ACCOUNT, FakeBridge, ME, ownRow } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import { useNames } from './use-names.ts';

const group = (bridge: FakeBridge): ConversationRow => ({
  ...bridge.conversations[0]!,
  ...{ conv: 'trip', form: 'group', name: 'Trip' },
  members: [{ user: ME, name: 'Ann' }],
});

it('who has left keeps their name, also one whom this window has not heard of before', async () => {
  const bridge = new FakeBridge();
  let known = ['bob'];
  bridge.answers['people.list'] = () => ({
    ok: true,
    value: known.map((user) => ({
      user,
      name: `${user}’s name`,
      avatar: null,
      status: null,
      blocked: false,
    })),
  });
  const account = { account: ACCOUNT, user: ME, name: 'Ann' } as AccountSummary;
  const said = (sender: string): TimelineRow => ({ ...ownRow(sender, 'words', 2), own: false, sender });
  const left: TimelineRow = { ...said('bob'), kind: 'member_remove', body: null, says: { user: 'dan' } };
  const rows = [said('cy'), left];
  function Names() {
    const nameOf = useNames(group(bridge), account, rows);
    return <p data-testid="names">{['bob', 'cy', 'dan', ME].map(nameOf).join(' ')}</p>;
  }
  await openWindow(bridge, <Names />, render);
  await waitFor(() => expect(screen.getByTestId('names').textContent).toContain('bob’s name Someone new'));
  known = ['bob', 'cy', 'dan'];
  bridge.emit('rows.changed', { account: ACCOUNT, convs: [], list: true });
  await waitFor(() =>
    expect(screen.getByTestId('names').textContent).toBe('bob’s name cy’s name dan’s name Ann'),
  );
});

it('who was removed while they wrote does not write any more', async () => {
  const bridge = new FakeBridge();
  const member = { user: 'bob', name: 'Bob' };
  const with_ = (members: ConversationRow['members']) => {
    bridge.conversations = [{ ...group(bridge), members }];
  };
  with_([{ user: ME, name: 'Ann' }, member]);
  bridge.answers['presence.state'] = () => ({
    ok: true,
    value: { users: [], typing: [{ conv: 'trip', user: 'bob' }] },
  });
  await openWindow(bridge, <App />, render);
  expect((await screen.findByTestId('row-typing')).textContent).toContain('Bob');
  with_([{ user: ME, name: 'Ann' }]);
  bridge.emit('rows.changed', { account: ACCOUNT, convs: [], list: true });
  await waitFor(() => expect(screen.queryByTestId('row-typing')).toBeNull());
});
