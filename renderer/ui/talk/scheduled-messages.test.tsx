import type { ScheduledMessage } from '@matchbook/protocol/http/people';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { FakeBridge } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import { ScheduledMessages } from './scheduled-messages.tsx';

const later = (id: string, due: number): ScheduledMessage => ({
  ...{ id, conv: 'bob', body: { type: 'text/plain', text: id }, due, silent: false, refused: null },
});

it('what is sent from the list leaves it at once, and what is due soon after its time', async () => {
  const bridge = new FakeBridge();
  let kept = [later('soon', Date.now() + 50), later('far', Date.now() + 3_600_000)];
  bridge.answers['scheduled.list'] = () => ({ ok: true, value: kept });
  // The server sends it a moment later: it is still listed.
  bridge.answers['scheduled.put'] = () => ({ ok: true, value: null });
  await openWindow(bridge, <ScheduledMessages account={bridge.app.accounts[0]!} />, render);
  const rows = () => screen.queryAllByTestId('scheduled-row').map((row) => row.textContent);
  await waitFor(() => expect(rows()).toHaveLength(2));
  fireEvent.click(screen.getAllByTestId('scheduled-now')[1]!);
  await waitFor(() => expect(rows()).toEqual([expect.stringContaining('soon')]));
  kept = [{ ...later('far', Date.now()), refused: 'not a member' }];
  await waitFor(() => expect(rows()).toEqual([expect.stringContaining('not a member')]), { timeout: 5_000 });
});
