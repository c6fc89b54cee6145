import { useEffect, useState } from 'react';

/** The longest that a timer can wait, ms; a window that is open for longer than that tells at the next render. */
const LONGEST = 2 ** 31 - 1;

/** The time (ms) as of the first render, or of when `end` has passed: whatever ends by itself is seen to. */
export function useTimeUntil(end: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const left = end - Date.now();
    if (left <= 0) return;
    const timer = setTimeout(() => setNow(Date.now()), Math.min(left + 50, LONGEST));
    return () => clearTimeout(timer);
  }, [end]);
  return now;
}
