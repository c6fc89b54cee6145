import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { App } from '../app.tsx';
import { FakeBridge, refused } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';

const press = (target: Element, key: string, more: object = {}) =>
  fireEvent.keyDown(target, { key, ...more });

/** Opened by its key from the composer, before its field has the focus. */
async function asked(bridge = new FakeBridge()) {
  bridge.answers['search.local'] = () => ({ ok: true, value: { items: [], more: false } });
  const { store } = await openWindow(bridge, <App />, render);
  const composer = await screen.findByTestId('composer');
  await userEvent.click(composer);
  const type = (keys: readonly string[]) => keys.map((key) => press(composer, key));
  press(composer, 'k', { ctrlKey: true });
  return { bridge, store, composer, type };
}
// The first to ask loads it.
const field = () => screen.findByTestId<HTMLInputElement>('switcher-input', {}, { timeout: 10_000 });

describe('what is typed while the switcher opens', () => {
  it('is looked for, and reaches nothing that had the focus before', async () => {
    const { type } = await asked();
    // False: the key does nothing else.
    expect(type([...'cyx', 'Backspace'])).toEqual([false, false, false, false]);
    const input = await field();
    await waitFor(() => expect(document.activeElement).toBe(input));
    expect(input.value).toBe('cy');
    await userEvent.keyboard('!');
    expect(input.value).toBe('cy!');
  });

  it('leads there by Enter, and sends nothing', async () => {
    const { store, composer, type } = await asked();
    expect(store.state.getState().open?.conv).not.toBe('cy');
    expect(type([...'cy', 'Enter'])).toEqual([false, false, false]);
    await waitFor(() => expect(store.state.getState().open?.conv).toBe('cy'), { timeout: 10_000 });
    expect(screen.queryByTestId('switcher')).toBeNull();
    expect(composer).toHaveProperty('value', '');
  });

  it('is given up by Escape, and the next time begins with nothing', async () => {
    const { composer, type } = await asked();
    type(['c', 'Escape']);
    expect(press(composer, 'a')).toBe(true);
    press(composer, 'k', { ctrlKey: true });
    expect((await field()).value).toBe('');
  });
});

it('Enter before messages are looked for is for the first of them, and until then nothing is said to be missing', async () => {
  const { bridge, store } = await asked();
  const item = { conv: 'cy', n: 4, sender: 'cy', time: 1, text: 'at the harbour', marks: [[7, 14]] };
  let answer = (_: unknown) => {};
  bridge.answers['search.local'] = () =>
    new Promise((resolve) => {
      answer = (items) => resolve({ ok: true, value: { items, more: false } });
    });
  const none = () => screen.queryByText(/Nothing is called that/);
  await userEvent.type(await field(), 'harb');
  await waitFor(() => expect(bridge.asked('search.local')).toHaveLength(1));
  // A word that is being typed is a beginning.
  expect(bridge.asked('search.local')[0]).toMatchObject({ q: 'harb*' });
  expect(screen.queryAllByTestId('switcher-line')).toEqual([]);
  expect(none()).toBeNull();
  answer([]);
  await waitFor(() => expect(none()).not.toBeNull());
  await userEvent.keyboard('{Enter}o{Enter}');
  await waitFor(() => expect(bridge.asked('search.local')).toHaveLength(2));
  expect(screen.queryByTestId('switcher')).not.toBeNull();
  answer([{ ...item, cut: { before: false, after: false } }]);
  await waitFor(() => expect(store.state.getState().open?.conv).toBe('cy'));
  expect(screen.queryByTestId('switcher')).toBeNull();
});

it('does with the conversation that is open what its menu does, and says of which it is', async () => {
  const bridge = new FakeBridge();
  bridge.answers['search.local'] = () => ({ ok: true, value: { items: [], more: false } });
  bridge.answers['outbox.append'] = () => ({ ok: true, value: { id: 'x' } });
  const [row] = bridge.conversations;
  const about = { form: 'group' as const, name: 'Picnic', headN: 3, unread: 2 };
  bridge.conversations = [{ ...row!, ...about }, bridge.conversations[1]!];
  const { store } = await openWindow(bridge, <App />, render);
  await screen.findByTestId('composer');
  const choose = async (typed: string, expected: string) => {
    fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true });
    const input = await field();
    fireEvent.change(input, { target: { value: typed } });
    const line = (await screen.findAllByTestId('switcher-line')).find((one) => one.textContent === expected);
    expect(line, expected).toBeDefined();
    await userEvent.click(line!);
    await waitFor(() => expect(screen.queryByTestId('switcher')).toBeNull());
  };
  const address = { account: row!.account, conv: row!.conv };
  await choose('pin to', 'Pin to the topPicnic');
  expect(bridge.asked('outbox.append')).toMatchObject([{ ...address, append: { kind: 'pinned' } }]);
  await choose('hour', 'Mute for an hourPicnic');
  expect(bridge.asked('conversation.mute')).toMatchObject([address]);
  await choose('mark as', 'Mark as readPicnic');
  expect(bridge.asked('read.mark')).toMatchObject([{ ...address, n: 3 }]);
  await choose('search in', 'Search in this conversationPicnic');
  expect(store.finder.state.getState().filters.in).toEqual([row!.conv]);
  store.finder.close();
  await choose('leave', 'Leave the groupPicnic');
  expect((await screen.findByTestId('confirm-leave')).textContent).toContain('Leave Picnic?');
});

it('everything is marked as read after a question that says how much it is, and of what is read nothing is asked', async () => {
  const bridge = new FakeBridge();
  bridge.answers['search.local'] = () => ({ ok: true, value: { items: [], more: false } });
  const [first, second] = bridge.conversations;
  bridge.conversations = [
    { ...first!, headN: 9, unread: 4 },
    { ...second!, headN: 5, unread: 0 },
    { ...second!, conv: 'put-away', headN: 7, unread: 1, archived: true },
  ];
  const { store } = await openWindow(bridge, <App />, render);
  await screen.findByTestId('composer');
  const ask = async () => {
    fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true });
    fireEvent.change(await field(), { target: { value: 'everything as read' } });
    const [line] = await screen.findAllByTestId('switcher-line');
    expect(line!.textContent).toBe('Mark everything as read');
    await userEvent.click(line!);
    return screen.findByTestId('confirm-all-read');
  };
  bridge.answers['read.mark'] = () => ({ ok: true, value: null });
  expect((await ask()).textContent).toContain('5 messages in 2 conversations.');
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByTestId('confirm-all-read')).toBeNull());
  expect(bridge.asked('read.mark')).toEqual([]);
  await ask();
  await userEvent.click(screen.getByTestId('confirm-all-read-confirm'));
  await waitFor(() =>
    expect(bridge.asked('read.mark')).toMatchObject([
      { conv: first!.conv, n: 9 },
      { conv: 'put-away', n: 7 },
    ]),
  );
  bridge.answers['read.mark'] = () => refused('store_failed', 'no');
  await ask();
  await userEvent.click(screen.getByTestId('confirm-all-read-confirm'));
  await waitFor(() => expect(store.state.getState().failure).not.toBeNull());
  expect(bridge.asked('read.mark')).toHaveLength(3);
});

it('rooms of the settings are found by their names, each once', async () => {
  await asked();
  await userEvent.type(await field(), 'appearance');
  const lines = () => screen.getAllByTestId('switcher-line').map(({ textContent }) => textContent);
  expect(lines()[0]).toBe('AppearanceSettings');
  await userEvent.clear(await field());
  await userEvent.type(await field(), 'accounts and');
  expect(lines().filter((line) => line === 'Accounts and serversSettings')).toHaveLength(1);
});

it('the same person in two accounts is told apart: by the server, by oneself where it is the same one, and by the place where one is called the same there', async () => {
  const bridge = new FakeBridge({ convs: ['bob'] });
  const [one] = bridge.app.accounts;
  const also = (account: string, name: string, serverName: string) => ({
    ...one!,
    account,
    name,
    serverName,
  });
  Object.assign(bridge.app, {
    accounts: [
      one!,
      also('a2', 'Ada at work', 'Here'),
      also('a3', 'Ada', 'Elsewhere'),
      also('a4', 'Ada at work', 'Here'),
    ],
  });
  bridge.answers['conversation.list'] = ({ account }: { account: string }) => ({
    ok: true,
    value: bridge.conversations.map((row) => ({ ...row, account })),
  });
  await asked(bridge);
  await userEvent.type(await field(), 'bob');
  const lines = () => screen.getAllByTestId('switcher-line').map(({ textContent }) => textContent);
  await waitFor(() =>
    expect(lines().toSorted()).toEqual([
      'NBName of bobAda',
      'NBName of bobAda at work (2)',
      'NBName of bobAda at work (4)',
      'NBName of bobElsewhere',
    ]),
  );
});
