import type { BegunWords } from '@matchbook/protocol/bridge/begun';
import type { WaitingItem } from '@matchbook/protocol/bridge/waiting';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { App } from '../app.tsx';
import { ACCOUNT, FakeBridge, ME, refused } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';

const item = (id: string, more: Partial<WaitingItem> = {}): WaitingItem => ({
  ...{ account: ACCOUNT, id, conv: 'bob', kind: 'message', text: `text of ${id}`, whole: true },
  ...{ off: false, about: null, created: 1_700_000_000_000, frozen: false, failed: false, failure: null },
  ...{ holds: [], behind: false, attempts: 0, triedAt: null, nextAt: null },
  ...more,
});

async function openedAll(items: WaitingItem[], ...begun: BegunWords[]) {
  const bridge = new FakeBridge();
  bridge.answers['begun.list'] = () => ({ ok: true, value: begun });
  const failed = items.filter((one) => one.failed).length;
  bridge.answers['outbox.count'] = () => ({
    ok: true,
    value: { waiting: items.length, failed, held: 0, since: 1 },
  });
  bridge.answers['outbox.list'] = () => ({ ok: true, value: { items, total: items.length } });
  for (const name of ['hold', 'sendNow', 'edit', 'discard', 'retry'])
    bridge.answers[`outbox.${name}`] = () => ({ ok: true, value: { id: 'x', queued: false } });
  const { store } = await openWindow(bridge, <App />, render);
  await userEvent.keyboard('{Control>}{Shift>}o{/Shift}{/Control}');
  const view = await screen.findByTestId('outbox');
  return { bridge, store, view };
}
const opened = (items: WaitingItem[]) => openedAll(items);
const line = (view: HTMLElement, text: string) =>
  within(view)
    .getAllByTestId('outbox-item')
    .find((one) => one.textContent?.includes(text))!;

it('says that nothing waits', async () => {
  const { view } = await opened([]);
  await waitFor(() => expect(view.textContent).toContain('Nothing waits'));
});

it('says of every kind of change what it does, and to which message', async () => {
  const about = 'the lake';
  const { view } = await opened([
    item('a', { kind: 'saved', text: '', about }),
    item('b', { kind: 'saved', text: '', about, off: true }),
    item('c', { kind: 'deleted_for_me', text: '', about }),
    item('d', { kind: 'pin', text: '', about, off: true }),
    item('e', { kind: 'mute', text: '', off: true }),
    item('f', { kind: 'archived', text: '' }),
    item('g', { kind: 'block', text: '' }),
    item('h', { kind: 'block', text: '', off: true }),
  ]);
  await waitFor(() => expect(within(view).getAllByTestId('outbox-item')).toHaveLength(8));
  for (const words of [
    'Saves “the lake” for later',
    'Removes “the lake” from saved',
    'Deletes “the lake” for you',
    'Unpins “the lake”',
    'Unmutes the conversation',
    'Archives the conversation',
    'Blocks this person',
    'Unblocks this person',
  ])
    expect(line(view, words), words).toBeDefined();
});

it('I11: lists what waits by conversation with why, and offers what can be done with each', async () => {
  const { view, bridge } = await opened([
    item('a', { attempts: 2, nextAt: Date.now() + 60_000, failure: { kind: 'rate_limited', message: '' } }),
    item('b', { holds: ['person'] }),
    item('c', { frozen: true, attempts: 1 }),
    item('d', { conv: 'cy', failed: true, frozen: true, failure: { kind: 'not_member', message: 'no' } }),
    item('e', { conv: 'cy', kind: 'edit', about: 'text of d', behind: true }),
  ]);
  await waitFor(() => expect(within(view).getAllByTestId('outbox-item')).toHaveLength(5));
  expect(
    within(view)
      .getAllByRole('heading', { level: 3 })
      .map((one) => one.textContent),
  ).toEqual(['Name of bob', 'Name of cy']);
  const why = (text: string) => within(line(view, text)).getByTestId('outbox-why').textContent;
  const first = why('text of a');
  expect(first).toMatch(/^Next try in \d+ s/);
  await waitFor(() => expect(why('text of a')).not.toBe(first));
  expect(why('text of a')).toMatch(/^Next try in \d+ s/);
  expect(line(view, 'text of a').textContent).toContain('tried 2 times');
  expect(why('text of b')).toBe('Held by you');
  expect(why('text of c')).toContain('May already be sent');
  expect(why('text of d')).toContain('not a member');
  const buttons = (text: string) =>
    within(line(view, text))
      .getAllByRole('button')
      .map((one) => one.textContent);
  expect(buttons('text of a')).toEqual(['Send now', 'Hold', 'Edit', 'To the draft', 'Cancel']);
  expect(buttons('text of c')).toEqual(['Send now', 'Edit', 'Delete behind it']);
  await userEvent.click(within(line(view, 'text of b')).getByText('Send now'));
  expect(bridge.asked('outbox.sendNow')).toMatchObject([{ id: 'b' }]);
  await userEvent.click(within(line(view, 'text of a')).getByText('Edit'));
  const box = within(view).getByLabelText('New text');
  await userEvent.type(box, ', and more');
  await userEvent.click(within(line(view, 'since')).getByText('Save'));
  expect(bridge.asked('outbox.edit')).toMatchObject([{ id: 'a', text: 'text of a, and more' }]);
});

it('I11: a message is not edited into nothing, and goes on as it was where one leaves that by Escape', async () => {
  const { bridge, view } = await opened([item('a'), item('file', { text: '' })]);
  const edit = async (text: string) => {
    await waitFor(() => expect(line(view, text)).toBeTruthy());
    await userEvent.click(within(line(view, text)).getByTestId('outbox.edit'));
    return within(view).getByLabelText('New text');
  };
  const field = await edit('text of a');
  await userEvent.clear(field);
  await userEvent.type(field, '  {Enter}');
  expect(within(view).getByTestId('outbox.save')).toHaveProperty('disabled', true);
  await userEvent.keyboard('{Escape}');
  expect(screen.getByTestId('outbox')).toBe(view);
  expect(bridge.asked('outbox.edit')).toEqual([]);
  await userEvent.type(await edit('text of a'), ' and more {Enter}');
  await waitFor(() => expect(bridge.asked('outbox.edit')).toMatchObject([{ text: 'text of a and more' }]));
});

it('I11: words that are given up there are said to be among the earlier texts, and are gone on with by a key', async () => {
  const { bridge, view } = await opened([item('a')]);
  await waitFor(() => expect(line(view, 'text of a')).toBeTruthy());
  const change = async () => {
    await userEvent.click(within(view).getByTestId('outbox.edit'));
    return within(view).getByLabelText('New text');
  };
  // As it was: nothing is said.
  await userEvent.type(await change(), '{Escape}');
  expect(within(view).queryByTestId('given-up-note')).toBeNull();
  await userEvent.type(await change(), ', or not{Escape}');
  expect(within(view).getByTestId('given-up-note').textContent).toContain('among the earlier texts');
  await waitFor(() =>
    expect(bridge.asked('begun.keep').at(-1)).toMatchObject({ text: null, earlier: 'text of a, or not' }),
  );
  expect(document.activeElement).toBe(within(view).getByTestId('edit-on'));
  await userEvent.keyboard('{Enter}');
  expect(within(view).queryByTestId('given-up-note')).toBeNull();
  await userEvent.type(within(view).getByLabelText('New text'), '{Enter}');
  await waitFor(() => expect(bridge.asked('outbox.edit')).toMatchObject([{ text: 'text of a, or not' }]));
  expect(within(view).queryByTestId('given-up-note')).toBeNull();
});

it('does the same with several, and tells what could not be done', async () => {
  const { view, bridge } = await opened([item('a'), item('b'), item('c', { frozen: true })]);
  await userEvent.click(await within(view).findByLabelText('Choose all'));
  bridge.answers['outbox.hold'] = () => refused('frozen');
  await userEvent.click(within(within(view).getByTestId('outbox-bulk')).getByText('Hold'));
  await waitFor(() => expect(bridge.asked('outbox.hold').map(({ id }) => id)).toEqual(['a', 'b']));
  await waitFor(() => expect(within(view).getByRole('alert').textContent).toContain('cannot be taken back'));
});

it('I11: words for what leaves the outbox meanwhile are gone on with at its message, and others go where one writes', async () => {
  const items = [item('a', { frozen: true }), item('b', { kind: 'rename', text: 'a name' })];
  const { bridge, store, view } = await openedAll(items);
  await waitFor(() => expect(within(view).getAllByTestId('outbox-item')).toHaveLength(2));
  for (const text of ['text of a', 'a name']) {
    const row = line(view, text);
    await userEvent.click(within(row).getByTestId('outbox.edit'));
    await userEvent.type(within(row).getByRole('textbox'), ', and more');
  }
  await waitFor(() =>
    expect(bridge.asked('begun.keep').map(({ about, text }) => [about, text])).toEqual(
      expect.arrayContaining([
        [`${ME}/a`, 'text of a, and more'],
        ['outbox:b', 'a name, and more'],
      ]),
    ),
  );
  items.splice(0);
  bridge.emit('outbox.changed', { account: ACCOUNT });
  await waitFor(() => expect(store.talk.state.getState().editing).toBe(`${ME}/a`));
  expect(store.begun.of(`${ME}/a`)).toBe('text of a, and more');
  const draft = store.sending.draft({ account: ACCOUNT, conv: 'bob' }).state.getState();
  expect(draft.text).toBe('a name, and more');
});

it('I11: words for what waits are there again after a crash', async () => {
  const { bridge, view } = await openedAll([item('a')], {
    about: `${ME}/a`,
    ...{ conv: 'bob', n: null, text: 'half of it' },
  });
  const box = await within(view).findByRole('textbox');
  expect((box as HTMLTextAreaElement).value).toBe('half of it');
  await userEvent.click(within(view).getByTestId('outbox.save'));
  await waitFor(() => expect(bridge.asked('outbox.edit')[0]).toMatchObject({ id: 'a', text: 'half of it' }));
  await waitFor(() => expect(bridge.asked('begun.keep')).toMatchObject([{ about: `${ME}/a`, text: null }]));
});
