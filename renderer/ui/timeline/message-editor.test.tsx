import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { WordsProvider } from '../../i18n/words.tsx';
import { BEGUN_AT_ONCE } from '../../store/begun-words.ts';
import type { MatchbookStore } from '../../store/store.ts';
import { GivenUpLine } from '../talk/given-up-line.tsx';
import { ACCOUNT, FakeBridge, ownRow, refused } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import { StoreContext } from '../use-store.ts';
import { MessageEditor } from './message-editor.tsx';

async function opened(text: string, bridge = new FakeBridge()) {
  bridge.answers['outbox.append'] = () => ({ ok: true, value: { id: 'x' } });
  const row = ownRow('o1', text, 1);
  const address = { account: ACCOUNT, conv: 'bob' };
  const editor = (now: string, key = 'first') => (
    <>
      <MessageEditor
        key={key}
        {...{ address, row, text: now, group: true }}
        onDone={() => {}}
        onGiveUp={(text) => store.talk.giveUp(row, text)}
      />
      <GivenUpLine address={address} />
    </>
  );
  const window = await openWindow(bridge, editor(text), render);
  const store: MatchbookStore = window.store;
  /** With other words from elsewhere, or as another row on screen. */
  const again = (now: string, key?: string) =>
    window.rerender(
      <WordsProvider locale="en">
        <StoreContext value={store}>{editor(now, key)}</StoreContext>
      </WordsProvider>,
    );
  const box = () => screen.getByTestId<HTMLTextAreaElement>('message-editor');
  return { bridge, store, row, address, again, now: box, box: box() };
}

describe('other words for a message', () => {
  it('are not kept by the Enter of an input method', async () => {
    const { bridge, box } = await opened('ni');
    fireEvent.change(box, { target: { value: 'に' } });
    fireEvent.keyDown(box, { key: 'Enter', isComposing: true });
    fireEvent.keyDown(box, { key: 'Enter', keyCode: 229 });
    expect(bridge.asked('outbox.append')).toEqual([]);
    fireEvent.keyDown(box, { key: 'Enter' });
    await waitFor(() => expect(bridge.asked('outbox.append')).toHaveLength(1));
  });

  it('are not kept by the Enter that breaks a line of code', async () => {
    const { bridge, box } = await opened('```');
    await userEvent.type(box, '{Enter}let a;{Enter}```');
    expect(bridge.asked('outbox.append')).toEqual([]);
    await userEvent.type(box, '{Enter}');
    await waitFor(() => expect(bridge.asked('outbox.append')).toHaveLength(1));
    expect(bridge.asked('outbox.append')[0]!.append).toMatchObject({ body: { text: '```\nlet a;\n```' } });
  });

  it('call everybody', async () => {
    const { bridge, box } = await opened('come');
    fireEvent.change(box, { target: { value: '@Everyone come' } });
    fireEvent.keyDown(box, { key: 'Enter' });
    await waitFor(() => expect(bridge.asked('outbox.append')).toHaveLength(1));
    const { body } = bridge.asked('outbox.append')[0]!.append as { body: { text: string } };
    expect(JSON.parse(body.text)).toEqual({
      text: '@Everyone come',
      audiences: [{ to: 'everyone', as: 'Everyone' }],
    });
  });

  it('have formats by keys, and looks of what is pasted', async () => {
    const { box } = await opened('loud');
    box.setSelectionRange(0, 4);
    fireEvent.keyDown(box, { key: 'b', ctrlKey: true });
    expect(box.value).toBe('**loud**');
    box.setSelectionRange(8, 8);
    const parts: Record<string, string> = { 'text/plain': 'so', 'text/html': '<i>so</i>' };
    const clipboardData = {
      types: Object.keys(parts),
      files: [],
      getData: (type: string) => parts[type] ?? '',
    };
    fireEvent.paste(box, { clipboardData });
    await waitFor(() => expect(box.value).toBe('**loud***so*'));
  });

  it('I11: are there again when the row was off the screen, and take nobody by the hand', async () => {
    const { box, again, now } = await opened('hello');
    expect(document.activeElement).toBe(box);
    fireEvent.change(box, { target: { value: 'hello again' } });
    again('hello', 'drawn anew');
    expect(now()).not.toBe(box);
    expect(now().value).toBe('hello again');
    expect(document.activeElement).not.toBe(now());
    fireEvent.keyDown(now(), { key: 'Escape' });
    again('hello', 'after giving up');
    expect(now().value).toBe('hello');
  });

  it('I11: given up are an earlier text of the conversation, and are gone on with where one wants; nothing is said of what was not changed', async () => {
    const bridge = new FakeBridge();
    bridge.rows.set('bob', [ownRow('o1', 'hello', 1)]);
    const { store, address, box, again, now } = await opened('hello', bridge);
    store.navigation.open(address);
    await waitFor(() => expect(store.state.getState().timeline?.rows).toHaveLength(1));
    store.talk.edit('me/o1');
    for (const [typed, way] of [
      ['hello, a long afternoon', () => fireEvent.keyDown(now(), { key: 'Escape' })],
      ['hello, another one', () => fireEvent.click(screen.getByText('Cancel'))],
    ] as const) {
      fireEvent.change(now(), { target: { value: typed } });
      act(way);
      await waitFor(() =>
        expect(bridge.asked('begun.keep').at(-1)).toMatchObject({
          about: 'me/o1',
          text: null,
          earlier: typed,
        }),
      );
      expect(store.talk.state.getState().editing).toBeNull();
      fireEvent.click(await screen.findByTestId('edit-on'));
      expect([store.talk.state.getState().editing, store.begun.of('me/o1')]).toEqual(['me/o1', typed]);
      expect(screen.queryByTestId('given-up-line')).toBeNull();
      again('hello', typed);
      expect(now().value).toBe(typed);
    }
    await waitFor(() => expect(document.activeElement).toBe(now()));
    fireEvent.change(now(), { target: { value: ' hello ' } });
    fireEvent.keyDown(now(), { key: 'Escape' });
    await waitFor(() => expect(bridge.asked('begun.keep').at(-1)).toMatchObject({ text: null }));
    expect(bridge.asked('begun.keep').at(-1)).not.toHaveProperty('earlier');
    expect(screen.queryByTestId('given-up-line')).toBeNull();
    expect(box.isConnected).toBe(false);
  });

  it('begin with what another device made of it, and undo nothing of that', async () => {
    const { bridge, box, again, now } = await opened('before');
    again('from the other device');
    expect(now().value).toBe('from the other device');
    fireEvent.keyDown(box, { key: 'Enter' });
    expect(bridge.asked('outbox.append')).toEqual([]);
    fireEvent.change(box, { target: { value: 'mine' } });
    again('from the other device, again');
    expect(now().value).toBe('mine');
  });

  it('I11: go to the composer, which says why, where their message is deleted meanwhile', async () => {
    const bridge = new FakeBridge();
    const mine = ownRow('o1', 'hello', 1);
    bridge.rows.set('bob', [mine]);
    const { store, address, box } = await opened('hello', bridge);
    store.navigation.open(address);
    await waitFor(() => expect(store.state.getState().timeline?.rows).toHaveLength(1));
    fireEvent.change(box, { target: { value: 'a long afternoon' } });
    const keeper = store.sending.draft(address);
    keeper.edit('begun');
    bridge.rows.set('bob', [{ ...mine, body: null }]);
    bridge.emit('rows.changed', { account: ACCOUNT, convs: ['bob'], list: false });
    await waitFor(() => expect(keeper.state.getState().text).toBe('a long afternoon\nbegun'));
    expect(keeper.state.getState().failure?.kind).toBe('unknown_place');
    expect(store.begun.of(mine.key)).toBeNull();
  });

  it('I11: are gone on with where one comes back to, and are kept as they are typed and where the window goes', async () => {
    const bridge = new FakeBridge();
    bridge.rows.set('bob', [ownRow('o1', 'hello', 1)]);
    const { store, row, address, box } = await opened('hello', bridge);
    store.navigation.open(address);
    fireEvent.change(box, { target: { value: 'half a' } });
    store.talk.edit(row.key);
    store.navigation.open({ account: ACCOUNT, conv: 'cy' });
    expect(store.talk.state.getState().editing).toBeNull();
    store.navigation.open(address);
    expect(store.talk.state.getState().editing).toBe(row.key);
    await waitFor(() =>
      expect(bridge.asked('begun.keep')).toMatchObject([{ about: 'me/o1', n: 1, text: 'half a' }]),
    );
    store.begun.type(address, row, 'half a sentence');
    await store.close();
    expect(bridge.asked('begun.keep').at(-1)).toMatchObject({
      conv: 'bob',
      about: 'me/o1',
      text: 'half a sentence',
    });
    expect(bridge.asked('draft.save')).toEqual([]);
  });

  it('I11: of another time are there again, wherever their message is, until they are used', async () => {
    const bridge = new FakeBridge();
    bridge.rows.set('bob', [ownRow('o1', 'hello', 1)]);
    bridge.answers['begun.list'] = () => ({
      ok: true,
      value: [
        { about: 'gone', conv: 'cy', n: 1, text: 'for what was deleted' },
        { about: 'me/o1', conv: 'bob', n: 1, text: 'before the crash' },
      ],
    });
    const { store, address, again, now } = await opened('hello', bridge);
    store.navigation.open(address);
    await waitFor(() => expect(store.state.getState().timeline?.rows).toHaveLength(1));
    store.usable();
    await waitFor(() => expect(store.talk.state.getState().editing).toBe('me/o1'));
    expect(store.state.getState().jump?.n).toBeUndefined();
    again('hello', 'drawn now');
    expect(now().value).toBe('before the crash');
    fireEvent.keyDown(now(), { key: 'Enter' });
    await waitFor(() => expect(bridge.asked('begun.keep')).toMatchObject([{ about: 'me/o1', text: null }]));
    bridge.rows.set('cy', [ownRow('other', 'here', 1)]);
    store.navigation.open({ account: ACCOUNT, conv: 'cy' });
    const draft = store.sending.draft({ account: ACCOUNT, conv: 'cy' }).state;
    await waitFor(() => expect(draft.getState().text).toBe('for what was deleted'));
    await waitFor(() => expect(bridge.asked('begun.keep')).toHaveLength(2));
    // Until they are in the draft they are where they were.
    const order = bridge.calls
      .map(([name]) => name)
      .filter((name) => name === 'draft.save' || name === 'begun.keep');
    expect(order).toEqual(['begun.keep', 'draft.save', 'begun.keep']);
  });

  it('I11: say why they could not be kept, and are kept with the next key', async () => {
    const bridge = new FakeBridge();
    bridge.answers['begun.keep'] = () => refused('disk_full', 'full');
    const { store, box, row } = await opened('hello', bridge);
    fireEvent.change(box, { target: { value: 'more' } });
    expect((await screen.findByRole('alert')).textContent).not.toBe('');
    expect(box.value).toBe('more');
    delete bridge.answers['begun.keep'];
    fireEvent.change(box, { target: { value: 'more words' } });
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    store.begun.forget(row.key);
    await waitFor(() => expect(bridge.asked('begun.keep').at(-1)).toMatchObject({ text: null }));
  });

  it('I11: are the same in every window: the last key wins, and is not given up twice', async () => {
    const { bridge, store, row, address, box, again } = await opened('the message');
    const elsewhere = (text: string | null) =>
      act(() => bridge.emit('begun.changed', { ...address, about: row.key, n: 1, text }));
    elsewhere('typed there');
    expect(box.value).toBe('typed there');
    fireEvent.change(box, { target: { value: 'typed there, and here' } });
    // Sent before that window had heard of this key.
    elsewhere('typed there!');
    expect(box.value).toBe('typed there, and here');
    await waitFor(() =>
      expect(bridge.asked('begun.keep').at(-1)).toMatchObject({ text: 'typed there, and here' }),
    );
    await waitFor(() => {
      elsewhere('there again');
      expect(box.value).toBe('there again');
    });
    // Shown anew it goes on with those, and not with its own of before.
    again('the message', 'second');
    expect(screen.getByTestId<HTMLTextAreaElement>('message-editor').value).toBe('there again');
    // The window in which they were typed puts them where new messages are written.
    const gone = { ...store.state.getState().timeline!, rows: [{ ...row, body: null }] };
    store.begun.look(address, gone, true);
    expect(store.begun.of(row.key)).toBe('there again');
    // Used there.
    elsewhere(null);
    expect(screen.getByTestId<HTMLTextAreaElement>('message-editor').value).toBe('the message');
    expect(bridge.asked('draft.save')).toEqual([]);
  });

  it('I11: of another time, known to two windows, are put back by one of them where their message is gone, and by the other once that one is not there', async () => {
    const bridge = new FakeBridge();
    const [about, conv, text] = ['gone', 'cy', 'for what was deleted'];
    bridge.rows.set(conv, [ownRow('other', 'here', 1)]);
    bridge.answers['begun.list'] = () => ({ ok: true, value: [{ about, conv, n: 1, text }] });
    bridge.answers['begun.take'] = () => ({ ok: true, value: { mine: false } });
    const { store } = await opened('hello', bridge);
    const address = { account: ACCOUNT, conv };
    store.navigation.open(address);
    store.usable();
    await waitFor(() => expect(bridge.asked('begun.take')).toEqual([{ account: ACCOUNT, about }]));
    const draft = store.sending.draft(address).state;
    await waitFor(() => expect(draft.getState().loaded).toBe(true));
    // Looked at again, it is not asked again.
    store.begun.look(address, store.state.getState().timeline!, true);
    expect([draft.getState().text, store.begun.of(about)]).toEqual(['', text]);
    // The other window has done it.
    act(() => bridge.emit('begun.changed', { ...address, about, n: 1, text: null }));
    expect(store.begun.of(about)).toBeNull();
    expect([
      bridge.asked('begun.take').length,
      bridge.asked('draft.save'),
      bridge.asked('begun.keep'),
    ]).toEqual([1, [], []]);
  });

  it('I11: of one conversation, open in two windows at a new start, the newest shows in both, and each goes on with what the other makes of it', async () => {
    const [first, second] = [new FakeBridge(), new FakeBridge()];
    const kept = ['older', 'newest'].map((text, i) => ({ about: `me/o${i}`, conv: 'bob', n: i + 1, text }));
    const stores: MatchbookStore[] = [];
    for (const bridge of [first, second]) {
      const other = bridge === first ? second : first;
      bridge.rows.set('bob', [ownRow('o0', 'one', 1), ownRow('o1', 'two', 2)]);
      bridge.answers['begun.list'] = () => ({ ok: true, value: kept });
      // As main does it: told to every window but the one that asks.
      bridge.answers['begun.keep'] = (words) => {
        other.emit('begun.changed', words);
        return { ok: true, value: null };
      };
      const { store } = await openWindow(bridge, null, render);
      store.navigation.open({ account: ACCOUNT, conv: 'bob' });
      store.usable();
      stores.push(store);
    }
    const [one, two] = stores as [MatchbookStore, MatchbookStore];
    const shown = () => stores.map((store) => store.talk.state.getState().editing);
    await waitFor(() => expect(shown()).toEqual(['me/o1', 'me/o1']));
    const words = () => stores.map((store) => store.begun.of('me/o1'));
    expect(words()).toEqual(['newest', 'newest']);
    one.begun.type({ account: ACCOUNT, conv: 'bob' }, { key: 'me/o1', n: 2 }, 'newest, and more');
    await waitFor(() => expect(words()).toEqual(['newest, and more', 'newest, and more']));
    // Given up in one they are in none; the older ones are untouched.
    two.begun.forget('me/o1');
    await waitFor(() => expect(words()).toEqual([null, null]));
    expect(stores.map((store) => store.begun.of('me/o0'))).toEqual(['older', 'older']);
    expect([...first.asked('draft.save'), ...second.asked('draft.save')]).toEqual([]);
  });

  it('I11: of more messages than a window remembers, the words begun first go to the composer', async () => {
    const { store, row, address } = await opened('hello');
    for (let i = 0; i <= BEGUN_AT_ONCE; i++)
      store.begun.type(address, { ...row, key: `k${i}` }, `words ${i}`);
    expect(store.sending.draft(address).state.getState().text).toBe('words 0');
    expect([store.begun.of('k0'), store.begun.of('k1')]).toEqual([null, 'words 1']);
  });
});
