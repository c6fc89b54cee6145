import { act, render, screen, waitFor } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { ACCOUNT, FakeBridge, ownRow } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import type { Line } from './lines.ts';
import { useJump } from './use-jump.ts';

const address = { account: ACCOUNT, conv: 'bob' };
const lines = [{ kind: 'message', key: 'k', row: ownRow('o1', 'hello', 1) }] as unknown as Line[];

function View() {
  const { lit } = useJump({ address, lines, lead: () => {} });
  return (
    <>
      <article tabIndex={-1} data-testid="message-row" className={lit === 'k' ? 'lit' : ''}>
        <p className="message-text">hello</p>
        <textarea aria-label="in it" />
      </article>
      <textarea aria-label="composer" />
      <button type="button">elsewhere</button>
    </>
  );
}

it.each([
  ['composer', 'composer', 'message'],
  ['elsewhere', 'elsewhere', 'message'],
  // Began to write while the way there was being looked for.
  ['elsewhere', 'composer', 'composer'],
  // The message's own words are being changed.
  ['in it', 'in it', 'in it'],
  ['composer', 'in it', 'in it'],
])(
  'a way to a message from %s, with the focus on %s by then, leaves it on the %s',
  async (from, then, expected) => {
    const bridge = new FakeBridge();
    bridge.rows.set('bob', [ownRow('o1', 'hello', 1)]);
    const { store } = await openWindow(bridge, <View />, render);
    const frames: FrameRequestCallback[] = [];
    const request = globalThis.requestAnimationFrame;
    globalThis.requestAnimationFrame = (run) => frames.push(run);
    const named = (name: string) =>
      name === 'elsewhere' ? screen.getByRole('button') : screen.getByLabelText(name);
    try {
      act(() => store.navigation.open(address));
      act(() => named(from).focus());
      await act(async () => {
        store.reading.jumpTo(1);
        await new Promise((resolve) => setTimeout(resolve));
      });
      act(() => named(then).focus());
      act(() => {
        for (const run of frames.splice(0)) run(0);
      });
    } finally {
      globalThis.requestAnimationFrame = request;
    }
    const focused = document.activeElement!;
    expect(focused.matches('article') ? 'message' : (focused.getAttribute('aria-label') ?? 'elsewhere')).toBe(
      expected,
    );
  },
);

it('the words that were looked for are marked until one has done with searching', async () => {
  const marked = new Set<string>();
  const highlights = {
    set: (name: string) => void marked.add(name),
    delete: (name: string) => void marked.delete(name),
  };
  vi.stubGlobal('CSS', { highlights });
  vi.stubGlobal('Highlight', class {});
  try {
    const bridge = new FakeBridge();
    bridge.rows.set('bob', [ownRow('o1', 'hello', 1)]);
    const { store } = await openWindow(bridge, <View />, render);
    act(() => store.navigation.open(address));
    act(() => store.finder.open(ACCOUNT, null));
    await act(async () => void store.reading.jumpTo(1, undefined, ['hello']));
    await waitFor(() => expect([...marked]).toEqual(['found']));
    act(() => store.finder.close());
    expect([...marked]).toEqual([]);
  } finally {
    vi.unstubAllGlobals();
  }
});
