/** The words that were searched for, marked in the message that the search led to. No element changes for it: the browser paints them over what is there. */

/** As of the style sheet. */
const NAME = 'found';

/** Until `forgetWords`, or others. */
export function markWords(message: Element, words: readonly string[]): void {
  const highlights = paints();
  if (!highlights) return;
  const ranges = rangesOf(message.querySelector('.message-text'), words);
  if (ranges.length === 0) highlights.delete(NAME);
  else highlights.set(NAME, new Highlight(...ranges));
}

export function forgetWords(): void {
  paints()?.delete(NAME);
}

/** A document without a screen has none. */
const paints = (): HighlightRegistry | undefined => globalThis.CSS?.highlights;

/** Where the words stand, also those that a format begins or ends within; whatever their case. */
export function rangesOf(text: Element | null, words: readonly string[]): Range[] {
  const wanted = words
    .filter((word) => word !== '')
    .map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  if (!text || wanted.length === 0) return [];
  const nodes: { node: Text; from: number }[] = [];
  let all = '';
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode as Text;
    nodes.push({ node, from: all.length });
    all += node.data;
  }
  return [...all.matchAll(new RegExp(wanted.join('|'), 'giu'))].map((match) => {
    const range = document.createRange();
    const [from, to] = [match.index, match.index + match[0].length];
    const first = nodes.findLast((one) => one.from <= from)!;
    const last = nodes.findLast((one) => one.from < to)!;
    range.setStart(first.node, from - first.from);
    range.setEnd(last.node, to - last.from);
    return range;
  });
}
