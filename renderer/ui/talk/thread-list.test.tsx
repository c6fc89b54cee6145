import { MESSAGE_TYPE } from '@matchbook/protocol/message-body';
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { App } from '../app.tsx';
import { ACCOUNT, FakeBridge, ME, ownRow } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import { ThreadList } from './thread-list.tsx';

const address = { account: ACCOUNT, conv: 'bob' };

it('a thread shows at once what is here, says where the rest cannot be had, and has it once the server answers', async () => {
  const bridge = new FakeBridge();
  let online = false;
  let asked = 0;
  bridge.answers['message.thread'] = () => ({
    ok: true,
    value: {
      ...{ root: 3, more: false, absent: !online, holes: [{ from: 4, to: 8 }] },
      rows: online
        ? [ownRow('a', 'the beginning', 3), ownRow('b', 'an answer', 9)]
        : [ownRow('b', 'an answer', 9)],
    },
  });
  bridge.answers['message.fetchThread'] = () => {
    asked++;
    return online
      ? { ok: true, value: { upTo: 20 } }
      : { ok: false, failure: { kind: 'server_unreachable', message: 'away' } };
  };
  const list = <ThreadList address={address} user={ME} nameOf={() => 'Bob'} leadTo={() => {}} n={9} />;
  const { store } = await openWindow(bridge, list, render);
  await screen.findByTestId('thread-unasked');
  expect(screen.getAllByTestId('compact-row').map((row) => row.dataset.n)).toEqual(['9']);
  expect(screen.getAllByTestId('thread-gap')).toHaveLength(1);
  expect(asked).toBe(1);
  online = true;
  fireEvent.click(screen.getByTestId('thread-unasked').querySelector('button')!);
  await waitFor(() =>
    expect(screen.getAllByTestId('compact-row').map((row) => row.dataset.n)).toEqual(['3', '9']),
  );
  expect(screen.queryByTestId('thread-unasked')).toBeNull();
  expect(screen.queryByTestId('thread-gap')).toBeNull();
  expect(asked).toBe(2);
  // Whatever was said last: who answers in the thread answers the message that began it, which counts the answers.
  // What is written beside the thread presses the same one (keyboard/regions).
  fireEvent.click(document.querySelector('button[data-begins-answer]')!);
  expect(store.sending.draft(address).state.getState().more?.reply).toBe(3);
});

it('an answer in a thread shows what was sent with it, and its pictures are looked at from there', async () => {
  const bridge = new FakeBridge();
  const file = { hash: 'a'.repeat(64), size: 5 };
  const files = [
    { ...file, name: 'shore.png', type: 'image/png', width: 4, height: 3 },
    { ...file, name: 'Tides.pdf', type: 'application/pdf' },
  ];
  const body = { type: MESSAGE_TYPE, text: JSON.stringify({ text: 'all of it', files }) };
  bridge.answers['message.thread'] = () => ({
    ok: true,
    value: {
      ...{ root: 3, more: false, absent: false, holes: [] },
      rows: [ownRow('a', 'the beginning', 3), { ...ownRow('b', '', 9), body }],
    },
  });
  bridge.answers['message.fetchThread'] = () => ({ ok: true, value: { upTo: 20 } });
  const list = <ThreadList address={address} user={ME} nameOf={() => 'Bob'} leadTo={() => {}} n={9} />;
  const { store } = await openWindow(bridge, list, render);
  const [root, answer] = await screen.findAllByTestId('compact-row');
  expect(root!.querySelector('img')).toBeNull();
  expect(answer!.textContent).toContain('all of it');
  expect(answer!.textContent).toContain('Tides.pdf');
  expect(answer!.querySelectorAll('img')).toHaveLength(1);
  fireEvent.click(screen.getByRole('button', { name: 'Open the picture shore.png' }));
  expect(store.files.state.getState().looking).toEqual({ address, n: 9, key: null, hash: file.hash });
});

it('what is written goes to the thread that was answered until it is closed, or its strip is; not another answer', async () => {
  const bridge = new FakeBridge({ convs: ['bob'] });
  bridge.rows.set('bob', [ownRow('a', 'the beginning', 3), ownRow('b', 'another', 4)]);
  bridge.answers['message.thread'] = () => ({
    ok: true,
    value: {
      ...{ root: 3, more: false, absent: false, holes: [] },
      rows: [ownRow('a', 'the beginning', 3)],
    },
  });
  const { store } = await openWindow(bridge, <App />, render);
  const composer = await screen.findByTestId('composer');
  const say = async (text: string) => {
    await userEvent.type(composer, `${text}{Enter}`);
    await waitFor(() => expect(bridge.asked('outbox.submit').at(-1)).toMatchObject({ text }));
    return (bridge.asked('outbox.submit').at(-1) as { more?: { reply?: number } }).more?.reply;
  };
  const begin = async () => {
    act(() => store.talk.show({ kind: 'thread', n: 3 }));
    await userEvent.click(await screen.findByTestId('thread-answer'));
    await screen.findByTestId('reply-bar');
  };
  await begin();
  expect([await say('one'), await say('two')]).toEqual([3, 3]);
  expect(screen.getByTestId('reply-bar').textContent).toContain('the beginning');
  await userEvent.click(screen.getByTestId('reply-close'));
  expect(await say('three')).toBeUndefined();
  // One that is answered beside it is answered once.
  act(() => store.sending.answer(address, { n: 4, id: '' }));
  expect([await say('four'), await say('five')]).toEqual([4, undefined]);
  await begin();
  expect(await say('six')).toBe(3);
  act(() => store.talk.show(null));
  await waitFor(() => expect(screen.queryByTestId('reply-bar')).toBeNull());
  expect(await say('seven')).toBeUndefined();
  // What is begun stays an answer.
  await begin();
  await userEvent.type(composer, 'eight');
  act(() => store.talk.show(null));
  await userEvent.type(composer, '{Enter}');
  await waitFor(() =>
    expect(bridge.asked('outbox.submit').at(-1)).toMatchObject({ text: 'eight', more: { reply: 3 } }),
  );
});
