import { useEffect, useRef } from 'react';
import { useMatchbook } from './use-store.ts';

/** Another window changed the words that were begun for this, or used or gave them up (null): a field that shows them shows what they are now. */
export function useHeardWords(about: string | null, changed: (text: string | null) => void): void {
  const { begun } = useMatchbook();
  const latest = useRef(changed);
  latest.current = changed;
  useEffect(() => begun.onHeard((of, text) => of === about && latest.current(text)), [begun, about]);
}
