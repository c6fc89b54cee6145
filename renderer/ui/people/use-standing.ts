import type { PersonStatus } from '@matchbook/protocol/bridge/people';
import { useEffect, useReducer } from 'react';
import { standing } from './presence-words.ts';

/** The longest that a timer waits, ms. */
const LONGEST = 2 ** 31 - 1;

/** A status as long as it is not over: it is gone from the screen at its end. */
export function useStanding(status: PersonStatus | null | undefined): PersonStatus | null {
  const [turn, look] = useReducer((count: number) => count + 1, 0);
  const until = status?.until;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a wait that was the longest goes on
  useEffect(() => {
    const rest = until === undefined ? 0 : until - Date.now();
    if (rest <= 0) return;
    const timer = setTimeout(look, Math.min(rest, LONGEST));
    return () => clearTimeout(timer);
  }, [until, turn]);
  return standing(status, Date.now());
}
