import { useEffect, useRef } from 'react';
import type { Line } from './lines.ts';

/** True in a render in which lines came to (or left) the start: the list then keeps its place from the end. */
export function useShift(lines: readonly Line[]): boolean {
  const before = useRef<readonly Line[]>([]);
  const last = lastMessage(before.current);
  const shift =
    before.current.length > 0 &&
    firstMessage(before.current) !== firstMessage(lines) &&
    last !== undefined &&
    last === lastMessage(lines);
  useEffect(() => {
    before.current = lines;
  }, [lines]);
  return shift;
}

const firstMessage = (lines: readonly Line[]) => lines.find((line) => 'row' in line)?.key;
const lastMessage = (lines: readonly Line[]) => lines.findLast((line) => 'row' in line)?.key;
