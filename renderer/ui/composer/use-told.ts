import { useCallback, useEffect, useState } from 'react';
import { useWords, type Words } from '../../i18n/words.tsx';

/** By then it has been read, ms: a sentence of twenty words takes six seconds. */
const SHOWN = 12_000;

/** As it is said in the language that the window has now. */
type Said = (words: Words) => string;

/** What the composer tells of what was just done: it stands there for a while, or until something else is to be told. */
export function useTold(): [told: string | null, tell: (said: Said | null) => void] {
  const words = useWords();
  // In an object: a function alone would be taken for one that makes the next state.
  const [told, setTold] = useState<{ said: Said } | null>(null);
  const tell = useCallback((said: Said | null) => setTold(said && { said }), []);
  useEffect(() => {
    if (told === null) return undefined;
    const timer = setTimeout(() => setTold(null), SHOWN);
    return () => clearTimeout(timer);
  }, [told]);
  return [told?.said(words) ?? null, tell];
}
