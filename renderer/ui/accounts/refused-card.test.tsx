import type { Cause, SessionState } from '@matchbook/protocol/session-state';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { App } from '../app.tsx';
import { ACCOUNT, FakeBridge } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';

const cause = (more: Partial<Cause>): Cause => ({ at: 0, phase: 'dial', message: 'x', ...more });
const flow = { since: 0, lastData: 0, complete: 0, behind: null };

it('a server with another key is told in full, also while it is tried again, and is gone once it is right', async () => {
  const bridge = new FakeBridge();
  bridge.answers['session.reconnect'] = () => ({ ok: true, value: null });
  await openWindow(bridge, <App />, render);
  const is = (state: SessionState) => bridge.emit('session.changed', { account: ACCOUNT, state });
  is({ kind: 'waiting', attempt: 1, at: 0, cause: cause({ fault: 'certificate_other_key' }) });
  const card = await screen.findByTestId('refused-card');
  expect(card.textContent).toMatch(/Not connected to .*Here.*another key.*Nothing is sent to it.*kept here/s);
  is({ kind: 'connecting', attempt: 2, since: 0 });
  expect(screen.getByTestId('refused-card').textContent).toContain('another key');
  await userEvent.click(screen.getByTestId('refused-again'));
  expect(bridge.asked('session.reconnect')).toEqual([{ account: ACCOUNT }]);
  is({ kind: 'live', ...flow });
  await waitFor(() => expect(screen.queryByTestId('refused-card')).toBeNull());
  // What comes back is another matter: nothing of the old one shows while it is tried.
  is({ kind: 'connecting', attempt: 1, since: 0 });
  is({ kind: 'waiting', attempt: 1, at: 0, cause: cause({ fault: 'no_answer' }) });
  expect(screen.queryByTestId('refused-card')).toBeNull();
  is({ kind: 'closed', cause: cause({ failure: { kind: 'version_unsupported', message: 'x' } }) });
  expect((await screen.findByTestId('refused-card')).textContent).toContain('Update Matchbook');
});
