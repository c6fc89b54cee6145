import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { directConversationId } from '@matchbook/protocol/ids';
import { MESSAGE_TYPE } from '@matchbook/protocol/message-body';
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { App } from '../app.tsx';
import { mistakenIn } from '../composer/commands.ts';
import { ACCOUNT, FakeBridge, ME, ownRow, refused } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import { MessageMenuHost } from '../timeline/message-menu-host.tsx';
import { MessageRow } from '../timeline/message-row.tsx';
import { useKnown } from '../use-store.ts';
import { offers } from './schedule-dialog.tsx';
import { SelectBar } from './select-bar.tsx';

const address = { account: ACCOUNT, conv: 'bob' };
const theirs = (n: number, text: string, more: Partial<TimelineRow> = {}): TimelineRow => ({
  ...ownRow(`t${n}`, text, n),
  ...{ key: `bob/t${n}`, sender: 'bob', own: false, delivery: null },
  ...more,
});

/** All rows of the conversation, without the list that draws only those in view; and the bar. */
function Rows({ steward = false }) {
  const rows = useKnown((state) => state.timeline)?.rows ?? [];
  const leads = { leadTo: () => {}, hold: () => {} };
  const host = { address, user: 'me', nameOf: () => 'Bob', ...leads, group: true, member: true };
  return (
    <MessageMenuHost {...host} steward={steward}>
      {rows.map((row) => (
        <MessageRow
          key={row.key}
          {...{ address, row, user: 'me', nameOf: () => 'Bob', first: true, last: true, lit: false }}
        />
      ))}
      <SelectBar address={address} user="me" nameOf={() => 'Bob'} />
    </MessageMenuHost>
  );
}

async function rowsOf(rows: TimelineRow[], steward = false) {
  const bridge = new FakeBridge();
  bridge.rows.set('bob', rows);
  bridge.answers['clipboard.write'] = () => ({ ok: true, value: null });
  const view = await openWindow(bridge, <Rows steward={steward} />, render);
  await waitFor(() => expect(view.store.state.getState().timeline?.rows).toHaveLength(rows.length));
  return { ...view, bridge };
}

async function opened(rows: TimelineRow[], bridge = new FakeBridge()) {
  bridge.rows.set('bob', rows);
  bridge.answers['outbox.append'] = () => ({ ok: true, value: { id: 'x' } });
  const view = await openWindow(bridge, <App />, render);
  const box = () => screen.getByTestId<HTMLTextAreaElement>('composer');
  await waitFor(() => expect(box().dataset.conv).toBe('bob'));
  await waitFor(() => expect(view.store.sending.draft(address).state.getState().loaded).toBe(true));
  await waitFor(() => expect(view.store.state.getState().timeline).not.toBeNull());
  return { ...view, bridge, box };
}

describe('an answer', () => {
  it('names the message in the draft and in what is sent, and nothing once it is closed', async () => {
    const { store, bridge, box } = await opened([theirs(1, 'Who **comes**?')]);
    store.sending.answer(address, { n: 1, id: 't1' });
    expect((await screen.findByTestId('reply-bar')).textContent).toContain('Who comes?');
    await waitFor(() => expect(bridge.asked('draft.save').at(-1)).toMatchObject({ more: { reply: 1 } }));
    await userEvent.type(box(), 'me{Enter}');
    await waitFor(() => expect(bridge.asked('outbox.submit')).toHaveLength(1));
    expect(bridge.asked('outbox.submit')[0]).toMatchObject({ text: 'me', more: { reply: 1 } });
    expect(screen.queryByTestId('reply-bar')).toBeNull();
    store.sending.answer(address, { n: 1, id: 't1' });
    fireEvent.click(await screen.findByTestId('reply-close'));
    await userEvent.type(box(), 'nobody{Enter}');
    await waitFor(() => expect(bridge.asked('outbox.submit')).toHaveLength(2));
    expect(bridge.asked('outbox.submit')[1]!.more).toBeUndefined();
  });

  it('is chosen by Ctrl and Up, and Up alone changes the last own words', async () => {
    const { store, box } = await opened([theirs(1, 'first'), ownRow('o2', 'mine', 2), theirs(3, 'third')]);
    box().focus();
    await userEvent.keyboard('{Control>}{ArrowUp}{/Control}');
    expect((await screen.findByTestId('reply-bar')).textContent).toContain('third');
    await userEvent.keyboard('{Control>}{ArrowUp}{ArrowUp}{/Control}');
    await waitFor(() => expect(screen.getByTestId('reply-bar').textContent).toContain('first'));
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByTestId('reply-bar')).toBeNull();
    await userEvent.keyboard('{ArrowUp}');
    expect(store.talk.state.getState().editing).toBe('me/o2');
  });

  it('leads nobody to words that are changed already: the focus is where one writes', async () => {
    const { store, box } = await opened([theirs(1, 'first'), ownRow('o2', 'mine', 2)]);
    const frames: FrameRequestCallback[] = [];
    const requested = vi.spyOn(window, 'requestAnimationFrame').mockImplementation((run) => frames.push(run));
    const jumps: unknown[] = [];
    store.state.subscribe(({ jump }) => jump && jumps.push(jump.n));
    const twoFrames = () =>
      act(() => {
        for (const _ of [1, 2]) for (const run of frames.splice(0)) run(0);
      });
    fireEvent.keyDown(box(), { key: 'ArrowUp' });
    // Enter, and its answer, before the editor was looked for.
    act(() => store.talk.edit(null));
    twoFrames();
    expect(jumps).toEqual([]);
    act(() => box().focus());
    fireEvent.keyDown(box(), { key: 'ArrowUp' });
    document.querySelector('.message-editor')?.remove();
    twoFrames();
    await waitFor(() => expect(jumps).toEqual([2]));
    requested.mockRestore();
  });

  it('is taken back to the composer with Up while it waits to go out: the one before it is not what is meant', async () => {
    const bridge = new FakeBridge();
    const [before, waiting] = [ownRow('o1', 'the one before', 1), ownRow('o2', 'not out yet', null)];
    const usual = { holes: [], older: false, newer: false, headN: 1, readN: 1, unreadN: 0, unbroken: true };
    bridge.answers['timeline.page'] = () => ({
      ok: true,
      value: { ...usual, rows: [before], waiting: [waiting] },
    });
    bridge.answers['outbox.toDraft'] = () => ({
      ok: true,
      value: { text: 'not out yet', version: 9, updatedAt: 0 },
    });
    const { store, box } = await opened([], bridge);
    box().focus();
    await userEvent.keyboard('{ArrowUp}');
    await waitFor(() => expect(box().value).toBe('not out yet'));
    expect(bridge.asked('outbox.toDraft')).toEqual([{ account: ACCOUNT, id: 'o2' }]);
    expect(store.talk.state.getState().editing).toBeNull();
    expect(store.reading.answerable().map(({ id }) => id)).toEqual(['o1']);
  });

  it('leads with Up to the last own words where they are not among the rows that are here', async () => {
    const bridge = new FakeBridge();
    const rows = [theirs(400, 'long after'), theirs(401, 'and later')];
    const usual = { waiting: [], holes: [], headN: 401, readN: 401, unreadN: 0, unbroken: true };
    bridge.answers['timeline.page'] = ({ to, after }) => {
      const far = to === 7 || after === 8;
      const here = far ? (to === 7 ? [ownRow('o7', 'mine', 7)] : [theirs(8, 'an answer')]) : rows;
      return { ok: true, value: { ...usual, rows: here, older: true, newer: far } };
    };
    bridge.answers['search.local'] = () => ({ ok: true, value: { items: [{ n: 7 }] } });
    const { store, box } = await opened(rows, bridge);
    box().focus();
    await userEvent.keyboard('{ArrowUp}');
    await waitFor(() => expect(store.talk.state.getState().editing).toBe('me/o7'));
    expect(
      store.state
        .getState()
        .timeline?.rows.slice(0, 2)
        .map(({ n }) => n),
    ).toEqual([7, 8]);
    expect(bridge.asked('search.local')[0]).toMatchObject({ q: 'from:me in:bob', limit: 1 });
  });

  it('says of the other message that it was deleted, hidden, or is not here', async () => {
    const quote = (state: 'deleted' | 'hidden' | 'absent') => ({ n: 1, sender: '', text: null, state });
    const { store } = await opened([]);
    const { QuoteView } = await import('./quote.tsx');
    for (const [state, words] of [
      ['deleted', 'Deleted message'],
      ['hidden', 'A message that you do not see'],
      ['absent', 'A message that is not on this device'],
    ] as const) {
      const view = await openWindow(
        new FakeBridge(),
        <QuoteView quote={quote(state)} name="" onOpen={() => {}} />,
        render,
      );
      expect(view.container.textContent).toContain(words);
      view.unmount();
    }
    expect(store).toBeTruthy();
  });
});

describe('names', () => {
  it('are sent as ids beside the text', async () => {
    const { bridge, box } = await opened([]);
    await userEvent.type(box(), '@name');
    expect(await screen.findByTestId('completion')).toBeTruthy();
    await userEvent.keyboard('{Enter}');
    expect(box().value).toBe('@Name of bob ');
    await userEvent.keyboard('look{Enter}');
    await waitFor(() =>
      expect(bridge.asked('outbox.submit')[0]).toMatchObject({
        text: '@Name of bob look',
        more: { mentions: ['bob'] },
      }),
    );
  });
});

describe('other words', () => {
  it('name whom they name now', async () => {
    const { store, bridge } = await opened([ownRow('o1', '@Name of bob look', 1)]);
    const appended = async (text: string) => {
      await store.messages.edit(address, store.state.getState().timeline!.rows[0]!, text, null);
      return (bridge.asked('outbox.append').at(-1) as { append: { body: { type: string; text: string } } })
        .append.body;
    };
    expect(await appended('nobody')).toEqual({ type: 'text/plain', text: 'nobody' });
    expect(JSON.parse((await appended('@Name of bob, here')).text)).toEqual({
      text: '@Name of bob, here',
      mentions: ['bob'],
    });
  });

  it('call everybody as long as the word stands there, in whichever language it was written', async () => {
    const said = { text: '@Alle, look', audiences: [{ to: 'everyone', as: 'Alle' }] };
    const body = { type: MESSAGE_TYPE, text: JSON.stringify(said) };
    const { store, bridge } = await opened([{ ...ownRow('o1', '', 1), body }]);
    const appended = async (text: string) => {
      const row = store.state.getState().timeline!.rows[0]!;
      await store.messages.edit(address, row, text, 'Everyone');
      return (bridge.asked('outbox.append').at(-1) as { append: { body: { type: string; text: string } } })
        .append.body;
    };
    const text = '@Alle, look again';
    expect(JSON.parse((await appended(text)).text)).toEqual({ ...said, text });
    expect(await appended('look')).toEqual({ type: 'text/plain', text: 'look' });
  });
});

describe('other ways to send', () => {
  it('keeps the text where the server is away, and says why it was not scheduled', async () => {
    const { bridge, box } = await opened([]);
    bridge.answers['scheduled.put'] = () => refused('server_unreachable');
    await userEvent.type(box(), '/schedule later{Enter}');
    fireEvent.click(await screen.findByTestId('schedule-do'));
    expect((await screen.findByTestId('schedule-failure')).textContent).toContain('Your text is still here');
    expect(box().value).toBe('later');
    bridge.answers['scheduled.put'] = () => ({ ok: true, value: null });
    fireEvent.click(screen.getByTestId('schedule-do'));
    await waitFor(() => expect(box().value).toBe(''));
    expect(bridge.asked('scheduled.put').at(-1)).toMatchObject({ conv: 'bob', text: 'later' });
    // The same one: the server may have it already, its answer being what was lost.
    expect(new Set(bridge.asked('scheduled.put').map(({ id }) => id)).size).toBe(1);
    expect(bridge.asked('outbox.submit')).toEqual([]);
  });

  it('sends without sound by a command, and what is no command as it is', async () => {
    const { bridge, box } = await opened([]);
    await userEvent.type(box(), '/silent psst{Enter}');
    await waitFor(() =>
      expect(bridge.asked('outbox.submit')[0]).toMatchObject({ text: 'psst', silent: true }),
    );
    await userEvent.type(box(), '/etc/passwd is a file{Enter}');
    await waitFor(() =>
      expect(bridge.asked('outbox.submit')[1]).toMatchObject({ text: '/etc/passwd is a file' }),
    );
    expect(bridge.asked('outbox.submit')[1]!.silent).toBeUndefined();
    await userEvent.type(box(), '/mute {Enter}');
    await waitFor(() => expect(bridge.asked('conversation.mute')).toHaveLength(1));
    expect(bridge.asked('outbox.submit')).toHaveLength(2);
  });

  it('does nothing by a command with a text behind it that it does not take: all of it stays, with why', async () => {
    const { bridge, box } = await opened([]);
    for (const written of ['/mute 5 parsecs', '/unmute now', '/date of the party?']) {
      await userEvent.clear(box());
      await userEvent.type(box(), `${written}{Enter}`);
      expect((await screen.findByTestId('composer-told')).textContent).toContain(written.split(' ')[0]);
      expect(box().value).toBe(written);
    }
    expect(bridge.asked('conversation.mute')).toEqual([]);
    expect(bridge.asked('outbox.submit')).toEqual([]);
    expect(screen.queryByTestId('date-input')).toBeNull();
  });

  it('asks about what looks like a command and is none before it goes out as it is, and about no path', async () => {
    const { bridge, box } = await opened([]);
    const enter = () => fireEvent.keyDown(box(), { key: 'Enter' });
    for (const [i, written] of ['/statsu', '/leave now'].entries()) {
      // Other words are asked about anew.
      for (const text of ['/nosuch', written]) {
        fireEvent.change(box(), { target: { value: text } });
        expect(screen.queryByTestId('composer-told')).toBeNull();
        enter();
        expect(screen.getByTestId('composer-told').textContent).toContain(text.split(' ')[0]);
        expect(box().value).toBe(text);
      }
      enter();
      await waitFor(() => expect(bridge.asked('outbox.submit')[i]).toMatchObject({ text: written }));
      expect([bridge.asked('outbox.submit').length, box().value]).toEqual([i + 1, '']);
    }
    expect(
      ['/usr/bin', '/ 2', '// TODO', '/s', '/etc.', '/日本'].map((text) => mistakenIn(text, true)),
    ).toEqual(Array(6).fill(null));
    expect([mistakenIn('/leave', true), mistakenIn('/Mute', false), mistakenIn('/leave', false)]).toEqual([
      null,
      null,
      'leave',
    ]);
  });

  it('says no more that a time is over once another one was chosen by its button', async () => {
    const { box } = await opened([]);
    await userEvent.type(box(), '/schedule later{Enter}');
    fireEvent.change(await screen.findByTestId('schedule-when'), { target: { value: '2020-01-01T10:00' } });
    fireEvent.click(screen.getByTestId('schedule-do'));
    await screen.findByTestId('schedule-failure');
    fireEvent.click(screen.getByRole('button', { name: 'In one hour' }));
    expect(screen.queryByTestId('schedule-failure')).toBeNull();
  });

  it('offers times to come, and none twice', () => {
    const sundayNight = new Date(2026, 2, 8, 22).getTime();
    expect(offers(sundayNight).map(({ id }) => id)).toEqual(['hour', 'morning']);
    const tuesday = new Date(2026, 2, 10, 9).getTime();
    const all = offers(tuesday);
    expect(all.map(({ id }) => id)).toEqual(['hour', 'evening', 'morning', 'monday']);
    expect(new Date(all[3]!.at).getDay()).toBe(1);
    expect(all.every(({ at }) => at > tuesday)).toBe(true);
  });
});

describe('messages for later', () => {
  const file = { hash: 'ab'.repeat(32), name: 'Plan.pdf', type: 'application/pdf', size: 2_000 };

  it('take the files of the tray along, say how far these are, and are given up with the dialog', async () => {
    const bridge = new FakeBridge();
    bridge.answers['files.tray'] = () => ({ ok: true, value: [{ ...file, id: 't1' }] });
    const { store, box } = await opened([], bridge);
    await screen.findByTestId('tray-file');
    let answer: (value: unknown) => void = () => {};
    bridge.answers['scheduled.put'] = () => new Promise((resolve) => (answer = resolve));
    await userEvent.type(box(), '/schedule see this{Enter}');
    fireEvent.click(await screen.findByTestId('schedule-do'));
    await waitFor(() => expect(bridge.asked('scheduled.put')).toHaveLength(1));
    const [{ id }] = bridge.asked('scheduled.put') as [{ id: string }];
    expect(bridge.asked('scheduled.put')[0]).toMatchObject({ text: 'see this', attached: ['t1'] });
    const going = { id, sent: 1_000, size: 2_000, state: 'sending' as const, failure: null, nextAt: null };
    act(() => bridge.emit('files.transfers', { account: ACCOUNT, transfers: [going] }));
    expect((await screen.findByTestId('schedule-going')).textContent).toContain('1');
    fireEvent.click(screen.getByText('Cancel'));
    await waitFor(() => expect(bridge.asked('scheduled.cancel')).toMatchObject([{ id }]));
    await act(async () => answer(refused('cancelled')));
    expect(box().value).toBe('see this');
    expect(screen.getByTestId('tray-file')).toBeTruthy();
    bridge.answers['scheduled.put'] = () => ({ ok: true, value: null });
    await userEvent.clear(box());
    await userEvent.type(box(), '/schedule{Enter}');
    fireEvent.click(await screen.findByTestId('schedule-do'));
    await waitFor(() => expect(screen.queryByTestId('tray-file')).toBeNull());
    expect(bridge.asked('scheduled.put').at(-1)).toMatchObject({ text: '', attached: ['t1'] });
    expect(store.talk.state.getState().shelf).toBeNull();
  });

  it('are listed with their files, sent at once, taken back where they were refused; where the server is away that is said', async () => {
    const bridge = new FakeBridge();
    const body = {
      type: 'application/vnd.matchbook.message+json',
      text: JSON.stringify({ text: '', files: [file] }),
    };
    const plain = { type: 'text/plain', text: 'no more' };
    const messages = [
      { id: 's1', conv: 'bob', body, silent: false, due: 1, refused: null },
      { id: 's2', conv: 'bob', body: plain, silent: false, due: 1, refused: 'not_member' },
    ];
    bridge.answers['scheduled.list'] = () => ({ ok: true, value: messages });
    const { store, box } = await opened([], bridge);
    act(() => store.talk.show({ kind: 'scheduled' }));
    expect((await screen.findByTestId('scheduled-files')).textContent).toBe('Plan.pdf');
    fireEvent.click(screen.getByTestId('scheduled-now'));
    await waitFor(() =>
      expect(bridge.asked('scheduled.put')).toMatchObject([{ id: 's1', due: 0, more: { files: [file] } }]),
    );
    fireEvent.click(screen.getByTestId('scheduled-to-draft'));
    await waitFor(() => expect(box().value).toBe('no more'));
    await waitFor(() => expect(bridge.asked('scheduled.cancel')).toMatchObject([{ id: 's2' }]));
    expect(bridge.draftOf('bob').text).toBe('no more');
    bridge.answers['scheduled.cancel'] = () => refused('server_unreachable');
    fireEvent.click((await screen.findAllByTestId('scheduled-cancel'))[0]!);
    await waitFor(() => expect(store.state.getState().failure?.kind).toBe('server_unreachable'));
    bridge.answers['scheduled.list'] = () => refused('server_unreachable');
    act(() => store.talk.show(null));
    act(() => store.talk.show({ kind: 'scheduled' }));
    await waitFor(() => expect(screen.getByTestId('shelf-scheduled').textContent).toMatch(/server/i));
  });
});

describe('the bar of what is pinned', () => {
  it('asks once something may have been pinned, and not with each message', async () => {
    const bridge = new FakeBridge();
    const rows = [theirs(1, 'the first')];
    bridge.answers['timeline.lines'] = ({ places }: { places: number[] }) => ({
      ok: true,
      value: { rows: rows.filter(({ n }) => places.includes(n!)), waiting: [], readN: 1, unreadN: 0 },
    });
    const { store } = await opened(rows, bridge);
    const told = (...places: number[]) =>
      act(() => {
        const conv = address.conv;
        bridge.emit('rows.changed', {
          account: ACCOUNT,
          convs: [conv],
          places: { [conv]: places },
          list: false,
        });
      });
    await waitFor(() => expect(bridge.asked('message.pinned').length).toBeGreaterThan(0));
    const asked = () => bridge.asked('message.pinned').length;
    const before = asked();
    rows.push(theirs(2, 'the second'));
    await told(2);
    await waitFor(() => expect(store.state.getState().timeline?.rows).toHaveLength(2));
    expect(asked()).toBe(before);
    const folded = { first: null, edits: [], reactions: [], pinned: true, deleted: null };
    rows[0] = { ...rows[0]!, folded };
    bridge.answers['message.pinned'] = () => ({ ok: true, value: { rows: [rows[0]], absent: [] } });
    await told(1, 3);
    expect((await screen.findByTestId('pin-bar')).textContent).toContain('the first');
  });
});

describe('a list of messages', () => {
  it('names those that are not on this device, leads to their places, and shows them once they came', async () => {
    const { store, bridge } = await opened([theirs(7, 'here')]);
    const absent = [{ conv: 'eve', n: 4 }];
    let messages: object[] = [];
    bridge.answers['message.saved'] = () => ({ ok: true, value: { messages, absent: absent.slice() } });
    const folded = { first: null, edits: [], reactions: [], pinned: true, deleted: null };
    const rows = [theirs(7, 'here', { folded })];
    bridge.answers['message.pinned'] = () => ({ ok: true, value: { rows, absent: [3] } });
    act(() => store.talk.show({ kind: 'pinned' }));
    const shelf = within(await screen.findByTestId('shelf-pinned'));
    fireEvent.click(within(await shelf.findByTestId('compact-absent')).getByRole('button'));
    await waitFor(() => expect(store.state.getState().jump?.n).toBe(3));
    expect(shelf.getAllByTestId('compact-row')).toHaveLength(1);

    act(() => store.talk.show({ kind: 'saved' }));
    const saved = within(await screen.findByTestId('shelf-saved'));
    expect((await saved.findByTestId('compact-absent')).textContent).toContain('not on this device yet');
    expect(saved.queryByText(/Nothing is saved/)).toBeNull();
    messages = [{ conv: 'eve', savedAt: 1, row: theirs(4, 'came back') }];
    absent.pop();
    act(() => bridge.emit('rows.changed', { account: ACCOUNT, convs: ['eve'], list: false }));
    expect((await saved.findByTestId('compact-row')).textContent).toContain('came back');
    expect(saved.queryByTestId('compact-absent')).toBeNull();
  });
});

describe('what is deleted for oneself', () => {
  it('is taken back by the line that says so, all of it', async () => {
    const { store, bridge } = await opened([theirs(2, 'two'), theirs(3, 'three')]);
    await act(() => store.messages.hide(address, [2, 3]));
    expect((await screen.findByTestId('undo-line')).textContent).toContain('2 messages deleted for you');
    fireEvent.click(screen.getByTestId('undo'));
    const marks = () =>
      bridge.asked('outbox.append').map(({ append }) => {
        const { kind, target, value } = append as Record<string, unknown>;
        return [kind, target, value];
      });
    await waitFor(() => expect(marks()).toHaveLength(4));
    expect(marks()).toEqual(
      [2, 3].map((n) => ['deleted_for_me', n, 1]).concat([2, 3].map((n) => ['deleted_for_me', n, 0])),
    );
    expect(screen.queryByTestId('undo-line')).toBeNull();
  });

  it('leaves the focus where one writes: its row goes', async () => {
    const { bridge } = await rowsOf([theirs(1, 'one'), theirs(2, 'two')]);
    bridge.answers['outbox.append'] = () => ({ ok: true, value: { id: 'x' } });
    const field = document.createElement('textarea');
    field.id = 'composer';
    document.body.append(field);
    await userEvent.click(screen.getAllByTestId('message-menu')[0]!);
    await userEvent.click(await screen.findByTestId('message-hide'));
    await waitFor(() => expect(document.activeElement).toBe(field));
    field.remove();
  });
});

describe('many at once', () => {
  it('leave what was deleted in line with them, with nothing to choose', async () => {
    const { store } = await rowsOf([theirs(1, 'one'), theirs(2, '', { body: null })]);
    act(() => store.talk.choose(store.state.getState().timeline!.rows[0]!, true));
    expect(await screen.findAllByTestId('choose')).toHaveLength(1);
    const [one, gone] = screen.getAllByTestId('message-row');
    expect([one!.classList.contains('choosable'), gone!.classList.contains('beside')]).toEqual([true, true]);
    act(() => store.talk.chooseNone());
    expect(gone!.classList.contains('beside')).toBe(false);
  });

  it('are forwarded in their order, with who wrote them, and deleted only where all are own', async () => {
    const { store, bridge } = await opened([theirs(1, 'one'), ownRow('o2', 'two', 2)]);
    const [first, second] = store.state.getState().timeline!.rows;
    store.talk.choose(second!, true);
    const bar = await screen.findByTestId('select-bar');
    expect(within(bar).getByTestId<HTMLButtonElement>('select-delete').disabled).toBe(false);
    store.talk.choose(first!, true);
    await waitFor(() => expect(bar.textContent).toContain('2 selected'));
    expect(within(bar).getByTestId<HTMLButtonElement>('select-delete').disabled).toBe(true);
    fireEvent.click(within(bar).getByTestId('select-forward'));
    const to = (await screen.findAllByTestId('forward-to')).find((one) => one.dataset.conv === 'cy')!;
    fireEvent.click(to);
    fireEvent.click(screen.getByTestId('forward-send'));
    await waitFor(() => expect(bridge.asked('outbox.submit')).toHaveLength(2));
    expect(bridge.asked('outbox.submit')).toMatchObject([
      { conv: 'cy', text: 'one', more: { forwarded: { by: 'Name of bob', user: 'bob' } } },
      { conv: 'cy', text: 'two', more: { forwarded: { user: 'me' } } },
    ]);
    expect(store.talk.state.getState().selecting).toBeNull();
  });

  it('are forwarded also to people with whom there is no conversation: it is made first, and nothing is sent where that fails', async () => {
    const { store, bridge } = await opened([theirs(1, 'one')]);
    bridge.answers['people.list'] = () => ({
      ok: true,
      value: ['dan', 'eve', 'fay'].map((user) => ({
        ...{ user, name: `Name of ${user}`, avatar: null, status: null, blocked: user === 'fay' },
      })),
    });
    bridge.emit('rows.changed', { account: ACCOUNT, convs: [], list: true });
    store.talk.forward(store.state.getState().timeline!.rows);
    fireEvent.change(await screen.findByTestId('forward-search'), { target: { value: 'name of' } });
    await waitFor(() =>
      expect(screen.getAllByTestId('forward-to').map((one) => one.closest('li')!.textContent)).toEqual([
        ...['NBName of bob', 'NCName of cy', 'NDName of dan', 'NEName of eve'],
      ]),
    );
    for (const one of screen.getAllByTestId('forward-to').slice(2)) fireEvent.click(one);
    bridge.answers['outbox.append'] = ({ append }: { append: { members: string[] } }) =>
      append.members.includes('eve') ? refused('disk_full') : { ok: true, value: { id: 'x' } };
    fireEvent.click(screen.getByTestId('forward-send'));
    const said = await screen.findByTestId('forward-failed');
    expect(said.textContent).toContain('Name of eve');
    expect(said.textContent).not.toContain('Name of dan');
    const conv = directConversationId(ME, 'dan');
    expect(bridge.asked('outbox.append')[0]).toMatchObject({
      ...{ conv, append: { kind: 'create', form: 'direct', members: [ME, 'dan'] } },
    });
    expect(bridge.asked('outbox.submit')).toMatchObject([{ conv, text: 'one' }]);
  });

  it('are chosen by the space bar, one by one as the arrows go', async () => {
    const { store } = await rowsOf([theirs(1, 'one'), theirs(2, 'two')]);
    act(() => store.talk.choose(store.state.getState().timeline!.rows[0]!, true));
    const [, two] = screen.getAllByTestId('message-row');
    two!.focus();
    await userEvent.keyboard(' ');
    expect(screen.getByTestId('select-count').textContent).toBe('2 selected');
    await userEvent.keyboard(' ');
    expect(screen.getByTestId('select-count').textContent).toBe('1 selected');
  });

  it('leave the focus where one writes, when what had it goes with them', async () => {
    const { store, box } = await opened([theirs(1, 'one')]);
    const choose = () => act(() => store.talk.choose(store.state.getState().timeline!.rows[0]!, true));
    choose();
    const copy = await screen.findByTestId('select-copy');
    copy.focus();
    await userEvent.click(copy);
    await waitFor(() => expect(document.activeElement).toBe(box()));
    choose();
    await screen.findByTestId('select-bar');
    const other = screen.getByTestId('search-open');
    other.focus();
    act(() => store.talk.chooseNone());
    await waitFor(() => expect(screen.queryByTestId('select-bar')).toBeNull());
    expect(document.activeElement).toBe(other);
  });

  it('are chosen from one to another with Shift, by a click anywhere on them, and copied as they were written', async () => {
    const rows = [theirs(1, '**one**'), ownRow('o2', '||two||', 2), theirs(3, 'three'), theirs(4, 'four')];
    const { store, bridge } = await rowsOf(rows);
    act(() => store.talk.choose(store.state.getState().timeline!.rows[0]!, true));
    const boxes = await screen.findAllByTestId<HTMLInputElement>('choose');
    fireEvent.click(boxes[2]!, { shiftKey: true });
    const chosen = () => screen.getAllByTestId<HTMLInputElement>('choose').map(({ checked }) => checked);
    expect(chosen()).toEqual([true, true, true, false]);
    fireEvent.click(screen.getByText('three'));
    expect(chosen()).toEqual([true, true, false, false]);
    fireEvent.click(screen.getByText('four'));
    expect(chosen()).toEqual([true, true, false, true]);
    // Its menu is its menu.
    fireEvent.click(screen.getAllByTestId('message-menu')[2]!);
    expect(chosen()).toEqual([true, true, false, true]);
    fireEvent.click(screen.getByTestId('select-copy'));
    await waitFor(() => expect(bridge.asked('clipboard.write')).toHaveLength(1));
    const lines = String(bridge.asked('clipboard.write')[0]!.text).split('\n');
    expect([lines[1], lines[4], lines[7]]).toEqual(['**one**', '||two||', 'four']);
  });

  it('are so many and no more, and the bar says so', async () => {
    const rows = Array.from({ length: 103 }, (_, i) => theirs(i + 1, `text ${i}`));
    const { store } = await rowsOf(rows);
    act(() => store.talk.choose(rows[0]!, true));
    act(() => store.talk.chooseUpTo(rows[98]!, rows));
    expect(screen.getByTestId('select-count').textContent).toBe('99 selected');
    act(() => store.talk.chooseUpTo(rows[102]!, rows));
    expect(screen.getByTestId('select-count').textContent).toBe('100 selected · At most 100 at once.');
    act(() => store.talk.choose(rows[0]!, false));
    expect(screen.getByTestId('select-count').textContent).toBe('99 selected');
  });

  it('are not what they were: what is deleted meanwhile goes out of them, and other words are passed on', async () => {
    const { store, bridge } = await opened([theirs(1, 'one'), theirs(2, 'two')]);
    for (const row of store.state.getState().timeline!.rows) act(() => store.talk.choose(row, true));
    expect((await screen.findByTestId('select-bar')).textContent).toContain('2 selected');
    bridge.rows.set('bob', [theirs(1, '', { body: null }), theirs(2, 'other words')]);
    act(() => bridge.emit('rows.changed', { account: ACCOUNT, convs: ['bob'], list: false }));
    await waitFor(() => expect(screen.getByTestId('select-bar').textContent).toContain('1 selected'));
    const [row] = store.talk.state.getState().selecting!.values();
    expect(row?.body).toMatchObject({ text: 'other words' });
  });

  it('of others too are deleted by owners and admins of a group, and by nobody else', async () => {
    for (const steward of [false, true]) {
      const { store, unmount } = await rowsOf([theirs(1, 'rude')], steward);
      fireEvent.click(screen.getByTestId('message-menu'));
      await screen.findByTestId('message-hide');
      expect(screen.queryByTestId('message-delete') !== null).toBe(steward);
      act(() => store.talk.choose(store.state.getState().timeline!.rows[0]!, true));
      const remove = await screen.findByTestId<HTMLButtonElement>('select-delete');
      expect(remove.disabled).toBe(!steward);
      unmount();
    }
  });

  it('say where they could not be forwarded, and there alone it is tried again; files go along unsent', async () => {
    const file = { hash: 'ab'.repeat(32), name: 'Plan.pdf', type: 'application/pdf', size: 3 };
    const body = {
      type: 'application/vnd.matchbook.message+json',
      text: JSON.stringify({ text: 'two', files: [file] }),
    };
    const bridge = new FakeBridge({ convs: ['bob', 'cy', 'di'] });
    const { store } = await opened([theirs(1, 'one'), theirs(2, '', { body })], bridge);
    const submit = (id: string) => ({ ok: true, value: ownRow(id, '', null) });
    bridge.answers['outbox.submit'] = ({ conv, id, text }: Record<string, string>) =>
      conv === 'cy' && text === 'two' ? refused('outbox_full') : submit(id!);
    store.talk.forward(store.state.getState().timeline!.rows);
    const boxes = await screen.findAllByTestId<HTMLInputElement>('forward-to');
    const box = (conv: string) => boxes.find((one) => one.dataset.conv === conv)!;
    for (const conv of ['cy', 'di']) fireEvent.click(box(conv));
    fireEvent.click(screen.getByTestId('forward-send'));
    expect((await screen.findByTestId('forward-failed')).textContent).toContain('Name of cy');
    expect(bridge.asked('outbox.submit').map(({ conv, text }) => `${conv} ${text}`)).toEqual([
      ...['cy one', 'cy two', 'di one', 'di two'],
    ]);
    expect([box('cy').checked, box('di').checked]).toEqual([true, false]);
    bridge.answers['outbox.submit'] = ({ id }: Record<string, string>) => submit(id!);
    fireEvent.click(screen.getByTestId('forward-send'));
    await waitFor(() => expect(screen.queryByTestId('forward-dialog')).toBeNull());
    expect(bridge.asked('outbox.submit').slice(4)).toMatchObject([
      { conv: 'cy', text: 'two', more: { files: [file], forwarded: { user: 'bob' } } },
    ]);
    expect(bridge.asked('outbox.submit').at(-1)!.attached).toBeUndefined();
    // Where it came from says where it went, at both tries, until somebody goes elsewhere.
    const line = await screen.findByTestId('forwarded-line');
    expect(line.textContent).toBe('2 messages forwarded to Name of di and Name of cy');
    act(() => store.navigation.open({ account: ACCOUNT, conv: 'cy' }));
    await waitFor(() => expect(screen.queryByTestId('forwarded-line')).toBeNull());
  });

  it('of a dialog that was closed while they went are not those of the next one; what was not taken is told', async () => {
    const bridge = new FakeBridge({ convs: ['bob', 'cy', 'di'] });
    const { store } = await opened([theirs(1, 'one'), theirs(2, 'two')], bridge);
    const [first, second] = store.state.getState().timeline!.rows;
    const box = async (conv: string) =>
      (await screen.findAllByTestId<HTMLInputElement>('forward-to')).find(
        (one) => one.dataset.conv === conv,
      )!;
    let answer = (_: unknown) => {};
    bridge.answers['outbox.submit'] = () =>
      new Promise((resolve) => {
        answer = resolve;
      }) as never;
    act(() => store.talk.forward([first!]));
    fireEvent.click(await box('cy'));
    fireEvent.click(screen.getByTestId('forward-send'));
    await waitFor(() => expect(bridge.asked('outbox.submit')).toHaveLength(1));
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByTestId('forward-dialog')).toBeNull();
    act(() => store.talk.forward([second!]));
    await box('cy');
    await act(async () => answer(refused('outbox_full')));
    await waitFor(() => expect(store.state.getState().failure).toMatchObject({ kind: 'outbox_full' }));
    expect(screen.queryByTestId('forward-failed')).toBeNull();
    expect((await box('cy')).checked).toBe(false);
    fireEvent.click(await box('cy'));
    fireEvent.click(screen.getByTestId('forward-send'));
    await waitFor(() =>
      expect(bridge.asked('outbox.submit').map(({ text }) => text)).toEqual(['one', 'two']),
    );
  });

  it('go on by the keyboard: a name and Enter for each conversation, and Enter', async () => {
    const bridge = new FakeBridge({ convs: ['bob', 'cy', 'di'] });
    const { store } = await opened([theirs(1, 'one')], bridge);
    bridge.answers['outbox.submit'] = ({ id }: Record<string, string>) => ({
      ...{ ok: true, value: ownRow(id!, '', null) },
    });
    act(() => store.talk.forward(store.state.getState().timeline!.rows));
    const search = await screen.findByTestId('forward-search');
    await userEvent.type(search, '{Enter}of cy{Enter}of di');
    expect(bridge.asked('outbox.submit')).toEqual([]);
    expect(document.querySelector('.forward-row.aimed')?.textContent).toContain('Name of di');
    await userEvent.type(search, '{Enter}{Enter}');
    await waitFor(() => expect(screen.queryByTestId('forward-dialog')).toBeNull());
    expect(bridge.asked('outbox.submit').map(({ conv }) => conv)).toEqual(['cy', 'di']);
  });

  it('say where they went only where that conversation does not open, and while offline that they wait', async () => {
    const bridge = new FakeBridge({ convs: ['bob', 'cy', 'di', 'ed', 'flo'] });
    const { store } = await opened([theirs(1, 'one')], bridge);
    bridge.answers['outbox.submit'] = ({ id }: Record<string, string>) => ({
      ...{ ok: true, value: ownRow(id!, '', null) },
    });
    const forwardTo = async (convs: string[]) => {
      act(() => store.talk.forward(store.state.getState().timeline!.rows));
      for (const box of await screen.findAllByTestId('forward-to'))
        if (convs.includes(box.dataset.conv!)) fireEvent.click(box);
      fireEvent.click(screen.getByTestId('forward-send'));
      await waitFor(() => expect(screen.queryByTestId('forward-dialog')).toBeNull());
    };
    await forwardTo(['cy', 'di', 'ed', 'flo']);
    const line = await screen.findByTestId('forwarded-line');
    expect(line.textContent).toBe('Message forwarded to 4 conversations');
    act(() => bridge.emit('session.changed', { account: ACCOUNT, state: { kind: 'resting', since: 1 } }));
    await waitFor(() => expect(line.textContent).toContain('once you are connected'));
    fireEvent.click(within(line).getByRole('button'));
    expect(screen.queryByTestId('forwarded-line')).toBeNull();
    await forwardTo(['di']);
    expect(store.state.getState().open?.conv).toBe('di');
    expect(screen.queryByTestId('forwarded-line')).toBeNull();
  });
});
