/** An answer that is asked for again whenever what it depends on changed; the last one stays until the next has come. */
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import { useEffect, useRef, useState } from 'react';

/** @param again asked anew with each other value */
export function useAsked<T>(ask: () => Promise<Outcome<T>>, again: unknown): Outcome<T> | null {
  const [answer, setAnswer] = useState<Outcome<T> | null>(null);
  const asking = useRef(ask);
  asking.current = ask;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller says when to ask anew
  useEffect(() => {
    let current = true;
    void asking.current().then((got) => {
      if (current) setAnswer(got);
    });
    return () => {
      current = false;
    };
  }, [again]);
  return answer;
}
