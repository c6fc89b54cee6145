import { MESSAGE_TYPE } from '@matchbook/protocol/message-body';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
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
