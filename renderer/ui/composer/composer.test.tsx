import { LIMITS } from '@matchbook/protocol/limits';
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { shownRows } from '../../store/reconcile.ts';
import { addressKey } from '../../store/state.ts';
import { App } from '../app.tsx';
import { ACCOUNT, FakeBridge, refused } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';

async function opened(bridge = new FakeBridge()) {
  const view = await openWindow(bridge, <App />, render);
  const box = () => screen.getByTestId<HTMLTextAreaElement>('composer');
  await waitFor(() => expect(box().dataset.conv).toBe('bob'));
  await waitFor(() =>
    expect(view.store.sending.draft({ account: ACCOUNT, conv: 'bob' }).state.getState().loaded).toBe(true),
  );
  return { ...view, bridge, box };
}

afterEach(() => void vi.useRealTimers());

describe('the composer', () => {
  it('has the focus when a conversation opens', async () => {
    const { box } = await opened();
    expect(document.activeElement).toBe(box());
    fireEvent.click(screen.getByText('Name of cy'));
    await waitFor(() => expect(box().dataset.conv).toBe('cy'));
    expect(document.activeElement).toBe(box());
  });

  it('goes on at the end of a text that stands there already', async () => {
    const { box } = await opened();
    await userEvent.type(box(), 'half a sentence');
    fireEvent.click(screen.getByText('Name of cy'));
    await waitFor(() => expect(box().dataset.conv).toBe('cy'));
    fireEvent.click(screen.getByText('Name of bob'));
    await waitFor(() => expect(box().value).toBe('half a sentence'));
    await userEvent.keyboard(', and the rest');
    expect(box().value).toBe('half a sentence, and the rest');
  });

  it('sends on Enter, breaks the line on Shift+Enter', async () => {
    const { bridge, box } = await opened();
    await userEvent.type(box(), 'one{Shift>}{Enter}{/Shift}two{Enter}');
    expect(box().value).toBe('');
    await waitFor(() => expect(bridge.asked('outbox.submit')).toHaveLength(1));
    expect(bridge.asked('outbox.submit')[0]).toMatchObject({ conv: 'bob', id: 'id-1', text: 'one\ntwo' });
  });

  it('breaks the line on Enter in a block of code, and sends behind its end', async () => {
    const { bridge, box } = await opened();
    await userEvent.type(box(), 'see{Shift>}{Enter}{/Shift}```js{Enter}let a;{Enter}```');
    expect(bridge.asked('outbox.submit')).toEqual([]);
    await userEvent.type(box(), '{Enter}');
    await waitFor(() => expect(bridge.asked('outbox.submit')).toHaveLength(1));
    expect(bridge.asked('outbox.submit')[0]).toMatchObject({ text: 'see\n```js\nlet a;\n```' });
  });

  it('leaves Enter to an input method that composes', async () => {
    const { bridge, box } = await opened();
    fireEvent.change(box(), { target: { value: 'に' } });
    fireEvent.keyDown(box(), { key: 'Enter', isComposing: true });
    fireEvent.keyDown(box(), { key: 'Enter', keyCode: 229 });
    expect(box().value).toBe('に');
    fireEvent.keyDown(box(), { key: 'Enter' });
    await waitFor(() => expect(bridge.asked('outbox.submit')).toHaveLength(1));
  });

  it('leaves Enter to an input method also while names are offered', async () => {
    const { bridge, box } = await opened();
    fireEvent.change(box(), { target: { value: '@name' } });
    await screen.findByTestId('completion');
    fireEvent.keyDown(box(), { key: 'Enter', isComposing: true });
    fireEvent.keyDown(box(), { key: 'Enter', keyCode: 229 });
    expect(box().value).toBe('@name');
    expect(bridge.asked('outbox.submit')).toEqual([]);
  });

  it('makes an emoji of a shortcode that is written out, and of nothing else between colons', async () => {
    const { box } = await opened();
    await userEvent.type(box(), 'Bye :wav');
    await screen.findByText(':wave:');
    await userEvent.type(box(), 'e: now :nosuch: at 10:30: or :p:');
    expect(box().value).toBe('Bye 👋 now :nosuch: at 10:30: or :p:');
  });

  it('sends nothing where there are only blanks', async () => {
    const { bridge, box } = await opened();
    await userEvent.type(box(), '   {Shift>}{Enter}{/Shift} {Enter}');
    expect(bridge.asked('outbox.submit')).toEqual([]);
    expect(screen.getByTestId<HTMLButtonElement>('send').disabled).toBe(true);
  });

  it('I11: on a slow disk shows the message as being saved at once, and as more only when it is on the disk', async () => {
    const { bridge, box, store } = await opened();
    let written = () => {};
    bridge.answers['outbox.submit'] = (request: object) =>
      new Promise((resolve) => {
        written = () => {
          delete bridge.answers['outbox.submit'];
          resolve(bridge.call('outbox.submit', request));
        };
      });
    await userEvent.type(box(), 'precious');
    await waitFor(() => expect(bridge.draftOf('bob').text).toBe('precious'));
    await userEvent.type(box(), '{Enter}');
    const shown = () => {
      const { timeline, pending } = store.state.getState();
      return shownRows(timeline!, pending[addressKey({ account: ACCOUNT, conv: 'bob' })] ?? []).at(-1);
    };
    expect(shown()).toMatchObject({ body: { text: 'precious' }, delivery: 'saving' });
    expect(box().value).toBe('');
    await waitFor(() => expect(bridge.asked('outbox.submit')).toHaveLength(1));
    expect(shown()).toMatchObject({ delivery: 'saving' });
    expect(bridge.draftOf('bob').text).toBe('precious');
    written();
    // The main process in memory is one whose server answers at once.
    await waitFor(() => expect(shown()).toMatchObject({ delivery: 'sent' }));
  });

  it('I11: puts the text back with the reason when the commit fails, before what was typed meanwhile', async () => {
    const { bridge, box } = await opened();
    let fail = () => {};
    bridge.answers['outbox.submit'] = () =>
      new Promise((resolve) => {
        fail = () => resolve(refused('disk_full'));
      });
    await userEvent.type(box(), 'precious{Enter}');
    await waitFor(() => expect(bridge.asked('outbox.submit')).toHaveLength(1));
    await userEvent.type(box(), 'next');
    fail();
    await waitFor(() => expect(box().value).toBe('precious\nnext'));
    expect(screen.getByTestId('composer-failure').textContent).toContain('The disk is full');
    await waitFor(() => expect(bridge.draftOf('bob').text).toBe('precious\nnext'));
  });

  it('I11: a failed commit comes back to its own conversation, also after a switch', async () => {
    const { bridge, box, store } = await opened();
    let fail = () => {};
    bridge.answers['outbox.submit'] = () =>
      new Promise((resolve) => {
        fail = () => resolve(refused('store_failed'));
      });
    await userEvent.type(box(), 'for bob{Enter}');
    await waitFor(() => expect(bridge.asked('outbox.submit')).toHaveLength(1));
    fireEvent.click(screen.getByText('Name of cy'));
    await waitFor(() => expect(box().dataset.conv).toBe('cy'));
    fail();
    const bob = store.sending.draft({ account: ACCOUNT, conv: 'bob' });
    await waitFor(() => expect(bob.state.getState().text).toBe('for bob'));
    expect(box().value).toBe('');
  });

  it('has the focus where a text came back with the reason, and nothing else had it', async () => {
    const { store, box } = await opened();
    const keeper = store.sending.draft({ account: ACCOUNT, conv: 'bob' });
    const back = () =>
      act(() => keeper.putBack('other words', null, { kind: 'unknown_place', message: 'gone' }));
    const other = screen.getByTestId('search-open');
    other.focus();
    back();
    expect((await screen.findByTestId('composer-failure')).textContent).toContain('kept');
    expect(document.activeElement).toBe(other);
    act(() => keeper.edit(''));
    await waitFor(() => expect(screen.queryByTestId('composer-failure')).toBeNull());
    other.blur();
    back();
    await waitFor(() => expect(document.activeElement).toBe(box()));
  });

  it('keeps a text with the conversation it was typed in, and saves it at the switch', async () => {
    const { bridge, box } = await opened();
    await userEvent.type(box(), 'half a thou');
    fireEvent.click(screen.getByText('Name of cy'));
    await waitFor(() => expect(box().dataset.conv).toBe('cy'));
    expect(box().value).toBe('');
    await waitFor(() => expect(bridge.draftOf('bob').text).toBe('half a thou'));
    await userEvent.type(box(), 'to cy{Enter}');
    await waitFor(() => expect(bridge.asked('outbox.submit')).toHaveLength(1));
    expect(bridge.asked('outbox.submit')[0]).toMatchObject({ conv: 'cy', text: 'to cy' });
    fireEvent.click(screen.getByText('Name of bob'));
    await waitFor(() => expect(box().value).toBe('half a thou'));
  });

  it('saves the draft within 300 ms of a keystroke, and names the saved version when it sends', async () => {
    const { bridge, box } = await opened();
    vi.useFakeTimers();
    fireEvent.change(box(), { target: { value: 'a' } });
    await act(() => vi.advanceTimersByTimeAsync(200));
    fireEvent.change(box(), { target: { value: 'ab' } });
    // Of the first one: typing on does not put it off.
    await act(() => vi.advanceTimersByTimeAsync(100));
    expect(bridge.draftOf('bob').text).toBe('ab');
    vi.useRealTimers();
    await userEvent.type(box(), '{Enter}');
    await waitFor(() => expect(bridge.asked('outbox.submit')[0]).toMatchObject({ draftVersion: 1 }));
  });

  it('names the conversation that it was bound to at the first keystroke, and keeps the text where main refuses', async () => {
    const { bridge, box } = await opened();
    bridge.answers['outbox.submit'] = () => refused('wrong_recipient');
    await userEvent.type(box(), 'for bob{Enter}');
    await waitFor(() => expect(box().value).toBe('for bob'));
    expect(bridge.asked('outbox.submit')).toMatchObject([{ conv: 'bob', boundTo: 'bob' }]);
    expect(screen.getByTestId('composer-failure').textContent).toContain('another conversation');
  });

  it('shows what another device has above the text, until one of them is chosen', async () => {
    const { bridge, box, store } = await opened();
    const other = { text: 'written on the train', time: 1_700_000_000_000 };
    bridge.drafts.set('bob', { text: 'written here', version: 3, updatedAt: 1, other });
    bridge.emit('draft.changed', { account: ACCOUNT, conv: 'bob' });
    const bar = await screen.findByTestId('draft-conflict');
    expect(bar.textContent).toContain('written on the train');
    expect(box().value).toBe('written here');
    bridge.answers['draft.choose'] = () => ({
      ok: true,
      value: { text: 'written on the train\nwritten here', version: 4, updatedAt: 2 },
    });
    fireEvent.click(screen.getByTestId('draft-both'));
    await waitFor(() => expect(box().value).toBe('written on the train\nwritten here'));
    expect(bridge.asked('draft.choose')).toMatchObject([{ conv: 'bob', choice: 'both' }]);
    expect(screen.queryByTestId('draft-conflict')).toBeNull();
    expect(document.activeElement).toBe(box());
    expect(store.state.getState().failure).toBeNull();
  });

  it('brings an earlier text back', async () => {
    const { bridge, box } = await opened();
    bridge.answers['draft.earlier'] = () => ({
      ok: true,
      value: [{ id: 7, text: 'an older thought', time: 1_700_000_000_000 }],
    });
    bridge.answers['draft.restore'] = () => ({
      ok: true,
      value: { text: 'an older thought', version: 5, updatedAt: 2 },
    });
    fireEvent.click(screen.getByTestId('earlier-open'));
    expect((await screen.findByTestId('earlier-text')).textContent).toContain('an older thought');
    fireEvent.click(screen.getByText('Restore'));
    await waitFor(() => expect(box().value).toBe('an older thought'));
    expect(bridge.asked('draft.restore')).toMatchObject([{ conv: 'bob', id: 7 }]);
  });

  it('is only to be read and copied where one is no member any more', async () => {
    const bridge = new FakeBridge();
    bridge.conversations[0] = { ...bridge.conversations[0]!, member: false };
    bridge.drafts.set('bob', { text: 'never sent', version: 1, updatedAt: 1 });
    const { box } = await opened(bridge);
    expect(box().value).toBe('never sent');
    expect(box().readOnly).toBe(true);
    fireEvent.click(screen.getByTestId('draft-copy'));
    await waitFor(() => expect(bridge.asked('clipboard.write')).toEqual([{ text: 'never sent' }]));
    expect(screen.queryByTestId('send')).toBeNull();
  });

  it('says before the limit that it is near, and behind it by how much', async () => {
    const { bridge, box } = await opened();
    fireEvent.change(box(), { target: { value: 'x'.repeat(LIMITS.bodyBytes - 10) } });
    expect(screen.getByText('About 10 more characters fit')).toBeTruthy();
    fireEvent.change(box(), { target: { value: 'é'.repeat(LIMITS.bodyBytes / 2 + 1) } });
    expect(screen.getByTestId('composer-failure').textContent).toContain('limit is 64 KB');
    fireEvent.keyDown(box(), { key: 'Enter' });
    expect(bridge.asked('outbox.submit')).toEqual([]);
  });

  it('offers no sending of a text that cannot be stored', async () => {
    const { bridge, box } = await opened();
    fireEvent.change(box(), { target: { value: 'a\ud800' } });
    expect(screen.getByTestId('composer-failure').textContent).toContain('cannot be sent');
    fireEvent.keyDown(box(), { key: 'Enter' });
    expect(bridge.asked('outbox.submit')).toEqual([]);
  });
});

describe('what is pasted into the composer', () => {
  const paste = (box: HTMLElement, parts: Record<string, string>) =>
    fireEvent.paste(box, {
      clipboardData: { types: Object.keys(parts), files: [], getData: (type: string) => parts[type] ?? '' },
    });

  it('keeps its looks as marks, where the caret is, and only its words by Ctrl+Shift+V', async () => {
    const { box } = await opened();
    const rich = { 'text/plain': 'loud', 'text/html': '<p><b>loud</b></p>' };
    fireEvent.change(box(), { target: { value: 'so .' } });
    box().setSelectionRange(3, 3);
    expect(paste(box(), rich)).toBe(false);
    await waitFor(() => expect(box().value).toBe('so **loud**.'));
    expect(box().selectionStart).toBe('so **loud**'.length);
    fireEvent.keyDown(box(), { key: 'V', ctrlKey: true, shiftKey: true });
    // The browser engine pastes it.
    expect(paste(box(), rich)).toBe(true);
    box().setSelectionRange(0, 2);
    paste(box(), { 'text/plain': 'https://a.example/b' });
    await waitFor(() => expect(box().value).toBe('[so](https://a.example/b) **loud**.'));
  });

  it('I11: is a file where it is too long for a message, and what is written too long can be sent as one', async () => {
    const { bridge, box } = await opened();
    const long = `${'x'.repeat(LIMITS.bodyBytes)}!`;
    const given: string[] = [];
    bridge.answers['files.hand'] = ({ bytes, name }: { bytes: Uint8Array; name: string }) => {
      given.push(new TextDecoder().decode(bytes));
      const hash = 'ab'.repeat(32);
      const file = { id: `t${given.length}`, hash, name, type: 'text/plain', size: bytes.length };
      return { ok: true, value: { tray: [file], refused: [] } };
    };
    expect(paste(box(), { 'text/plain': long })).toBe(false);
    expect((await screen.findByTestId('composer-told')).textContent).toContain('as a file');
    expect(given).toEqual([long]);
    expect(box().value).toBe('');
    fireEvent.change(box(), { target: { value: long } });
    fireEvent.click(screen.getByTestId('as-file'));
    await waitFor(() => expect(box().value).toBe(''));
    expect(given[1]).toBe(long);
    bridge.answers['files.hand'] = () => refused('disk_full');
    fireEvent.change(box(), { target: { value: long } });
    fireEvent.click(screen.getByTestId('as-file'));
    await waitFor(() => expect(bridge.asked('files.hand')).toHaveLength(3));
    expect(box().value).toBe(long);
  });
});

describe('a word for everybody', () => {
  const others = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ user: `u${i}`, name: i === 0 ? 'Allegra' : `Person ${i}` }));
  async function inGroup(members: number, form: 'group' | 'direct' = 'group') {
    const bridge = new FakeBridge();
    const row = bridge.conversations.find(({ conv }) => conv === 'bob')!;
    Object.assign(row, { form, members: [row.members[0]!, ...others(members - 1)] });
    return opened(bridge);
  }
  const write = (box: HTMLTextAreaElement, value: string) => {
    fireEvent.change(box, { target: { value } });
    fireEvent.keyDown(box, { key: 'Enter' });
  };
  const audiences = [{ to: 'everyone', as: 'Everyone' }];

  it('is offered in groups, last, by what others call it too, and is sent beside the text', async () => {
    const { bridge, box } = await inGroup(4);
    await userEvent.type(box(), '@al');
    const options = await screen.findAllByRole('option');
    expect(options.map((one) => one.textContent)).toEqual(['Allegra', 'Everyone3 people']);
    await userEvent.keyboard('{ArrowDown}{Enter}');
    expect(box().value).toBe('@Everyone ');
    write(box(), '@Everyone look, @Allegra ');
    await waitFor(() => expect(bridge.asked('outbox.submit')).toHaveLength(1));
    expect(bridge.asked('outbox.submit')[0]).toMatchObject({
      text: '@Everyone look, @Allegra',
      more: { mentions: ['u0'], audiences },
    });
    expect(screen.queryByTestId('confirm-everyone')).toBeNull();
  });

  it('has one blank behind it, also where whoever chose it types one; a second is theirs', async () => {
    const { box } = await inGroup(4);
    await userEvent.type(box(), '@alleg');
    await screen.findAllByRole('option');
    await userEvent.keyboard('{Enter} ');
    expect(box().value).toBe('@Allegra ');
    await userEvent.keyboard(' two');
    expect(box().value).toBe('@Allegra  two');
  });

  it('names nobody whose account is closed: not offered once that is known, and marked until then', async () => {
    const { bridge, box, store } = await inGroup(4);
    bridge.answers['people.profile'] = ({ user }: { user: string }) => ({
      ok: true,
      value: {
        ...{ user, name: 'x', avatar: null, status: null, lastSeen: null },
        ...(user === 'u0' ? { closed: true } : {}),
      },
    });
    await userEvent.type(box(), '@all');
    const shown = () => screen.queryAllByRole('option').map((one) => one.textContent);
    await waitFor(() => expect(shown()).toEqual(['AllegraAccount closed', 'Everyone3 people']));
    await userEvent.clear(box());
    await userEvent.type(box(), '@al');
    expect(shown()).toEqual(['Everyone3 people']);
    // Let in again: whoever is here has an account.
    act(() =>
      bridge.emit('presence.changed', {
        ...{ account: ACCOUNT, users: [{ user: 'u0', state: 'online' }], typing: [] },
      }),
    );
    expect(store.people.state.getState().presences[ACCOUNT]?.users.has('u0')).toBe(true);
    await userEvent.clear(box());
    await userEvent.type(box(), '@all');
    expect(shown()).toEqual(['Allegra', 'Everyone3 people']);
  });

  it('is none in a conversation of two, nor where nobody else is', async () => {
    const { bridge, box, unmount } = await inGroup(2, 'direct');
    await userEvent.type(box(), '@e');
    expect(screen.queryByTestId('completion')).toBeNull();
    write(box(), '@Everyone');
    await waitFor(() => expect(bridge.asked('outbox.submit')).toHaveLength(1));
    expect(bridge.asked('outbox.submit')[0]!.more).toBeUndefined();
    unmount();
    const alone = await inGroup(1);
    await userEvent.type(alone.box(), '@e');
    expect(screen.queryByTestId('completion')).toBeNull();
  });

  it('asks before it tells more than ten; not what makes no sound', async () => {
    const { bridge, box } = await inGroup(12);
    const sent = () => bridge.asked('outbox.submit');
    write(box(), '@Everyone hello');
    const question = await screen.findByTestId('confirm-everyone');
    expect(question.textContent).toContain('This notifies 11 people.');
    fireEvent.click(screen.getByText('Cancel'));
    await waitFor(() => expect(screen.queryByTestId('confirm-everyone')).toBeNull());
    expect([box().value, sent()]).toEqual(['@Everyone hello', []]);
    fireEvent.keyDown(box(), { key: 'Enter' });
    fireEvent.click(await screen.findByTestId('confirm-everyone-confirm'));
    await waitFor(() => expect(sent()).toHaveLength(1));
    expect(sent()[0]).toMatchObject({ text: '@Everyone hello', more: { audiences } });
    await waitFor(() => expect(screen.queryByTestId('confirm-everyone')).toBeNull());
    write(box(), '/silent @Everyone psst');
    await waitFor(() => expect(sent()).toHaveLength(2));
    expect(sent()[1]).toMatchObject({ text: '@Everyone psst', silent: true, more: { audiences } });
  });

  it('asks the same before the time of what is sent later', async () => {
    const { bridge, box } = await inGroup(12);
    bridge.answers['scheduled.put'] = () => ({ ok: true, value: null });
    write(box(), '/schedule @Everyone later');
    fireEvent.click(await screen.findByTestId('confirm-everyone-confirm'));
    fireEvent.click(await screen.findByTestId('schedule-do'));
    await waitFor(() => expect(bridge.asked('scheduled.put')).toHaveLength(1));
    expect(bridge.asked('scheduled.put')[0]).toMatchObject({ text: '@Everyone later', more: { audiences } });
  });

  it('does not ask in a group of ten', async () => {
    const { bridge, box } = await inGroup(10);
    write(box(), '@Everyone hello');
    await waitFor(() => expect(bridge.asked('outbox.submit')).toHaveLength(1));
  });
});
