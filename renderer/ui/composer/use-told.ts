import { useEffect, useState } from 'react';

/** By then it has been read, ms: a sentence of twenty words takes six seconds. */
const SHOWN = 12_000;

/** What the composer tells of what was just done: it stands there for a while, or until something else is to be told. */
export function useTold(): [told: string | null, tell: (words: string | null) => void] {
  const [told, tell] = useState<string | null>(null);
  useEffect(() => {
    if (told === null) return undefined;
    const timer = setTimeout(() => tell(null), SHOWN);
    return () => clearTimeout(timer);
  }, [told]);
  return [told, tell];
}
