import { LIST_WIDTH } from '@matchbook/protocol/bridge/choices';
import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it } from 'vitest';
import { App } from '../app.tsx';
import { FakeBridge } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';

afterEach(() => document.documentElement.removeAttribute('style'));

it('the list is as wide as it was drawn, within bounds, also by keys, until it is let go', async () => {
  const bridge = new FakeBridge({ convs: ['c'] });
  const { store } = await openWindow(bridge, <App />, render);
  await store.preferences.refresh();
  const edge = await screen.findByTestId('list-edge');
  const kept = () => store.preferences.state.getState().known?.appearance.listWidth;
  const captured = new Set<number>();
  Object.assign(edge, {
    setPointerCapture: (id: number) => captured.add(id),
    hasPointerCapture: (id: number) => captured.has(id),
  });
  // Of the page, where it is not chosen in the settings.
  document.documentElement.style.fontSize = '16px';
  const list = edge.parentElement!;
  list.getBoundingClientRect = () => new DOMRect(100, 0, 300, 600);

  fireEvent.pointerMove(edge, { pointerId: 1, clientX: 500 });
  expect(document.documentElement.style.getPropertyValue('--list-chosen')).toBe('');
  fireEvent.pointerDown(edge, { pointerId: 1, clientX: 400 });
  fireEvent.pointerMove(edge, { pointerId: 1, clientX: 500 });
  expect(document.documentElement.style.getPropertyValue('--list-chosen')).toBe('25rem');
  expect(kept()).toBe(LIST_WIDTH.fitting);
  fireEvent.lostPointerCapture(edge, { pointerId: 1 });
  await expect.poll(kept).toBe(400);

  edge.focus();
  await userEvent.keyboard('{ArrowLeft}');
  await expect.poll(kept).toBe(400 - LIST_WIDTH.step);
  await userEvent.keyboard('{Home}{ArrowLeft}');
  await expect.poll(kept).toBe(LIST_WIDTH.least);
  await userEvent.keyboard('{End}{ArrowRight}');
  await expect.poll(kept).toBe(LIST_WIDTH.most);
  fireEvent.doubleClick(edge);
  await expect.poll(kept).toBe(LIST_WIDTH.fitting);
});
