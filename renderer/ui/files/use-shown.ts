import { useEffect, useState } from 'react';
import { useKnown } from '../use-store.ts';

/**
 * The state of something that is fetched to be shown. What could not be had is tried again when the account is connected again.
 *
 * @param met it was shown before: most likely it is there at once
 * @returns `attempt` changes with every try: it belongs into the key of the element
 */
export function useShown(
  account: string,
  met = false,
): {
  attempt: number;
  state: 'coming' | 'there' | 'missing';
  there: () => void;
  coming: () => void;
  missing: () => void;
  retry: () => void;
} {
  const live = useKnown((known) => known.sessions[account]?.kind === 'live');
  const [{ attempt, state }, set] = useState(() => ({
    attempt: 0,
    state: (met ? 'there' : 'coming') as 'coming' | 'there' | 'missing',
  }));
  const is = (now: 'coming' | 'there' | 'missing') =>
    set((before) => (before.state === now ? before : { ...before, state: now }));
  const retry = () => set((before) => ({ attempt: before.attempt + 1, state: 'coming' }));
  useEffect(() => {
    if (live)
      set((before) =>
        before.state === 'missing' ? { attempt: before.attempt + 1, state: 'coming' } : before,
      );
  }, [live]);
  return {
    ...{ attempt, state, retry },
    there: () => is('there'),
    coming: () => is('coming'),
    missing: () => is('missing'),
  };
}
