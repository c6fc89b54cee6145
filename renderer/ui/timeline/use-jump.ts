/** Takes the view to the message that the person asked for, and marks it for a moment. */
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import { type Address, sameAddress } from '../../store/state.ts';
import { useKnown, useMatchbook } from '../use-store.ts';
import { forgetWords, markWords } from './found-words.ts';
import type { Line } from './lines.ts';
import type { Stand } from './use-place.ts';

/** How long the message is marked, and how long it is said that it is not here, ms. */
const LIT = 2_000;
const SAID = 5_000;
/** Frames in which it is looked for. */
const TRIES = 10;
const WRITTEN_IN = 'textarea, input';

export interface JumpParts {
  address: Address;
  lines: readonly Line[];
  lead: (index: number, stand: Stand) => void;
}

/** `lit`: key of the marked line. `note`: what there is to say about a place that is not here. */
export function useJump({ address, lines, lead }: JumpParts): {
  lit: string | null;
  note: string | null;
} {
  const store = useMatchbook();
  const { say } = useWords();
  const wanted = useKnown((state) => state.jump);
  const jump = wanted && sameAddress(wanted.address, address) && wanted.found !== null ? wanted : null;
  const [lit, setLit] = useState<string | null>(null);
  const words = useRef<readonly string[]>([]);
  const [note, setNote] = useState<string | null>(null);
  const leading = useRef(lead);
  leading.current = lead;

  useLayoutEffect(() => {
    if (!jump || lines.length === 0) return;
    const index = placeOf(lines, jump.n);
    const line = lines[index];
    if (!line) return;
    const { back, found } = jump;
    leading.current(index, back ?? 'middle');
    // Who only comes back looks for nothing.
    const led = back === undefined;
    setLit(led && found ? line.key : null);
    words.current = jump.words;
    setNote(led && !found ? say('timeline.notHere') : null);
    store.reading.jumped(jump.wish);
  }, [jump, lines, store, say]);

  useEffect(() => {
    if (lit === null) return;
    // Who reads with the keyboard goes on from there; who began to write meanwhile, in the message itself or elsewhere, goes on writing.
    const before = document.activeElement;
    const writes = (row: Element) => {
      const now = document.activeElement;
      return now?.matches(WRITTEN_IN) === true && (now !== before || row.contains(now));
    };
    let frame = 0;
    const look = (tries: number) => {
      frame = requestAnimationFrame(() => {
        const row = document.querySelector<HTMLElement>('article.lit');
        // A far one is drawn with the next frames.
        if (!row) return tries > 0 ? look(tries - 1) : undefined;
        if (!writes(row)) row.focus({ preventScroll: true });
        markWords(row, words.current);
      });
    };
    look(TRIES);
    const timer = setTimeout(() => setLit(null), LIT);
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [lit]);
  useEffect(() => forgetWords, []);
  const searches = useStore(store.finder.state, ({ account }) => account !== null);
  // Whoever has done with searching is not shown any more what was looked for.
  useEffect(() => {
    if (!searches) forgetWords();
  }, [searches]);
  useEffect(() => {
    if (note === null) return;
    const timer = setTimeout(() => setNote(null), SAID);
    return () => clearTimeout(timer);
  }, [note]);
  return { lit, note };
}

/** Of the message, or of the next one that is there. */
function placeOf(lines: readonly Line[], n: number): number {
  const at = lines.findIndex((line) => 'row' in line && (line.row.n ?? 0) >= n);
  return at >= 0 ? at : lines.length - 1;
}
