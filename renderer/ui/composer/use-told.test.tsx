import { act, render, renderHook } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { speechOf } from '../../i18n/languages.ts';
import { WordsProvider } from '../../i18n/words.tsx';
import { useTold } from './use-told.ts';

afterEach(() => void vi.useRealTimers());

describe('what the composer tells', () => {
  it('stands there for a while, each time anew', () => {
    vi.useFakeTimers();
    const { result } = renderHook(() => useTold(), {
      wrapper: ({ children }) => <WordsProvider locale="en">{children}</WordsProvider>,
    });
    act(() => result.current[1](({ say }) => say('schedule.done', { time: 'Monday' })));
    act(() => void vi.advanceTimersByTime(8_000));
    act(() => result.current[1](({ say }) => say('schedule.done', { time: 'Tuesday' })));
    act(() => void vi.advanceTimersByTime(8_000));
    expect(result.current[0]).toMatch(/^Scheduled for .*Tuesday/);
    act(() => void vi.advanceTimersByTime(8_000));
    expect(result.current[0]).toBeNull();
  });
  it('is said in another language as soon as the window speaks it', async () => {
    let tell: ReturnType<typeof useTold>[1] = () => undefined;
    function Told() {
      const [told, telling] = useTold();
      tell = telling;
      return <p>{told}</p>;
    }
    const spoken = async (language: 'en' | 'de') => (
      <WordsProvider speech={await speechOf(language, [])}>
        <Told />
      </WordsProvider>
    );
    const { container, rerender } = render(await spoken('en'));
    act(() => tell(({ say, moment }) => say('schedule.done', { time: moment(0) })));
    expect(container.textContent).toMatch(/^Scheduled for .*Thursday/);
    rerender(await spoken('de'));
    expect(container.textContent).toMatch(/Donnerstag/);
  });
});
