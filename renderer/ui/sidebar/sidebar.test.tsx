import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { App } from '../app.tsx';
import { ACCOUNT, FakeBridge } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import { AIMED } from './use-held-order.ts';

const rowOf = (conv: string) =>
  screen.getAllByTestId('conversation-row').find((row) => row.dataset.conv === conv)!;

afterEach(() => void vi.useRealTimers());

it('marks a conversation as unread and as read, by menu and by key, and shows a dot without a count', async () => {
  const bridge = new FakeBridge();
  bridge.conversations = bridge.conversations.map((row) => ({ ...row, headN: 7 }));
  bridge.answers['read.unmark'] = () => ({ ok: true, value: null });
  await openWindow(bridge, <App />, render);
  await userEvent.pointer({ keys: '[MouseRight]', target: rowOf('cy') });
  await userEvent.click(await screen.findByTestId('mark-unread'));
  expect(bridge.asked('read.unmark')).toEqual([{ account: ACCOUNT, conv: 'cy', n: 7 }]);
  // As the store then lists it.
  bridge.conversations = bridge.conversations.map((row) =>
    row.conv === 'cy' ? { ...row, unread: 1, marked: true } : row,
  );
  bridge.emit('rows.changed', { account: ACCOUNT, convs: [], list: true });
  expect((await within(rowOf('cy')).findByTestId('unread-dot')).textContent).toBe('Marked as unread');
  expect(rowOf('cy').textContent).not.toContain('1 unread');
  // The key is of the row that has the focus, else of what is open.
  rowOf('cy').focus();
  await userEvent.keyboard('{Control>}u{/Control}');
  await waitFor(() => expect(bridge.asked('read.mark')).toEqual([{ account: ACCOUNT, conv: 'cy', n: 7 }]));
  rowOf('cy').blur();
  await userEvent.keyboard('{Control>}u{/Control}');
  await waitFor(() =>
    expect(bridge.asked('read.unmark').at(-1)).toEqual({ account: ACCOUNT, conv: 'bob', n: 7 }),
  );
});

it('a group without a name has the picture of a group and the names of its members, wherever it stands', async () => {
  const bridge = new FakeBridge();
  const members = ['me', 'Bob Lee', 'Cy Moss'].map((name) => ({ user: name, name }));
  const [row] = bridge.conversations;
  bridge.conversations = [{ ...row!, form: 'group', members }, bridge.conversations[1]!];
  await openWindow(bridge, <App />, render);
  const isGroup = (element: HTMLElement) => element.querySelector('.avatar-group') !== null;
  expect(rowOf('bob').textContent).toContain('Bob Lee, Cy Moss');
  expect(isGroup(rowOf('bob'))).toBe(true);
  expect(isGroup(rowOf('cy'))).toBe(false);
  await screen.findByTestId('composer');
  expect(isGroup(screen.getByRole('heading', { level: 1 }).closest('header')!)).toBe(true);
  expect(document.title).toBe('Bob Lee, Cy Moss – Matchbook');
  await userEvent.keyboard('{Control>}k{/Control}');
  await screen.findByTestId('switcher');
  expect(isGroup(screen.getAllByTestId('switcher-line')[0]!)).toBe(true);
  await userEvent.keyboard('{Escape}');
  bridge.conversations = [{ ...bridge.conversations[0]!, name: 'Picnic' }, bridge.conversations[1]!];
  bridge.emit('rows.changed', { account: ACCOUNT, convs: ['bob'], list: true });
  await waitFor(() => expect(rowOf('bob').textContent).toContain('Picnic'));
  expect(isGroup(rowOf('bob'))).toBe(false);
  // A name of the other direction leaves the name of the app where it stands.
  bridge.conversations = [{ ...bridge.conversations[0]!, name: 'نزهة' }, bridge.conversations[1]!];
  bridge.emit('rows.changed', { account: ACCOUNT, convs: ['bob'], list: true });
  await waitFor(() => expect(document.title).toBe('\u2068نزهة\u2069 – \u2068Matchbook\u2069'));
});

it('mutes a conversation for as long as is chosen, by keys alone, and takes it back', async () => {
  const bridge = new FakeBridge();
  await openWindow(bridge, <App />, render);
  await userEvent.pointer({ keys: '[MouseRight]', target: rowOf('cy') });
  await screen.findByTestId('mute');
  await userEvent.keyboard('Mute{ArrowRight}');
  await screen.findByTestId('mute-hour');
  await userEvent.keyboard('{Enter}');
  await waitFor(() => expect(bridge.asked('conversation.mute')).toHaveLength(1));
  const [{ until } = { until: 0 }] = bridge.asked('conversation.mute') as { until: number }[];
  expect(Math.abs(until - Date.now() - 3_600_000)).toBeLessThan(60_000);
  bridge.conversations = bridge.conversations.map((row) =>
    row.conv === 'cy' ? { ...row, mutedUntil: until } : row,
  );
  bridge.emit('rows.changed', { account: ACCOUNT, convs: [], list: true });
  await within(rowOf('cy')).findByText('Muted');
  await userEvent.pointer({ keys: '[MouseRight]', target: rowOf('cy') });
  await userEvent.click(await screen.findByTestId('unmute'));
  await waitFor(() =>
    expect(bridge.asked('conversation.mute').at(-1)).toEqual({ account: ACCOUNT, conv: 'cy', until: 0 }),
  );
});

it('shows that a conversation is pinned also while something in it is unread', async () => {
  const bridge = new FakeBridge();
  bridge.conversations = bridge.conversations.map((row) =>
    row.conv === 'cy' ? { ...row, pinned: 1, unread: 3, headN: 3, mentions: 1 } : row,
  );
  await openWindow(bridge, <App />, render);
  expect(within(rowOf('cy')).getByText(/^3 /)).toBeTruthy();
  expect(within(rowOf('cy')).getByText('Pinned')).toBeTruthy();
  expect(within(rowOf('bob')).queryByText('Pinned')).toBeNull();
});

it('names who said the last thing also where they have left since', async () => {
  const bridge = new FakeBridge();
  let known: object[] = [];
  bridge.answers['people.list'] = () => ({ ok: true, value: known });
  await openWindow(bridge, <App />, render);
  known = [{ user: 'noor', name: 'Noor al-Huda', avatar: null, status: null, blocked: false }];
  const preview = { sender: 'noor', own: false, text: 'see you', delivery: null };
  bridge.conversations = bridge.conversations.map((row) =>
    row.conv === 'cy' ? { ...row, form: 'group', name: 'Walkers', preview } : row,
  );
  const asked = bridge.asked('people.list').length;
  bridge.emit('rows.changed', { account: ACCOUNT, convs: [], list: true });
  await waitFor(() => expect(rowOf('cy').textContent).toContain('Noor: see you'));
  expect(bridge.asked('people.list').length).toBe(asked + 1);
  // A long word is cut before the sign that ends a name, not with it.
  known = [...known, { ...known[0], user: 'max', name: 'Maximiliane-Friederike von Wittelsbach' }];
  bridge.conversations = bridge.conversations.map((row) =>
    row.conv === 'cy' ? { ...row, preview: { ...preview, sender: 'max' } } : row,
  );
  bridge.emit('rows.changed', { account: ACCOUNT, convs: [], list: true });
  await waitFor(() => expect(rowOf('cy').textContent).toContain('Maximiliane-F…: see you'));
});

it('among the unread ones stands what is unread, and what one reads of it until one leaves it', async () => {
  const bridge = new FakeBridge({ convs: ['bob', 'cy', 'di'] });
  const say = (conv: string, unread: number) => {
    bridge.conversations = bridge.conversations.map((row) => (row.conv === conv ? { ...row, unread } : row));
    bridge.emit('rows.changed', { account: ACCOUNT, convs: [], list: true });
  };
  await openWindow(bridge, <App />, render);
  const shown = () => screen.queryAllByTestId('conversation-row').map((row) => row.dataset.conv);
  // Bob is open and read.
  await userEvent.click(screen.getByTestId('filter-unread'));
  expect(shown()).toEqual([]);
  say('cy', 2);
  await waitFor(() => expect(shown()).toEqual(['cy']));
  await userEvent.click(rowOf('cy'));
  say('cy', 0);
  say('di', 1);
  await waitFor(() => expect(shown()).toEqual(['cy', 'di']));
  await userEvent.click(rowOf('di'));
  expect(shown()).toEqual(['di']);
  say('di', 0);
  say('bob', 1);
  await waitFor(() => expect(shown()).toEqual(['bob', 'di']));
  // Chosen anew: of what is read nothing stays.
  await userEvent.click(screen.getByTestId('filter-all'));
  await userEvent.click(screen.getByTestId('filter-unread'));
  expect(shown()).toEqual(['bob']);
});

it('shows how a draft begins where it is not open, and what was said last where it is', async () => {
  const bridge = new FakeBridge();
  const preview = { sender: 'cy', own: false, text: 'said by Cy', delivery: null };
  bridge.conversations = bridge.conversations.map((row) =>
    row.conv === 'cy' ? { ...row, preview, draft: 'not sent yet' } : row,
  );
  await openWindow(bridge, <App />, render);
  expect(within(rowOf('cy')).getByTestId('row-draft').textContent).toBe('Draftnot sent yet');
  expect(rowOf('cy').textContent).not.toContain('said by Cy');
  await userEvent.click(rowOf('cy'));
  expect(within(rowOf('cy')).queryByTestId('row-draft')).toBeNull();
  expect(rowOf('cy').textContent).toContain('said by Cy');
});

it('who puts a conversation away, or reads it among the unread ones, goes on with the one in its place', async () => {
  const bridge = new FakeBridge({ convs: ['bob', 'cy', 'di', 'eve'] });
  bridge.answers['outbox.append'] = () => ({ ok: true, value: { id: 'x' } });
  const become = (conv: string, change: object) => {
    bridge.conversations = bridge.conversations.map((row) =>
      row.conv === conv ? { ...row, ...change } : row,
    );
    bridge.emit('rows.changed', { account: ACCOUNT, convs: [], list: true });
  };
  const focused = () => (document.activeElement as HTMLElement).dataset.conv;
  await openWindow(bridge, <App />, render);
  await userEvent.pointer({ keys: '[MouseRight]', target: rowOf('cy') });
  await userEvent.click(await screen.findByTestId('archive'));
  become('cy', { archived: true });
  await waitFor(() => expect(focused()).toBe('di'));
  for (const conv of ['di', 'eve']) become(conv, { unread: 1 });
  await userEvent.click(screen.getByTestId('filter-unread'));
  await waitFor(() => expect(screen.getAllByTestId('conversation-row')).toHaveLength(2));
  rowOf('eve').focus();
  become('eve', { unread: 0 });
  await waitFor(() => expect(focused()).toBe('di'));
  // Who is elsewhere stays there.
  screen.getByTestId('composer').focus();
  become('eve', { unread: 1 });
  await waitFor(() => expect(screen.getAllByTestId('conversation-row')).toHaveLength(2));
  become('di', { unread: 0 });
  await waitFor(() => expect(screen.queryAllByTestId('conversation-row')).toHaveLength(1));
  expect(document.activeElement).toBe(screen.getByTestId('composer'));
});

it('whoever goes into the archive, by its door or by the switcher, and out of it is there with the focus', async () => {
  const bridge = new FakeBridge({ convs: ['bob', 'cy'] });
  Object.assign(bridge.conversations[1]!, { archived: true });
  await openWindow(bridge, <App />, render);
  const has = (door: string) => waitFor(() => expect(document.activeElement).toBe(screen.getByTestId(door)));
  (await screen.findByTestId('archive-open')).focus();
  await userEvent.keyboard('{Enter}');
  await has('archive-close');
  await userEvent.keyboard('{Enter}');
  await has('archive-open');
  screen.getByTestId('composer').focus();
  await userEvent.keyboard('{Control>}k{/Control}');
  await userEvent.type(await screen.findByTestId('switcher-input'), 'show the archive{Enter}');
  await has('archive-close');
});

it('rows stay where they are while somebody aims at one, and what one does oneself shows at once', async () => {
  const bridge = new FakeBridge({ convs: ['bob', 'cy', 'di'] });
  const become = (conv: string, change: object) => {
    bridge.conversations = bridge.conversations.map((row) =>
      row.conv === conv ? { ...row, ...change } : row,
    );
    bridge.emit('rows.changed', { account: ACCOUNT, convs: [], list: true });
  };
  const order = () => screen.getAllByTestId('conversation-row').map((row) => row.dataset.conv);
  await openWindow(bridge, <App />, render);
  const [list] = document.getElementsByClassName('conversations');
  const aim = (x: number) => fireEvent.pointerMove(rowOf('cy'), { clientX: x, clientY: 5 });
  vi.useFakeTimers({ shouldAdvanceTime: true });
  aim(1);
  become('di', { time: 5_000, unread: 1 });
  await waitFor(() => expect(rowOf('di').textContent).toContain('1 unread'));
  expect(order()).toEqual(['bob', 'cy', 'di']);
  // For as long as it takes: the button of the pointer is down.
  fireEvent.pointerDown(rowOf('cy'));
  await act(() => vi.advanceTimersByTimeAsync(AIMED * 3));
  expect(order()).toEqual(['bob', 'cy', 'di']);
  fireEvent.pointerUp(rowOf('cy'));
  await act(() => vi.advanceTimersByTimeAsync(AIMED));
  expect(order()).toEqual(['di', 'bob', 'cy']);
  // What moves below a pointer that lies there holds nothing.
  aim(1);
  become('cy', { time: 6_000 });
  await waitFor(() => expect(order()).toEqual(['cy', 'di', 'bob']));
  aim(2);
  // However long that would be held.
  fireEvent.pointerDown(rowOf('cy'));
  become('bob', { pinned: 1 });
  await waitFor(() => expect(order()).toEqual(['bob', 'cy', 'di']));
  fireEvent.pointerUp(rowOf('cy'));
  aim(3);
  become('di', { time: 7_000, unread: 2 });
  await waitFor(() => expect(rowOf('di').textContent).toContain('2 unread'));
  expect(order()).toEqual(['bob', 'cy', 'di']);
  fireEvent.pointerLeave(list!);
  expect(order()).toEqual(['bob', 'di', 'cy']);
});
