/** Whether somebody looks at the window: what is on screen then is read, and what comes then is not new. */
import { useEffect } from 'react';
import type { MatchbookStore } from '../../store/store.ts';
import { useSteady } from '../use-steady.ts';

export const isAttended = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

/** @param look they look again, or another way: what is on screen is seen now */
export function useAttention(store: MatchbookStore, look: () => void): void {
  const again = useSteady(look);
  useEffect(() => {
    const { reading } = store;
    const changed = () => {
      if (!isAttended()) return;
      reading.attended();
      again();
    };
    const away = () => reading.away();
    if (isAttended()) reading.attended();
    window.addEventListener('focus', changed);
    window.addEventListener('blur', away);
    document.addEventListener('visibilitychange', changed);
    return () => {
      window.removeEventListener('focus', changed);
      window.removeEventListener('blur', away);
      document.removeEventListener('visibilitychange', changed);
    };
  }, [store, again]);
}
