import { act, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ACCOUNT, FakeBridge } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import { isAsDrawn } from '../timeline/held-rows.ts';
import { begins, ends, hush, useHeardMessage } from './heard.ts';
import { SoundPlayer } from './sound-player.tsx';

beforeEach(() => {
  // The engine of the tests plays nothing.
  const playing = new WeakSet<HTMLMediaElement>();
  vi.spyOn(HTMLMediaElement.prototype, 'paused', 'get').mockImplementation(function (this: HTMLMediaElement) {
    return !playing.has(this);
  });
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockImplementation(function (this: HTMLMediaElement) {
    playing.add(this);
    this.dispatchEvent(new Event('play'));
    return Promise.resolve();
  });
  vi.spyOn(HTMLMediaElement.prototype, 'pause').mockImplementation(function (this: HTMLMediaElement) {
    playing.delete(this);
    this.dispatchEvent(new Event('pause'));
  });
});
afterEach(() => vi.restoreAllMocks());

const Heard = () => <output>{useHeardMessage() ?? 'nothing'}</output>;
const Sounds = () => (
  <>
    {['one', 'two'].map((id) => (
      <article key={id} data-message-id={id}>
        <SoundPlayer account={ACCOUNT} file={{ hash: id, name: id, duration: 9_000 }} url={`#${id}`} />
      </article>
    ))}
    <Heard />
  </>
);

it('one thing at a time is heard, as fast as the last one, and nothing while somebody speaks', async () => {
  await openWindow(new FakeBridge(), <Sounds />, render);
  const buttons = () => screen.getAllByRole('button', { name: /Play|Pause|Stop/ });
  const runs = () => [...document.querySelectorAll('audio')].map(({ paused }) => !paused);
  const heard = () => screen.getByRole('status').textContent;
  const speeds = () => [...document.querySelectorAll('audio')].map(({ playbackRate }) => playbackRate);
  await act(async () => fireEvent.click(buttons()[0]!));
  expect([runs(), heard()]).toEqual([[true, false], 'one']);
  fireEvent.click(document.querySelectorAll('.sound-speed')[0]!);
  await act(async () => fireEvent.click(buttons()[1]!));
  expect([runs(), heard(), speeds()]).toEqual([[false, true], 'two', [1.5, 1.5]]);
  act(hush);
  expect([runs(), heard()]).toEqual([[false, false], 'nothing']);
});

it('a row that stays drawn far away because it is heard does not keep the others from being measured', () => {
  const box = (top: number, bottom: number) => ({ top, bottom }) as DOMRect;
  const [far, row, next] = [0, 1, 2].map(() => document.createElement('div'));
  const list = document.createElement('div');
  list.append(far!, row!, next!);
  const frame = document.createElement('div');
  frame.append(list);
  for (const [element, at] of [
    [far, box(-900, -800)],
    [row, box(0, 40)],
    [next, box(40, 90)],
  ] as const)
    element!.getBoundingClientRect = () => at;
  expect(isAsDrawn(frame, false)).toBe(false);
  const audio = document.createElement('audio');
  far!.append(audio);
  begins(audio);
  expect(isAsDrawn(frame, false)).toBe(true);
  row!.getBoundingClientRect = () => box(0, 30);
  expect(isAsDrawn(frame, false)).toBe(false);
  ends(audio);
});
