import { act, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it } from 'vitest';
import { App } from '../app.tsx';
import { ACCOUNT, FakeBridge } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import { Recording } from './recorder.ts';

const begin = Recording.begin;
afterEach(() => {
  Recording.begin = begin;
});

it('a microphone that is allowed once the person is elsewhere is let go of again, and is asked for once at a time', async () => {
  const bridge = new FakeBridge();
  bridge.answers['files.microphone'] = () => ({ ok: true, value: null });
  bridge.answers['files.discardRecording'] = () => ({ ok: true, value: null });
  let allow: (recording: Recording) => void = () => {};
  let asked = 0;
  let discarded = 0;
  // The system asks the person, who takes their time.
  Recording.begin = () => {
    asked++;
    return new Promise((resolve) => {
      allow = resolve;
    });
  };
  const { store } = await openWindow(bridge, <App />, render);
  await userEvent.click(await screen.findByTestId('voice-record'));
  await userEvent.click(screen.getByTestId('voice-record'));
  await waitFor(() => expect(asked).toBe(1));
  store.navigation.open({ account: ACCOUNT, conv: 'cy' });
  await waitFor(() => expect(screen.getByTestId('composer').dataset.conv).toBe('cy'));
  allow({ discard: () => discarded++ } as unknown as Recording);
  await waitFor(() => expect(discarded).toBe(1));
  expect(asked).toBe(1);
  expect(bridge.asked('files.microphone').at(-1)).toEqual({ on: false });
  expect(screen.queryByTestId('voice-bar')).toBeNull();
});

it('a microphone that goes away while one speaks ends the recording, which is there to be heard and sent, and that is said', async () => {
  const bridge = new FakeBridge();
  bridge.answers['files.microphone'] = () => ({ ok: true, value: null });
  bridge.answers['files.discardRecording'] = () => ({ ok: true, value: null });
  let lost = () => {};
  let stopped = 0;
  Recording.begin = async (_heard, _keep, gone) => {
    lost = gone;
    const stop = async () => {
      stopped++;
      return { sound: new Blob(['x']), duration: 1_200, waveform: [1, 2, 3] };
    };
    return { stop, discard: () => {} } as unknown as Recording;
  };
  // Should this fail halfway, what was recorded is kept.
  bridge.answers['files.hand'] = () => ({ ok: true, value: { tray: [], refused: [] } });
  URL.createObjectURL = () => 'blob:sound';
  URL.revokeObjectURL = () => {};
  await openWindow(bridge, <App />, render);
  await userEvent.click(await screen.findByTestId('voice-record'));
  await screen.findByTestId('voice-stop');
  lost();
  expect((await screen.findByTestId('voice-lost')).textContent).toContain('microphone went away');
  expect(stopped).toBe(1);
  expect(bridge.asked('files.microphone').at(-1)).toEqual({ on: false });
  expect(document.activeElement).toBe(screen.getByTestId('voice-send'));
  await userEvent.click(screen.getByTestId('voice-discard'));
  expect(screen.queryByTestId('voice-bar')).toBeNull();
});

it('of a recording in which nothing is there is nothing to send: that is said, and one goes on writing', async () => {
  const bridge = new FakeBridge();
  bridge.answers['files.microphone'] = () => ({ ok: true, value: null });
  bridge.answers['files.discardRecording'] = () => ({ ok: true, value: null });
  const stop = async () => ({ sound: new Blob([]), duration: 3, waveform: [0] });
  Recording.begin = async () => ({ stop, discard: () => {} }) as unknown as Recording;
  await openWindow(bridge, <App />, render);
  await userEvent.click(await screen.findByTestId('voice-record'));
  await userEvent.click(await screen.findByTestId('voice-send'));
  expect((await screen.findByRole('alert')).textContent).toContain('Nothing was recorded.');
  expect(bridge.asked('files.discardRecording')).toHaveLength(1);
  await userEvent.keyboard('{Enter}');
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('composer')));
  expect(screen.queryByTestId('voice-failed')).toBeNull();
  expect(bridge.asked('files.hand')).toEqual([]);
});

it('what is discarded while it comes to its end is gone, however often it was ended', async () => {
  const bridge = new FakeBridge();
  bridge.answers['files.microphone'] = () => ({ ok: true, value: null });
  bridge.answers['files.discardRecording'] = () => ({ ok: true, value: null });
  let ended = () => {};
  let stopped = 0;
  const last = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const stop = async () => {
    stopped++;
    await last;
    return { sound: new Blob(['x']), duration: 1_200, waveform: [1, 2, 3] };
  };
  Recording.begin = async () => ({ stop, discard: () => ended() }) as unknown as Recording;
  URL.createObjectURL = () => 'blob:sound';
  await openWindow(bridge, <App />, render);
  await userEvent.click(await screen.findByTestId('voice-record'));
  await userEvent.click(await screen.findByTestId('voice-stop'));
  await userEvent.click(screen.getByTestId('voice-send'));
  await userEvent.click(screen.getByTestId('voice-discard'));
  await act(() => last);
  expect(screen.queryByTestId('voice-bar')).toBeNull();
  expect(stopped).toBe(1);
  expect(bridge.asked('files.hand')).toEqual([]);
});
