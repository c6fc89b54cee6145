/** The part of a text that shows why it was found. */

/** UTF-16 units of a snippet, and of what stands before the first mark. */
const LENGTH = 200;
const BEFORE = 60;

export interface Snippet {
  text: string;
  /** [from, to) in `text`. */
  marks: [number, number][];
  /** Text was left out there. */
  cut: { before: boolean; after: boolean };
}

/** @param marks in order, within the text */
export function snippetOf(text: string, marks: readonly [number, number][]): Snippet {
  const first = marks[0]?.[0] ?? 0;
  const from =
    text.length <= LENGTH ? 0 : boundary(text, Math.max(0, Math.min(first - BEFORE, text.length - LENGTH)));
  const to = boundary(text, Math.min(text.length, from + LENGTH));
  return {
    text: text.slice(from, to),
    marks: marks
      .filter(([start, end]) => start >= from && end <= to)
      .map(([start, end]) => [start - from, end - from]),
    cut: { before: from > 0, after: to < text.length },
  };
}

const SPACES = 20;

/** The end of a word near by, or else no half of a surrogate pair. */
function boundary(text: string, at: number): number {
  if (at === 0 || at === text.length) return at;
  for (let i = at; i > Math.max(0, at - SPACES); i--) if (/\s/.test(text[i - 1]!)) return i;
  return /[\udc00-\udfff]/.test(text[at]!) ? at - 1 : at;
}
