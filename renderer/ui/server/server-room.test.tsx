import { ADMIN_PAGE } from '@matchbook/protocol/bridge/admin';
import type {
  AdminConversation,
  AdminUser,
  AuditEntry,
  DeadLetter,
  FileFault,
  Report,
} from '@matchbook/protocol/http/admin';
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
const GROUP: AdminConversation = {
  ...{ conv: 'g-1', form: 'group', entries: 1_200, messages: 1_000 },
  ...{ members: 12, lastMessageAt: null },
};
const FAULT: FileFault = {
  ...{ hash: 'a'.repeat(64), part: 'file', what: 'missing', foundAt: 1 },
  ...{ size: 2_048, type: 'image/png', owners: ['bob'] },
};
const did = (action: string, subject: string, detail: object, place: number): AuditEntry => ({
  ...{ place, time: 1, actor: 'me', action, subject, detail },
});
const DID: [string, string, object][] = [
  ['user.change', 'eve', { admin: true, disabled: false }],
  ['user.sessions.end', 'eve', { count: 2 }],
  ['dead-letter.drop', 'save-3', {}],
  ['settings.change', '', { registration: 'closed', fileBytes: 1_048_576 }],
  ['server.moved', 'elsewhere', {}],
];

async function room(admin: boolean) {
  const bridge = new FakeBridge();
  const ok = (value: unknown) => () => ({ ok: true, value });
  bridge.answers['people.own'] = ok({
    ...{ user: ME, name: 'Ada', avatar: null, status: null, lastSeen: null },
    ...{ admin, showLastSeen: true },
  });
  // The settings open at the account, on the way here.
  bridge.answers['account.own'] = () => refused('server_unreachable');
  const MEGABYTE = 1024 * 1024;
  bridge.answers['admin.settings'] = ok({
    ...{ name: 'Here', registration: 'invitation' },
    ...{ fileBytes: 512 * MEGABYTE, quotaBytes: 10_240 * MEGABYTE },
  });
  const page = (items: unknown[]) => ok({ items, names: { bob: 'Bob', eve: 'Eve Adams', me: 'Ada' } });
  bridge.answers['admin.storage'] = ok({
    storage: {
      ...{ databaseBytes: 1, users: 2, conversations: 3, messages: 4, files: 0, fileBytes: 0 },
      ...{ deadLetters: 1, outbound: 0 },
    },
    files: { check: null, faults: [FAULT], names: { bob: 'Bob' } },
  });
  bridge.answers['admin.users'] = page([USER]);
  bridge.answers['admin.deadLetters'] = page([LETTER]);
  bridge.answers['admin.reports'] = page([REPORT]);
  bridge.answers['admin.conversations'] = page([GROUP]);
  bridge.answers['admin.sessions'] = ok([
    { device: 'd-7', name: 'Old laptop', createdAt: 1, lastUsed: 2, current: false },
  ]);
  // Two pages: the second is asked for with the place of the last line.
  bridge.answers['admin.audit'] = ({ before }: { before: number | null }) =>
    page(
      before === null
        ? Array.from({ length: ADMIN_PAGE }, (_, i) => did('report.close', 'r', {}, 900 - i))
        : DID.map(([action, subject, detail], i) => did(action, subject, detail, 90 - i)),
    )();
  for (const call of [
    ...['set', 'changeUser', 'endSessions', 'endSession', 'checkFiles'],
    ...['retryLetter', 'dropLetter', 'closeReport'],
  ])
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

it('sets what files may take, names files that are not whole, and refuses a limit that is none before it is sent', async () => {
  const { bridge, settings } = await room(true);
  await userEvent.click(await within(settings).findByTestId('settings-server'));
  const [file, save] = [
    await within(settings).findByTestId('server-fileBytes'),
    within(settings).getByTestId<HTMLButtonElement>('server-limits-save'),
  ];
  expect(save.disabled).toBe(true);
  await userEvent.clear(file);
  await userEvent.type(file, '0');
  expect(save.disabled).toBe(true);
  expect(file.getAttribute('aria-invalid')).toBe('true');
  await userEvent.clear(file);
  await userEvent.type(file, '64');
  await userEvent.click(save);
  expect(bridge.asked('admin.set')).toEqual([{ account: ACCOUNT, change: { fileBytes: 64 * 1024 * 1024 } }]);
  expect((await within(settings).findByTestId('server-faults')).textContent).toMatch(/image\/png.*Bob/);
});

it('ends the sessions of somebody, one or all, and makes an admin, each after a question', async () => {
  const { bridge, settings } = await room(true);
  await userEvent.click(await within(settings).findByTestId('settings-server'));
  await userEvent.click(await within(settings).findByTestId('server-people'));
  const menu = async (item: string) => {
    await userEvent.click(await within(settings).findByTestId('server-user-menu'));
    await userEvent.click(await screen.findByTestId(item));
  };
  await menu('server-end');
  expect(bridge.asked('admin.endSessions')).toEqual([]);
  await userEvent.click(await screen.findByTestId('confirm-end-confirm'));
  expect(bridge.asked('admin.endSessions')).toEqual([{ account: ACCOUNT, user: 'bob' }]);
  await menu('server-make-admin');
  await userEvent.click(await screen.findByTestId('confirm-make-confirm'));
  expect(bridge.asked('admin.changeUser').at(-1)).toMatchObject({ user: 'bob', change: { admin: true } });
  await menu('server-devices');
  await userEvent.click(await screen.findByTestId('server-end-device'));
  expect(bridge.asked('admin.endSession')).toEqual([]);
  await userEvent.click(await screen.findByTestId('confirm-end-device-confirm'));
  expect(bridge.asked('admin.endSession')).toEqual([{ account: ACCOUNT, user: 'bob', device: 'd-7' }]);
});

it('tells how large conversations are and, page by page and of one kind, what admins did; from a report one comes to the account', async () => {
  const { bridge, settings } = await room(true);
  await userEvent.click(await within(settings).findByTestId('settings-server'));
  await userEvent.click(await within(settings).findByTestId('server-conversations'));
  const line = await within(settings).findByTestId('server-conversation');
  expect(line.textContent).toContain('1,000 messages, 1,200 entries, 12 members');

  await userEvent.click(within(settings).getByTestId('server-audit'));
  const lines = () => within(settings).getAllByTestId('server-audit-entry');
  await waitFor(() => expect(lines()).toHaveLength(ADMIN_PAGE));
  await userEvent.click(within(settings).getByTestId('server-more'));
  await waitFor(() => expect(lines()).toHaveLength(ADMIN_PAGE + DID.length));
  expect(bridge.asked('admin.audit').at(-1)).toMatchObject({ about: 'all', before: 900 - ADMIN_PAGE + 1 });
  expect(
    lines()
      .slice(ADMIN_PAGE)
      .map((one) => one.querySelector('span span')?.textContent),
  ).toEqual([
    'Ada made Eve Adams an admin and Ada opened the account of Eve Adams again',
    'Ada signed out 2 devices of Eve Adams',
    'Ada let save-3 go',
    'Ada set Who may make an account here: Nobody and Largest file, in MB: 1 MB',
    'Ada: server.moved elsewhere',
  ]);
  await userEvent.click(within(settings).getByTestId('server-audit-about'));
  await userEvent.click(await screen.findByRole('option', { name: 'Reports' }));
  await waitFor(() => expect(bridge.asked('admin.audit').at(-1)).toMatchObject({ about: 'report' }));

  await userEvent.click(within(settings).getByTestId('server-reports'));
  await userEvent.click(await within(settings).findByTestId('server-report-person'));
  expect(await within(settings).findByTestId<HTMLInputElement>('server-find')).toHaveProperty('value', 'eve');
  expect(bridge.asked('admin.users').at(-1)).toMatchObject({ q: 'eve' });
});
