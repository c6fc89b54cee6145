/** Durations and sizes in the largest unit that leaves a telling number. */
import type { Words } from '../i18n/words.tsx';

export function duration(ms: number, { say }: Words): string {
  if (ms < 1_000) return say('unit.ms', { ms: ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms) });
  const s = ms / 1_000;
  if (s < 120) return say('unit.s', { s: s < 10 ? Math.round(s * 10) / 10 : Math.round(s) });
  if (s < 2 * 3_600) return say('unit.min', { min: Math.round(s / 60) });
  return say('unit.h', { h: Math.round(s / 360) / 10 });
}

export function size(bytes: number, { say }: Words): string {
  if (bytes < 1_000) return say('unit.b', { b: bytes });
  const kb = bytes / 1_000;
  if (kb < 1_000) return say('unit.kb', { kb: kb < 10 ? Math.round(kb * 10) / 10 : Math.round(kb) });
  return say('unit.mb', { mb: Math.round(kb / 100) / 10 });
}

/** @param share between 0 and 1 @returns null where there is nothing */
export function percentile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
