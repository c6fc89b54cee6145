import { act, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useStanding } from './use-standing.ts';

function Status({ until }: { until?: number }) {
  const status = useStanding({ text: 'At lunch', ...(until === undefined ? {} : { until }) });
  return <p>{status ? status.text : 'nothing'}</p>;
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
});
afterEach(() => {
  vi.useRealTimers();
});

it('is gone from the screen at its end, also where that is further away than a timer can wait', () => {
  const month = 31 * 86_400_000;
  render(<Status until={1_000_000 + month} />);
  act(() => void vi.advanceTimersByTime(month - 1));
  expect(screen.getByText('At lunch')).toBeTruthy();
  act(() => void vi.advanceTimersByTime(1));
  expect(screen.getByText('nothing')).toBeTruthy();
});

it('stays where it has no end', () => {
  render(<Status />);
  act(() => void vi.advanceTimersByTime(365 * 86_400_000));
  expect(screen.getByText('At lunch')).toBeTruthy();
});
