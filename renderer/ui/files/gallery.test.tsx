import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, FakeBridge } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
// Loaded when it is first wanted, elsewhere.
import './gallery.tsx';
import { GalleryHost } from './gallery-host.tsx';

// Nothing has a size here, and nothing scrolls.
Element.prototype.scrollIntoView ??= () => {};

const address = { account: ACCOUNT, conv: 'bob' };
const hash = (n: number) => n.toString(16).padStart(64, '0');
const shared = (n: number, film: boolean) => ({
  ...{ place: n, n, sender: 'bob', time: 1_000 * n, links: [] },
  files: [
    { hash: hash(n), name: `${n}`, type: film ? 'video/webm' : 'image/png', size: 9, width: 3, height: 2 },
  ],
});

/** Messages 1 to `count`, each with a picture, in pages of four; one may have a film. */
async function looking(at: number, count: number, missing = 0, film = 0) {
  const bridge = new FakeBridge();
  bridge.answers['conversation.shared'] = ({ before, after, at: from }: Record<string, number>) => {
    const all = Array.from({ length: count }, (_, i) => shared(count - i, count - i === film));
    const older = (upTo: number) => all.filter(({ n }) => n < upTo);
    const rest = after === undefined ? older(from === undefined ? (before ?? 1e9) : from + 1) : [];
    const newer = after === undefined ? [] : all.filter(({ n }) => n > after).reverse();
    const items = after === undefined ? rest.slice(0, 4) : newer.slice(0, 4).reverse();
    const more = (after === undefined ? rest : newer).length > 4;
    const next = more ? (after === undefined ? items.at(-1)!.n : items[0]!.n) : null;
    return { ok: true, value: { items, next, missing } };
  };
  const host = <GalleryHost address={address} nameOf={() => 'Bob'} />;
  const view = await openWindow(bridge, host, render);
  view.store.files.look({ address, n: at, key: null, hash: hash(at) });
  await screen.findByTestId('gallery');
  const shown = () => screen.getByTestId('gallery-picture').getAttribute('src') ?? '';
  return { ...view, bridge, shown };
}

describe('the gallery', () => {
  it('goes through the whole conversation, from any picture on, both ways, and says where one is', async () => {
    const { shown } = await looking(6, 14);
    await waitFor(() => expect(screen.getByTestId('gallery-place').textContent).toBe('6 of 14'));
    const gallery = screen.getByTestId('gallery').querySelector('.gallery')!;
    fireEvent.keyDown(gallery, { key: 'ArrowRight' });
    expect(shown()).toContain(hash(7));
    fireEvent.keyDown(gallery, { key: 'Home' });
    expect(shown()).toContain(hash(1));
    fireEvent.keyDown(gallery, { key: 'End' });
    expect(screen.getByTestId('gallery-place').textContent).toBe('14 of 14');
    fireEvent.keyDown(gallery, { key: 'ArrowRight' });
    expect(shown()).toContain(hash(14));
    fireEvent.keyDown(gallery, { key: '+' });
    expect(screen.getByTestId('gallery-zoom').textContent).toContain('125');
  });

  it('goes on by keys from a film, where the button that had the focus is not', async () => {
    const { shown } = await looking(4, 4, 0, 3);
    await waitFor(() => expect(screen.getByTestId('gallery-place').textContent).toBe('4 of 4'));
    const zoomIn = screen.getByRole('button', { name: 'Zoom in' });
    zoomIn.focus();
    await userEvent.keyboard('{ArrowLeft}');
    await screen.findByTestId('video');
    expect(zoomIn.isConnected).toBe(false);
    // As the dialog does by itself where elements have a size.
    screen.getByTestId('gallery').focus();
    await userEvent.keyboard('{ArrowLeft}');
    expect(shown()).toContain(hash(2));
  });

  it('leads to the message, and says before the first one that more may be elsewhere', async () => {
    const { store } = await looking(1, 3, 40);
    await waitFor(() => expect(screen.getByTestId('gallery').textContent).toContain('40 messages'));
    const jumps: unknown[] = [];
    store.navigation.jumpTo = (to, n) => void jumps.push([to.conv, n]);
    fireEvent.click(screen.getByTestId('gallery-message'));
    expect(jumps).toEqual([['bob', 1]]);
    expect(screen.queryByTestId('gallery')).toBeNull();
  });

  it('closes where what was looked at is gone', async () => {
    const { store } = await looking(2, 3);
    await waitFor(() => expect(screen.getByTestId('gallery-place').textContent).toBe('2 of 3'));
    store.files.look({ address, n: 99, key: null, hash: hash(99) });
    await waitFor(() => expect(store.files.state.getState().looking).toBeNull());
  });
});
