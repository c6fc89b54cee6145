import { useWords } from '../../i18n/words.tsx';

const DAY = 86_400_000;

/** What a day is called, from today: today, yesterday, or its date. */
export function useDayWords(): (at: number) => string {
  const { say, day } = useWords();
  return (at) => {
    const now = Date.now();
    const date = new Date(at).toDateString();
    if (date === new Date(now).toDateString()) return say('timeline.today');
    if (date === new Date(now - DAY).toDateString()) return say('timeline.yesterday');
    return day(at, now);
  };
}
