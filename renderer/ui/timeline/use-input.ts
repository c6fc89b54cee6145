import { type PointerEvent, type RefObject, useCallback, useEffect, useRef } from 'react';
import type { ListHandle } from '../windowed/list-handle.ts';

/** So long after a key, a wheel or a button what is scrolled is the person's wish, ms. */
export const TOUCHED = 700;

/** What a person does to a list, by which what they scroll is told from what it does by itself. @param letGo its bar, that was held, is not any more; stays the same */
export function useInput(list: RefObject<ListHandle | null>, letGo: () => void) {
  const touchedAt = useRef(Number.NEGATIVE_INFINITY);
  /** A button is held, however long. */
  const pressed = useRef(false);
  const onBar = useRef(false);
  useEffect(() => {
    const release = (event: globalThis.PointerEvent) => {
      if (event.type === 'pointermove' && event.buttons !== 0) return;
      pressed.current = false;
      if (!onBar.current) return;
      onBar.current = false;
      list.current?.hold(false);
      letGo();
    };
    const ends = ['pointerup', 'pointercancel', 'pointermove'] as const;
    for (const end of ends) window.addEventListener(end, release, { passive: true });
    return () => {
      for (const end of ends) window.removeEventListener(end, release);
    };
  }, [list, letGo]);
  return {
    onBar,
    touched: useCallback(() => {
      touchedAt.current = performance.now();
    }, []),
    press: useCallback(
      ({ target, currentTarget, nativeEvent: { offsetX } }: PointerEvent<HTMLElement>) => {
        pressed.current = true;
        touchedAt.current = performance.now();
        // At either side, by the direction of writing.
        onBar.current = target === currentTarget && (offsetX < 0 || offsetX >= currentTarget.clientWidth);
        if (onBar.current) list.current?.hold(true);
      },
      [list],
    ),
    /** What is scrolled now is scrolled by somebody. */
    wishes: useCallback(() => pressed.current || performance.now() - touchedAt.current < TOUCHED, []),
    /** What was wished before is not wished any more. */
    forget: useCallback(() => {
      touchedAt.current = Number.NEGATIVE_INFINITY;
    }, []),
  };
}
