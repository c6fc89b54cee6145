import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { App } from '../app.tsx';
import { FakeBridge } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';

const drawn = vi.hoisted((): string[] => []);

vi.mock('lucide-react', async (original) => {
  const all = await original<typeof import('lucide-react')>();
  const counted = (['Paperclip', 'ALargeSmall', 'SmilePlus', 'History', 'ArrowUp'] as const).map((name) => {
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
  expect(new Set(drawn).size).toBe(5);
  drawn.length = 0;
  for (const value of ['ab', 'abc', 'abcd']) fireEvent.change(box(), { target: { value } });
  expect(box().value).toBe('abcd');
  expect(drawn).toEqual([]);
});
