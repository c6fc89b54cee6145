import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { App } from '../app.tsx';
import { ACCOUNT, FakeBridge } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';

const { drawn, BESIDE, AROUND } = vi.hoisted(() => ({
  drawn: [] as string[],
  BESIDE: ['Paperclip', 'ALargeSmall', 'SmilePlus', 'History', 'ArrowUp'] as const,
  // Above the conversation, and in the sidebar.
  AROUND: ['Bell', 'MoreVertical', 'SquarePen', 'Settings'] as const,
}));

vi.mock('lucide-react', async (original) => {
  const all = await original<typeof import('lucide-react')>();
  const counted = ([...BESIDE, ...AROUND] as const).map((name) => {
    const Icon = all[name];
    const Counted = (props: object) => {
      drawn.push(name);
      return <Icon {...props} />;
    };
    return [name, Counted];
  });
  return { ...all, ...Object.fromEntries(counted) };
});

it('a key draws nothing of what stands beside the text', async () => {
  await openWindow(new FakeBridge(), <App />, render);
  const box = () => screen.getByTestId<HTMLTextAreaElement>('composer');
  await waitFor(() => expect(box().dataset.conv).toBe('bob'));
  fireEvent.change(box(), { target: { value: 'a' } });
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>('send').disabled).toBe(false));
  // All of them are counted.
  expect(new Set(drawn)).toEqual(new Set([...BESIDE, ...AROUND]));
  drawn.length = 0;
  for (const value of ['ab', 'abc', 'abcd']) fireEvent.change(box(), { target: { value } });
  expect(box().value).toBe('abcd');
  expect(drawn).toEqual([]);
});

it('a message draws nothing of what stands around the conversation', async () => {
  const bridge = new FakeBridge();
  await openWindow(bridge, <App />, render);
  await waitFor(() => expect(screen.getByTestId<HTMLElement>('composer').dataset.conv).toBe('bob'));
  drawn.length = 0;
  for (const [at, text] of ['one', 'two'].entries()) {
    const preview = { sender: 'bob', own: false, text, delivery: null };
    bridge.conversations = structuredClone(bridge.conversations).map((row) =>
      row.conv === 'bob' ? { ...row, preview, headN: at + 1, time: 2_000 + at } : row,
    );
    bridge.emit('rows.changed', { account: ACCOUNT, convs: ['bob'], list: true });
    await screen.findByText(text);
  }
  expect(drawn).toEqual([]);
});
