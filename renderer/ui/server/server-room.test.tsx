import type { AdminUser, DeadLetter, Report } from '@matchbook/protocol/http/admin';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { App } from '../app.tsx';
import { ACCOUNT, FakeBridge, ME, refused } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';

const USER: AdminUser = {
  ...{ user: 'bob', name: 'Bob', login: null, admin: false, createdAt: 1, lastSeen: null },
  ...{ disabledAt: null, sessions: 2, fileBytes: 0 },
};
const LETTER: DeadLetter = {
  ...{ letter: 'save-3', way: 'save', reason: 'too odd', createdAt: 1, epoch: 'e', seq: 9 },
  item: { kind: 'message' },
};
const REPORT: Report = {
  ...{ id: 'r-1', reporter: 'bob', conv: 'c', n: 2, reason: 'rude', createdAt: 1 },
  ...{ closedAt: null, closedBy: null, note: null },
  evidence: [
    {
      entry: {
        ...{ kind: 'message', conv: 'c', n: 2, m: 1, h: '0'.repeat(16), id: 'm', sender: 'eve', time: 1 },
        body: { type: 'text/plain', text: 'you fool' },
      },
      ...{ edits: [], reactions: [], pinned: false, deleted: null },
    },
  ],
};

async function room(admin: boolean) {
  const bridge = new FakeBridge();
  const ok = (value: unknown) => () => ({ ok: true, value });
  bridge.answers['people.own'] = ok({
    ...{ user: ME, name: 'Ada', avatar: null, status: null, lastSeen: null },
    ...{ admin, showLastSeen: true },
  });
  bridge.answers['admin.settings'] = ok({ name: 'Here', registration: 'invitation' });
  bridge.answers['admin.storage'] = ok({
    storage: {
      ...{ databaseBytes: 1, users: 2, conversations: 3, messages: 4, files: 0, fileBytes: 0 },
      ...{ deadLetters: 1, outbound: 0 },
    },
    files: { check: null, faults: [] },
  });
  bridge.answers['admin.users'] = ok([USER]);
  bridge.answers['admin.deadLetters'] = ok([LETTER]);
  bridge.answers['admin.reports'] = ok([REPORT]);
  for (const call of ['changeUser', 'retryLetter', 'dropLetter', 'closeReport'])
    bridge.answers[`admin.${call}`] = ok(null);
  await openWindow(bridge, <App />, render);
  await userEvent.keyboard('{Control>},{/Control}');
  // Loaded when it is first opened.
  const settings = await screen.findByTestId('settings', {}, { timeout: 20_000 });
  await waitFor(() => expect(bridge.asked('people.own')).not.toHaveLength(0));
  return { bridge, settings };
}

it('shows the server to its admins alone', async () => {
  const { settings } = await room(false);
  await within(settings).findByTestId('settings-about');
  expect(within(settings).queryByTestId('settings-server')).toBeNull();
});

it('closes an account after a question, tries again what was not saved, is done with a report, and says what the server refused', async () => {
  const { bridge, settings } = await room(true);
  await userEvent.click(await within(settings).findByTestId('settings-server'));
  await within(settings).findByTestId('server-storage');

  await userEvent.click(within(settings).getByTestId('server-people'));
  await userEvent.click(await within(settings).findByTestId('server-user-menu'));
  await userEvent.click(await screen.findByTestId('server-close'));
  expect(bridge.asked('admin.changeUser')).toEqual([]);
  await userEvent.click(await screen.findByTestId('confirm-close-confirm'));
  expect(bridge.asked('admin.changeUser')).toEqual([
    { account: ACCOUNT, user: 'bob', change: { disabled: true } },
  ]);

  await userEvent.click(within(settings).getByTestId('server-reports'));
  const report = await within(settings).findByTestId('server-report');
  expect(report.textContent).toContain('you fool');
  await userEvent.type(within(report).getByRole('textbox'), 'talked to them');
  await userEvent.click(within(report).getByTestId('server-report-close'));
  expect(bridge.asked('admin.closeReport')).toEqual([
    { account: ACCOUNT, id: 'r-1', note: 'talked to them' },
  ]);

  await userEvent.click(within(settings).getByTestId('server-letters'));
  const letter = await within(settings).findByTestId('server-letter');
  bridge.answers['admin.retryLetter'] = () => refused('server_unreachable');
  await userEvent.click(within(letter).getByRole('button', { name: 'Try again' }));
  expect(bridge.asked('admin.retryLetter')).toEqual([{ account: ACCOUNT, letter: 'save-3' }]);
  expect((await within(settings).findByTestId('server-error')).textContent).toContain('does not answer');
});
