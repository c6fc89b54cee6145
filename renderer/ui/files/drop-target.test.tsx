import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { App } from '../app.tsx';
import { FakeBridge } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';

async function opened() {
  const bridge = new FakeBridge();
  const view = await openWindow(bridge, <App />, render);
  await waitFor(() => expect(screen.getByTestId('composer').dataset.conv).toBe('bob'));
  return { ...view, bridge };
}

const held = (types = ['Files']) => ({
  dataTransfer: { types, files: [] as File[], dropEffect: 'move' },
});
const over = () => screen.getByTestId('drop-target').dataset.over;

describe('a file that is held over the window', () => {
  it('goes to the open conversation, wherever it is: also over the list', async () => {
    await opened();
    const list = document.querySelector('nav')!;
    fireEvent.dragEnter(list, held());
    expect(over()).toBe('true');
    expect(screen.getByTestId('drop-target').textContent).toMatch(/Name of bob/);
    fireEvent.dragLeave(list, held());
    expect(over()).toBe('false');
    fireEvent.dragEnter(list, held());
    const dropped = fireEvent.drop(list, held());
    // Taken: what nobody takes the system would open.
    expect(dropped).toBe(false);
    expect(over()).toBe('false');
  });

  it('is refused while a dialog is open, and the pointer says so', async () => {
    await opened();
    await userEvent.keyboard('{Control>}/{/Control}');
    await screen.findByTestId('shortcuts-dialog');
    const event = held();
    fireEvent.dragEnter(document.body, event);
    expect(over()).toBe('false');
    const taken = fireEvent.dragOver(document.body, event);
    expect([taken, event.dataTransfer.dropEffect]).toEqual([false, 'none']);
  });

  it('is not confused with a text', async () => {
    await opened();
    fireEvent.dragEnter(document.body, held(['text/plain']));
    expect(over()).toBe('false');
    expect(fireEvent.dragOver(document.body, held(['text/plain']))).toBe(true);
  });
});

describe('the title of the window', () => {
  it('is the conversation that it shows', async () => {
    const { store } = await opened();
    expect(document.title).toBe('Name of bob – Matchbook');
    act(() => store.navigation.open(null));
    await waitFor(() => expect(document.title).toBe('Matchbook'));
  });
});
