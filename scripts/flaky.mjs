/** What of a run passed only when it was run again, and how much of that is borne (docs/decisions/0026). */
import { say } from './project.mjs';

/** More than these in one run are no longer the machine's moods, and all count as failed. */
export const FLAKY_AT_MOST = 2;

/**
 * `flaky`: the names of those that failed, and passed when they were run again; they are in none of the others.
 * @typedef {{ passed: number, failed: number, skipped: number, flaky: string[] }} Count
 */

/**
 * All of them together; names what was run again.
 * @param {Count[]} counts @returns {{ passed: number, failed: number, skipped: number }}
 */
export function judged(counts) {
  const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ of) =>
    counts.reduce((total, count) => total + count[of], 0);
  const flaky = counts.flatMap((count) => count.flaky);
  for (const name of flaky) say(`passed only when it was run again: ${name}`);
  const borne = flaky.length <= FLAKY_AT_MOST;
  if (!borne) say(`That is more than ${FLAKY_AT_MOST}: they count as failed.`);
  return {
    passed: sum('passed') + (borne ? flaky.length : 0),
    failed: sum('failed') + (borne ? 0 : flaky.length),
    skipped: sum('skipped'),
  };
}
