import { act, renderHook } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useTold } from './use-told.ts';

afterEach(() => void vi.useRealTimers());

describe('what the composer tells', () => {
  it('stands there for a while, each time anew', () => {
    vi.useFakeTimers();
    const { result } = renderHook(() => useTold());
    act(() => result.current[1]('Scheduled for Monday.'));
    act(() => void vi.advanceTimersByTime(8_000));
    act(() => result.current[1]('Scheduled for Tuesday.'));
    act(() => void vi.advanceTimersByTime(8_000));
    expect(result.current[0]).toBe('Scheduled for Tuesday.');
    act(() => void vi.advanceTimersByTime(8_000));
    expect(result.current[0]).toBeNull();
  });
});
