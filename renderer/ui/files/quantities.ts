import { useMemo } from 'react';
import { useWords } from '../../i18n/words.tsx';

export interface Quantities {
  /** 3.4 MB */
  bytes(count: number): string;
  /** 1:04, of ms. */
  length(ms: number): string;
}

/** Sizes and lengths as the reader writes them. */
export function useQuantities(): Quantities {
  const { bytes } = useWords();
  return useMemo(() => ({ bytes, length: lengthOf }), [bytes]);
}

/** Digits as on every clock of a player. */
function lengthOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const two = (part: number) => String(part).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes}:${two(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}
