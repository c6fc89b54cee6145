import type { GroupMember } from '@matchbook/protocol/bridge/people';
import type { PendingChange } from '@matchbook/protocol/bridge/waiting';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { App } from '../app.tsx';
import { ACCOUNT, FakeBridge, ME, refused } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import { inOrder, isLastOwner, mayDo, shownMembers } from './members.ts';

const member = (user: string, role: GroupMember['role'] = 'member'): GroupMember => ({
  ...{ user, name: `Name of ${user}`, avatar: null, role },
});
const change = (append: PendingChange['append'], failed?: PendingChange['failure']): PendingChange => ({
  ...{ id: `change-${append.kind}`, append, delivery: failed ? 'failed' : 'queued' },
  ...{ failure: failed ?? null, frozen: false },
});
const notAllowed = { kind: 'not_allowed' as const, message: 'Only owners …' };

async function opened(
  changes: PendingChange[],
  role: GroupMember['role'] = 'owner',
  isClosed: (user: string) => boolean = () => false,
) {
  const bridge = new FakeBridge({ convs: ['g'] });
  Object.assign(bridge.conversations[0]!, { form: 'group', name: 'Picnic', role, changes, headN: 1 });
  const members = [member(ME, role), member('bob'), member('cy', 'admin')];
  bridge.answers['group.facts'] = () => ({ ok: true, value: { conv: 'g', members, settings: null } });
  bridge.answers['outbox.append'] = () => ({ ok: true, value: { id: 'x' } });
  bridge.answers['outbox.retry'] = () => ({ ok: true, value: { id: 'x' } });
  bridge.answers['outbox.discard'] = () => ({ ok: true, value: { queued: false } });
  bridge.answers['people.profile'] = ({ user }: { user: string }) => ({
    ok: true,
    value: {
      ...{ user, name: `Name of ${user}`, avatar: null, status: null, lastSeen: null },
      ...(isClosed(user) ? { closed: true } : {}),
    },
  });
  bridge.answers['group.invitations'] = () => ({ ok: true, value: [] });
  bridge.answers['people.list'] = () => ({
    ok: true,
    value: ['bob', 'cy', 'dan'].map((user) => ({
      ...{ user, name: `Name of ${user}`, avatar: null, status: null, blocked: false },
    })),
  });
  await openWindow(bridge, <App />, render);
  await userEvent.click(await screen.findByTestId('info-open'));
  const info = await screen.findByTestId('info');
  await within(info).findAllByTestId('member');
  return { bridge, info };
}
const rowOf = (info: HTMLElement, user: string) =>
  within(info)
    .getAllByTestId('member')
    .find((one) => one.dataset.user === user)!;

describe('members as they are shown', () => {
  it('count what waits, not what was refused, and nobody twice', () => {
    const shown = shownMembers(
      [member(ME, 'owner'), member('bob'), member('cy')],
      [
        change({ kind: 'member_add', users: ['dan', 'bob'] }),
        change({ kind: 'member_role', user: 'bob', role: 'admin' }),
        change({ kind: 'member_role', user: 'cy', role: 'admin' }, notAllowed),
        change({ kind: 'member_remove', user: 'nobody' }),
      ],
      new Map(),
    );
    expect(shown.map(({ user, role, change: about }) => [user, role, about?.what ?? null])).toEqual([
      [ME, 'owner', null],
      ['bob', 'admin', 'role'],
      ['cy', 'member', 'role'],
      ['dan', 'member', 'add'],
    ]);
  });

  it('stand by their part, and then as the language sorts names', () => {
    const named = (name: string | null, role: GroupMember['role'] = 'member') => ({
      ...{ user: String(name), name, avatar: null, role, change: null },
    });
    const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
    const members = ['Zoe', null, 'Élise', 'émile', 'Åsa', 'Ben 10', 'Ben 9'].map((name) => named(name));
    const all = [...members, named('Yara', 'admin'), named('Zed', 'owner')];
    expect(inOrder(all, collator.compare).map(({ name }) => name)).toEqual([
      ...['Zed', 'Yara', 'Åsa', 'Ben 9', 'Ben 10', 'Élise', 'émile', 'Zoe', null],
    ]);
  });

  it('may be acted on as the log’s rules say', () => {
    expect(mayDo('owner', 'owner')).toEqual({ remove: true, role: true });
    expect(mayDo('admin', 'member')).toEqual({ remove: true, role: false });
    expect(mayDo('admin', 'admin')).toEqual({ remove: false, role: false });
    expect(mayDo('member', 'member')).toEqual({ remove: false, role: false });
    expect(isLastOwner([member(ME, 'owner'), member('bob')], ME)).toBe(true);
    expect(isLastOwner([member(ME, 'owner'), member('bob', 'owner')], ME)).toBe(false);
    expect(isLastOwner([member(ME, 'owner')], ME)).toBe(false);
  });
});

describe('a conversation whose creation was refused', () => {
  it('says why in the place of a greeting, with what can be done', async () => {
    const bridge = new FakeBridge({ convs: ['g'] });
    const failure = { kind: 'invalid_field' as const, message: '', field: 'members', limit: 64 };
    const refusal = change({ kind: 'create', form: 'group', members: [ME, 'bob'] }, failure);
    Object.assign(bridge.conversations[0]!, { form: 'group', name: 'Picnic', changes: [refusal] });
    bridge.answers['outbox.retry'] = () => ({ ok: true, value: { id: 'x' } });
    bridge.answers['outbox.discard'] = () => ({ ok: true, value: { queued: false } });
    const { store } = await openWindow(bridge, <App />, render);
    const said = await screen.findByTestId('creation-refused');
    expect(said.textContent).toContain(
      'The conversation was not created: A conversation has at most 64 members.',
    );
    await waitFor(() => expect(store.state.getState().timeline).not.toBeNull());
    expect(screen.queryByText(/Say hello/)).toBeNull();
    await userEvent.click(within(said).getByRole('button', { name: 'Try again' }));
    expect(bridge.asked('outbox.retry')).toMatchObject([{ account: ACCOUNT, id: refusal.id }]);
    await userEvent.click(within(said).getByTestId('change-give-up'));
    expect(bridge.asked('outbox.discard')).toMatchObject([{ id: refusal.id }]);
    // It is tried again: there is still nobody to greet.
    bridge.conversations[0]!.changes = [{ ...refusal, delivery: 'queued' }];
    bridge.emit('rows.changed', { account: ACCOUNT, convs: ['g'], list: true });
    await within(said).findByTestId('change-pending');
    expect(screen.queryByText(/Say hello/)).toBeNull();
    // It was made after all.
    bridge.conversations[0]!.changes = [];
    bridge.emit('rows.changed', { account: ACCOUNT, convs: ['g'], list: true });
    await screen.findByText(/Say hello/);
  });

  it('where it is given up it is gone, and the focus is in the list', async () => {
    const bridge = new FakeBridge({ convs: ['g', 'bob'] });
    const refusal = change({ kind: 'create', form: 'group', members: [ME, 'bob'] }, notAllowed);
    Object.assign(bridge.conversations[0]!, { form: 'group', name: 'Picnic', changes: [refusal] });
    bridge.answers['outbox.discard'] = () => ({ ok: true, value: { queued: false } });
    await openWindow(bridge, <App />, render);
    await userEvent.click(
      within(await screen.findByTestId('creation-refused')).getByTestId('change-give-up'),
    );
    bridge.conversations.shift();
    bridge.emit('rows.changed', { account: ACCOUNT, convs: ['g'], list: true });
    await screen.findByText('Choose a conversation.');
    expect(document.querySelector('.shell')?.classList).not.toContain('shell-open');
    await waitFor(() =>
      expect(document.activeElement).toHaveProperty('dataset.conv', bridge.conversations[0]!.conv),
    );
  });
});

describe('the pane about a group', () => {
  it('says beside the control why something was refused, and offers what can be done', async () => {
    const { bridge, info } = await opened([
      change({ kind: 'rename', body: { type: 'text/plain', text: 'Other' } }, notAllowed),
      change({ kind: 'member_remove', user: 'cy' }, notAllowed),
      change({ kind: 'member_role', user: 'bob', role: 'admin' }),
    ]);
    expect(info.textContent).toContain(
      'The name was not changed: Only owners and admins of the group may do this.',
    );
    expect(within(info).getByRole('heading', { level: 3 }).textContent).toBe('Picnic');
    expect(within(rowOf(info, 'bob')).getByTestId('member-note').textContent).toBe('Admin · Changing');
    const refusal = within(rowOf(info, 'cy')).getByTestId('change-failed');
    await userEvent.click(within(refusal).getByRole('button', { name: 'Try again' }));
    expect(bridge.asked('outbox.retry')).toMatchObject([{ account: ACCOUNT, id: 'change-member_remove' }]);
    await userEvent.click(within(refusal).getByTestId('change-give-up'));
    expect(bridge.asked('outbox.discard')).toMatchObject([{ id: 'change-member_remove' }]);
  });

  it('says of whom an admin closed the account, and asks the server once', async () => {
    const { bridge, info } = await opened([], 'member', (user) => user === 'cy');
    await waitFor(() =>
      expect(within(rowOf(info, 'cy')).getByTestId('member-note').textContent).toBe('Account closed · Admin'),
    );
    expect(within(rowOf(info, 'bob')).queryByTestId('member-note')).toBeNull();
    await userEvent.click(within(info).getByTestId('info-close'));
    await userEvent.click(await screen.findByTestId('info-open'));
    await screen.findByText('Account closed · Admin');
    expect(bridge.asked('people.profile').map(({ user }) => user)).toEqual(['cy', 'bob']);
  });

  it('lets a plain member change nothing, and leave', async () => {
    const { bridge, info } = await opened([], 'member');
    for (const control of ['group-edit', 'members-add', 'info-invites'])
      expect(within(info).queryByTestId(control)).toBeNull();
    await userEvent.click(within(info).getByTestId('group-leave'));
    await userEvent.click(await screen.findByTestId('confirm-leave-confirm'));
    expect(bridge.asked('outbox.append').at(-1)).toMatchObject({ append: { kind: 'member_leave' } });
  });

  it('tells the last owner who leaves by its menu in the list or by /leave, and leads to the members; nothing is asked of the log', async () => {
    const { bridge } = await opened([]);
    await userEvent.click(screen.getByTestId('info-close'));
    const list = await screen.findByTestId('conversation-row');
    const ways = [
      async () => {
        fireEvent.contextMenu(list, { clientX: 5, clientY: 5 });
        await userEvent.click(await screen.findByTestId('row-leave'));
      },
      async () => await userEvent.type(screen.getByTestId('composer'), '/leave {Enter}'),
    ];
    for (const way of ways) {
      await way();
      const asked = await screen.findByTestId('confirm-leave');
      expect(asked.textContent).toContain('Leave Picnic?You are the last owner.');
      await userEvent.click(within(asked).getByTestId('confirm-leave-confirm'));
      await userEvent.click(await screen.findByTestId('info-close'));
    }
    expect(bridge.asked('outbox.append')).toEqual([]);
  });

  it('asks whoever leaves by its menu in the list, by its name', async () => {
    const { bridge } = await opened([], 'member');
    fireEvent.contextMenu(screen.getByTestId('conversation-row'), { clientX: 5, clientY: 5 });
    await userEvent.click(await screen.findByTestId('row-leave'));
    const asked = await screen.findByTestId('confirm-leave');
    expect(asked.textContent).toContain('Leave Picnic?');
    await userEvent.click(within(asked).getByTestId('confirm-leave-confirm'));
    expect(bridge.asked('outbox.append').at(-1)).toMatchObject({ append: { kind: 'member_leave' } });
  });

  it('adds people one knows who are not in it, and names what a name may not be', async () => {
    const { bridge, info } = await opened([]);
    await userEvent.click(within(info).getByTestId('members-add'));
    const dialog = await screen.findByTestId('add-people');
    await waitFor(() =>
      expect(
        within(dialog)
          .getAllByTestId('person-option')
          .map((one) => one.dataset.user),
      ).toEqual(['dan']),
    );
    await waitFor(() => expect(document.activeElement).toBe(within(dialog).getByRole('combobox')));
    await userEvent.keyboard('{Enter}');
    await userEvent.click(within(dialog).getByTestId('add-people-confirm'));
    expect(bridge.asked('outbox.append').at(-1)).toMatchObject({
      append: { kind: 'member_add', users: ['dan'] },
    });
    await userEvent.click(within(info).getByTestId('group-edit'));
    await userEvent.clear(within(info).getByTestId('group-rename'));
    await userEvent.click(within(info).getByTestId('group-save'));
    expect(within(info).getByRole('alert').textContent).toBe('Please give the group a name.');
    await userEvent.click(within(info).getByTestId('group-rename'));
    await userEvent.paste('é'.repeat(101));
    await userEvent.click(within(info).getByTestId('group-save'));
    expect(within(info).getByRole('alert').textContent).toContain('100 characters');
  });

  it('leaves what somebody else changed while one wrote, and one did not touch', async () => {
    const { bridge, info } = await opened([]);
    const about = (description: string) => ({
      type: 'application/vnd.matchbook.settings+json',
      text: JSON.stringify({ description }),
    });
    const facts = bridge.answers['group.facts']!({} as never) as { value: object };
    const tell = (name: string, description: string) => {
      Object.assign(bridge.conversations[0]!, { name, headN: bridge.conversations[0]!.headN + 1 });
      const value = { ...facts.value, settings: about(description) };
      bridge.answers['group.facts'] = () => ({ ok: true, value });
      bridge.emit('rows.changed', { account: ACCOUNT, convs: ['g'], list: true });
    };
    tell('Picnic', 'By the lake');
    await within(info).findByText('By the lake');
    await userEvent.click(within(info).getByTestId('group-edit'));
    // Another one renames it, and says something else of it, meanwhile.
    tell('Lunch', 'By the sea');
    await screen.findByRole('heading', { name: 'Lunch', level: 1 });
    await userEvent.type(within(info).getByTestId('group-describe'), ', at ten');
    await userEvent.click(within(info).getByTestId('group-save'));
    await waitFor(() => expect(bridge.asked('outbox.append').length).toBeGreaterThan(0));
    await within(info).findByTestId('group-edit');
    const kinds = () => bridge.asked('outbox.append').map(({ append }) => (append as { kind: string }).kind);
    expect(kinds()).toEqual(['settings']);
    await userEvent.click(within(info).getByTestId('group-edit'));
    tell('Lunch', 'At the pier');
    await userEvent.type(within(info).getByTestId('group-rename'), 'eon');
    await userEvent.click(within(info).getByTestId('group-save'));
    await within(info).findByTestId('group-edit');
    expect(kinds()).toEqual(['settings', 'rename']);
  });

  it('is changed once, however often one says so before it is stored, and again where it was not', async () => {
    const { bridge, info } = await opened([]);
    const answers: ((answer: unknown) => void)[] = [];
    bridge.answers['outbox.append'] = () => new Promise((resolve) => void answers.push(resolve)) as never;
    await userEvent.click(within(info).getByTestId('group-edit'));
    await userEvent.type(within(info).getByTestId('group-rename'), ' 2');
    for (let i = 0; i < 2; i++) fireEvent.submit(within(info).getByTestId('group-rename').closest('form')!);
    await waitFor(() => expect(answers).toHaveLength(1));
    answers[0]!(refused('disk_full'));
    await within(info).findByRole('alert');
    await userEvent.click(within(info).getByTestId('group-save'));
    await waitFor(() => expect(answers).toHaveLength(2));
    answers[1]!({ ok: true, value: { id: 'x' } });
    await within(info).findByTestId('group-edit');
    expect(bridge.asked('outbox.append')).toHaveLength(2);
  });

  it('says why there is no invitation, and keeps those that there are', async () => {
    const { bridge, info } = await opened([]);
    bridge.answers['group.invite'] = () => refused('not_allowed');
    await userEvent.click(within(info).getByTestId('info-invites'));
    await userEvent.click(await within(info).findByTestId('invite-make'));
    expect((await within(info).findByTestId('invite-error')).textContent).toBe(
      'Only owners and admins of the group may do this.',
    );
  });
});

it('whom one writes to is chosen from names in the order of one’s language', async () => {
  const bridge = new FakeBridge();
  // As the database has them: by the numbers of their letters.
  bridge.answers['people.list'] = () => ({
    ok: true,
    value: ['anna', 'Ben', 'Zoe', 'Åsa', 'Élise'].map((name) => ({
      ...{ user: name, name, avatar: null, status: null, blocked: false },
    })),
  });
  await openWindow(bridge, <App />, render);
  await userEvent.keyboard('{Control>}n{/Control}');
  const options = await screen.findAllByRole('option');
  expect(options.map((one) => one.textContent?.replace(/^\p{L}(?=\p{Lu}|anna)/u, ''))).toEqual([
    ...['anna', 'Åsa', 'Ben', 'Élise', 'Zoe'],
  ]);
});
