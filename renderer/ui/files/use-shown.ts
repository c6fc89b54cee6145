import { useEffect, useState } from 'react';
import { useKnown } from '../use-store.ts';

/**
 * The state of something that is fetched to be shown. What could not be had is tried again when the account is connected again.
 *
 * @returns `attempt` changes with every try: it belongs into the key of the element
 */
export function useShown(account: string): {
  attempt: number;
  state: 'coming' | 'there' | 'missing';
  there: () => void;
  missing: () => void;
  retry: () => void;
} {
  const live = useKnown((known) => known.sessions[account]?.kind === 'live');
  const [{ attempt, state }, set] = useState({
    attempt: 0,
    state: 'coming' as 'coming' | 'there' | 'missing',
  });
  const retry = () => set((before) => ({ attempt: before.attempt + 1, state: 'coming' }));
  useEffect(() => {
    if (live)
      set((before) =>
        before.state === 'missing' ? { attempt: before.attempt + 1, state: 'coming' } : before,
      );
  }, [live]);
  return {
    ...{ attempt, state, retry },
    there: () => set((before) => ({ ...before, state: 'there' })),
    missing: () => set((before) => ({ ...before, state: 'missing' })),
  };
}
