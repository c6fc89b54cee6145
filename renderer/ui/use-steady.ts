import { useCallback, useLayoutEffect, useRef } from 'react';

/** `run` as it is now, under a name that stays: what is drawn with it is not drawn again because something else changed. For events, not while drawing. */
export function useSteady<A extends unknown[], R>(run: (...args: A) => R): (...args: A) => R {
  const latest = useRef(run);
  useLayoutEffect(() => {
    latest.current = run;
  });
  return useCallback((...args) => latest.current(...args), []);
}
