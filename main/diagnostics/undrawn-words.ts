/** What a window could not draw, in words: a line for the app's log, and a shorter one for the connection log. Pure. */
import { LOG_LIMITS } from '@matchbook/protocol/bridge/diagnostics';
import type { Undrawn } from '@matchbook/protocol/bridge/undrawn';

export function undrawnWords({ error, at, within }: Undrawn): { line: string; words: string } {
  const all = (lines: readonly string[]) => lines.map(oneLine).join(' < ') || 'unknown';
  const places = `${oneLine(error)} at ${all(at.slice(0, 1))} in ${all(within.slice(0, 4).map(nameOf))}`;
  return {
    line: `could not be drawn: ${oneLine(error)} at ${all(at)}; in ${all(within)}`,
    words: places.slice(0, LOG_LIMITS.words),
  };
}

/** A page writes no further lines into the log. */
const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

/** Of a component, without the place of its code. */
const nameOf = (line: string) => line.split(' (')[0]!;
