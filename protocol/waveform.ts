/** Loudness of a voice message: taken while it is recorded, shown where it is heard. */

/** It is taken so often, ms. */
export const LEVEL_EVERY = 100;
/** A message carries this many values at most. */
export const LEVELS = 64;

/** The loudest of each of so many parts; never without any. */
export function waveformOf(levels: readonly number[], count = LEVELS): number[] {
  if (levels.length === 0) return [0];
  if (levels.length <= count) return [...levels];
  return Array.from({ length: count }, (_, i) =>
    Math.max(
      ...levels.slice(
        Math.floor((i * levels.length) / count),
        Math.max(Math.floor((i * levels.length) / count) + 1, Math.floor(((i + 1) * levels.length) / count)),
      ),
    ),
  );
}
