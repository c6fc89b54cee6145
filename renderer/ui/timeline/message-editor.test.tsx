import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, FakeBridge, ownRow } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import { MessageEditor } from './message-editor.tsx';

async function opened(text: string) {
  const bridge = new FakeBridge();
  bridge.answers['outbox.append'] = () => ({ ok: true, value: { id: 'x' } });
  const row = ownRow('o1', text, 1);
  const address = { account: ACCOUNT, conv: 'bob' };
  await openWindow(
    bridge,
    <MessageEditor address={address} row={row} text={text} onDone={() => {}} />,
    render,
  );
  return { bridge, box: screen.getByTestId<HTMLTextAreaElement>('message-editor') };
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
});
