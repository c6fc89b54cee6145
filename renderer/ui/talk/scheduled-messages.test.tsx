import type { ScheduledMessage } from '@matchbook/protocol/http/people';
import { MESSAGE_TYPE } from '@matchbook/protocol/message-body';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FakeBridge } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import { ScheduleDialog } from './schedule-dialog.tsx';
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
  await waitFor(() => expect(rows()).toEqual([expect.stringContaining('not a member')]));
  cleanup();
  kept = [{ ...later('left', Date.now()), refused: 'not_member: You are no longer in this conversation.' }];
  await openWindow(bridge, <ScheduledMessages account={bridge.app.accounts[0]!} />, render);
  const inWords = 'You are not a member of this conversation any more.';
  await waitFor(() => expect(rows()).toEqual([expect.stringContaining(`Not sent: ${inWords}`)]));
});

it('what was taken back on another device leaves the list when somebody comes back, and is not sent from here', async () => {
  const bridge = new FakeBridge();
  let kept = [later('one', Date.now() + 3_600_000), later('two', Date.now() + 7_200_000)];
  bridge.answers['scheduled.list'] = () => ({ ok: true, value: kept });
  bridge.answers['scheduled.put'] = () => ({ ok: false, failure: { kind: 'not_waiting', message: 'gone' } });
  const { store } = await openWindow(bridge, <ScheduledMessages account={bridge.app.accounts[0]!} />, render);
  await waitFor(() => expect(screen.queryAllByTestId('scheduled-row')).toHaveLength(2));
  kept = kept.slice(1);
  fireEvent.click(screen.getAllByTestId('scheduled-now')[0]!);
  await waitFor(() => expect(store.state.getState().failure?.kind).toBe('not_waiting'));
  expect(bridge.asked('scheduled.put')).toMatchObject([{ id: 'one', due: 0, change: true }]);
  await waitFor(() => expect(screen.queryAllByTestId('scheduled-row')).toHaveLength(1));
  kept = [];
  fireEvent.focus(window);
  await waitFor(() => expect(screen.queryAllByTestId('scheduled-row')).toHaveLength(0));
});

it('what was given other words on another device is neither sent with the old ones nor changed unseen', async () => {
  const bridge = new FakeBridge();
  const before = later('old words', Date.now() + 3_600_000);
  let kept = [before];
  bridge.answers['scheduled.list'] = () => ({ ok: true, value: kept });
  bridge.answers['scheduled.put'] = ({ was }: { was: { text: string } }) =>
    was.text === (kept[0]!.body as { text: string }).text
      ? { ok: true, value: null }
      : { ok: false, failure: { kind: 'conflict', message: 'other words', field: 'was' } };
  const { store } = await openWindow(bridge, <ScheduledMessages account={bridge.app.accounts[0]!} />, render);
  const row = () => screen.getByTestId('scheduled-row').textContent;
  await waitFor(() => expect(row()).toContain('old words'));
  kept = [{ ...before, body: { type: 'text/plain', text: 'new words' } }];
  fireEvent.click(screen.getByTestId('scheduled-now'));
  await waitFor(() => expect(store.state.getState().failure?.kind).toBe('conflict'));
  await waitFor(() => expect(row()).toContain('new words'));

  fireEvent.click(screen.getByTestId('scheduled-edit'));
  fireEvent.change(await screen.findByTestId('schedule-text'), { target: { value: 'mine' } });
  kept = [{ ...before, body: { type: 'text/plain', text: 'newest words' } }];
  fireEvent.click(screen.getByTestId('schedule-do'));
  expect((await screen.findByTestId('schedule-failure')).textContent).toContain('changed elsewhere');
  await waitFor(() => expect(row()).toContain('newest words'));
  // Whoever keeps to their words has seen the others.
  expect(screen.getByTestId<HTMLTextAreaElement>('schedule-text').value).toBe('mine');
  fireEvent.click(screen.getByTestId('schedule-do'));
  await waitFor(() => expect(screen.queryByTestId('schedule-dialog')).toBeNull());
  expect(bridge.asked('scheduled.put').at(-1)).toMatchObject({ text: 'mine', was: { text: 'newest words' } });
});

it('what is put off while the list is open comes into it', async () => {
  const bridge = new FakeBridge();
  const kept: ScheduledMessage[] = [];
  bridge.answers['scheduled.list'] = () => ({ ok: true, value: [...kept] });
  bridge.answers['scheduled.put'] = () => {
    kept.push(later('another', Date.now() + 3_600_000));
    return { ok: true, value: null };
  };
  const account = bridge.app.accounts[0]!;
  const { store } = await openWindow(bridge, <ScheduledMessages account={account} />, render);
  const keeper = store.sending.draft({ account: account.account, conv: 'bob' });
  const message = { text: 'another', due: Date.now() + 3_600_000, silent: false, called: {} };
  await store.scheduling.put(keeper, 'another', { ...message, preview: null, attached: [] });
  expect((await screen.findByTestId('scheduled-row')).textContent).toContain('another');
});

it('I11: other words for what is sent later outlive a crash, and those whose message is gone are in its composer', async () => {
  const bridge = new FakeBridge();
  const due = Date.now() + 3_600_000;
  bridge.answers['scheduled.list'] = () => ({ ok: true, value: [later('far', due)] });
  bridge.answers['begun.list'] = () => ({
    ok: true,
    value: [
      { about: 'scheduled:far', conv: 'bob', n: null, text: 'far, and far' },
      { about: 'scheduled:sent', conv: 'cy', n: null, text: 'too late' },
    ],
  });
  const account = bridge.app.accounts[0]!;
  const { store } = await openWindow(bridge, <ScheduledMessages account={account} />, render);
  fireEvent.click(await screen.findByTestId('scheduled-edit'));
  const box = () => screen.getByTestId<HTMLTextAreaElement>('schedule-text');
  expect(box().value).toBe('far, and far');
  const draft = store.sending.draft({ account: account.account, conv: 'cy' }).state;
  await waitFor(() => expect(draft.getState().text).toBe('too late'));
  fireEvent.change(box(), { target: { value: 'far, and farther' } });
  await waitFor(() =>
    expect(bridge.asked('begun.keep')).toContainEqual({
      ...{ account: account.account, conv: 'bob', about: 'scheduled:far', n: null },
      text: 'far, and farther',
    }),
  );
  fireEvent.click(screen.getByTestId('schedule-do'));
  await waitFor(() => expect(bridge.asked('scheduled.put')[0]).toMatchObject({ text: 'far, and farther' }));
  await waitFor(() => expect(bridge.asked('begun.keep').at(-1)).toMatchObject({ text: null }));
});

it('I11: other words that are given up with the dialog are said to be among the earlier texts, and are gone on with', async () => {
  const bridge = new FakeBridge();
  bridge.answers['scheduled.list'] = () => ({ ok: true, value: [later('far', Date.now() + 3_600_000)] });
  await openWindow(bridge, <ScheduledMessages account={bridge.app.accounts[0]!} />, render);
  const box = () => screen.getByTestId<HTMLTextAreaElement>('schedule-text');
  const change = async (text: string) => {
    fireEvent.click(await screen.findByTestId('scheduled-edit'));
    fireEvent.change(box(), { target: { value: text } });
    fireEvent.click(screen.getByText('Cancel', { selector: '[data-testid="schedule-dialog"] button' }));
    await waitFor(() => expect(screen.queryByTestId('schedule-dialog')).toBeNull());
  };
  await change('far');
  expect(screen.queryByTestId('given-up-note')).toBeNull();
  await change('far, or farther');
  expect(screen.getByTestId('given-up-note').textContent).toContain('among the earlier texts');
  await waitFor(() =>
    expect(bridge.asked('begun.keep').at(-1)).toMatchObject({ text: null, earlier: 'far, or farther' }),
  );
  fireEvent.click(screen.getByTestId('edit-on'));
  expect(box().value).toBe('far, or farther');
  fireEvent.click(screen.getByTestId('schedule-do'));
  await waitFor(() => expect(bridge.asked('scheduled.put')[0]).toMatchObject({ text: 'far, or farther' }));
  await waitFor(() => expect(screen.queryByTestId('schedule-dialog')).toBeNull());
  expect(screen.queryByTestId('given-up-note')).toBeNull();
});

it('other words for what is sent later tell whom they name, and not whom they named before', async () => {
  const bridge = new FakeBridge({ convs: ['bob', 'cy'] });
  bridge.conversations[0]!.form = 'group';
  bridge.conversations[0]!.members.push({ user: 'cy', name: 'Cy' });
  const content = {
    text: '@Name of bob, @Everyone',
    mentions: ['bob'],
    audiences: [{ to: 'everyone', as: 'Everyone' }],
  };
  const message = {
    ...later('far', Date.now() + 3_600_000),
    body: { type: MESSAGE_TYPE, text: JSON.stringify(content) },
  };
  const account = bridge.app.accounts[0]!;
  const { store } = await openWindow(bridge, null, render);
  await waitFor(() => expect(store.state.getState().conversations[account.account]).toHaveLength(2));
  const changed = async (text: string, one: ScheduledMessage = message) => {
    await store.scheduling.change(account.account, one, text, one.due, 'Everyone');
    return bridge.asked('scheduled.put').at(-1)!.more;
  };
  expect(await changed('@Cy comes')).toEqual({ mentions: ['cy'] });
  expect(await changed('nobody')).toBeUndefined();
  expect(await changed('@Everyone, @Name of bob')).toEqual({
    mentions: ['bob'],
    audiences: [{ to: 'everyone', as: 'Everyone' }],
  });
  // Where it is not known who is there, whoever was named stays so.
  expect(await changed('@Name of bob', { ...message, conv: 'far' })).toMatchObject({ mentions: ['bob'] });
});

describe('where the clocks are set back', () => {
  const ZONE = process.env.TZ;
  afterEach(() => {
    vi.useRealTimers();
    if (ZONE === undefined) delete process.env.TZ;
    else process.env.TZ = ZONE;
  });
  /** In New York it is 1:30 on 1 November 2026 twice. */
  const FIRST = Date.UTC(2026, 10, 1, 5, 30);
  const SECOND = FIRST + 3_600_000;
  const at = (now: number) => {
    process.env.TZ = 'America/New_York';
    vi.useFakeTimers({ toFake: ['Date'], now });
  };

  it('in one hour is in one hour, by the field as it was opened and by its button', async () => {
    at(FIRST);
    const dues: number[] = [];
    const onSchedule = async (due: number) => {
      dues.push(due);
      return { ok: true, value: null } as const;
    };
    await openWindow(
      new FakeBridge(),
      <ScheduleDialog account="acc" files={0} onSchedule={onSchedule} onClose={() => {}} />,
      render,
    );
    fireEvent.click(screen.getByTestId('schedule-do'));
    await waitFor(() => expect(dues).toEqual([SECOND]));
    fireEvent.change(screen.getByTestId('schedule-when'), { target: { value: '2026-11-02T08:00' } });
    fireEvent.click(screen.getByTestId('schedule-do'));
    await waitFor(() => expect(dues.at(-1)).toBe(Date.UTC(2026, 10, 2, 13)));
    fireEvent.click(screen.getByText('In one hour'));
    fireEvent.click(screen.getByTestId('schedule-do'));
    await waitFor(() => expect(dues).toHaveLength(3));
    expect(dues.at(-1)).toBe(SECOND);
  });

  it('other words for a message leave it at its time', async () => {
    at(FIRST - 86_400_000);
    const bridge = new FakeBridge();
    bridge.answers['scheduled.list'] = () => ({ ok: true, value: [later('far', SECOND)] });
    bridge.answers['scheduled.put'] = () => ({ ok: true, value: null });
    await openWindow(bridge, <ScheduledMessages account={bridge.app.accounts[0]!} />, render);
    fireEvent.click(await screen.findByTestId('scheduled-edit'));
    fireEvent.change(screen.getByTestId('schedule-text'), { target: { value: 'farther' } });
    fireEvent.click(screen.getByTestId('schedule-do'));
    await waitFor(() =>
      expect(bridge.asked('scheduled.put')).toMatchObject([{ text: 'farther', due: SECOND }]),
    );
  });
});

it('a time that is to come here and over at the server is told as a matter of clocks', async () => {
  const bridge = new FakeBridge();
  const onSchedule = async () =>
    ({ ok: false, failure: { kind: 'invalid_field', message: 'due: from now on', field: 'due' } }) as const;
  await openWindow(
    bridge,
    <ScheduleDialog account="acc" files={0} onSchedule={onSchedule} onClose={() => {}} />,
    render,
  );
  fireEvent.click(screen.getByTestId('schedule-do'));
  const told = (await screen.findByTestId('schedule-failure')).textContent;
  expect(told).toMatch(/By the server’s clock .* Your text is still here\.$/);
});
