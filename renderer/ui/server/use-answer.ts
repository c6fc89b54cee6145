import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';

export interface Answer<T> {
  /** Null until there is one. */
  value: T | null;
  error: string | null;
  reload: () => Promise<void>;
  /** Does something, says what went wrong, and asks anew. */
  act: (work: Promise<Outcome<unknown>>) => Promise<boolean>;
}

/** What a server answers, asked when this is shown. `ask` must be the same as long as the question is. */
export function useAnswer<T>(ask: () => Promise<Outcome<T>>): Answer<T> {
  const { failure } = useWords();
  const [value, setValue] = useState<T | null>(null);
  const [error, setError] = useState<string | null>(null);
  /** Of the last question: an answer to an earlier one comes too late. */
  const asked = useRef(0);
  const reload = useCallback(async () => {
    const turn = ++asked.current;
    const answer = await ask();
    if (turn !== asked.current) return;
    if (answer.ok) {
      setValue(answer.value);
      setError(null);
    } else setError(failure(answer.failure));
  }, [ask, failure]);
  useEffect(() => void reload(), [reload]);
  const act = useCallback(
    async (work: Promise<Outcome<unknown>>) => {
      const done = await work;
      if (done.ok) await reload();
      else setError(failure(done.failure));
      return done.ok;
    },
    [reload, failure],
  );
  return { value, error, reload, act };
}
