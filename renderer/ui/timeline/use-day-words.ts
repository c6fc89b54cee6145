import { useWords } from '../../i18n/words.tsx';

/** What a day is called, from today: today, yesterday, or its date. */
export function useDayWords(): (at: number) => string {
  const { say, day } = useWords();
  return (at) => {
    const now = new Date();
    const date = new Date(at).toDateString();
    if (date === now.toDateString()) return say('timeline.today');
    // Days have 23 to 25 hours.
    const before = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
    if (date === before.toDateString()) return say('timeline.yesterday');
    return day(at, now.getTime());
  };
}
