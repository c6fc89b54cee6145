/** Changes the text of an input as typing does: one step that can be undone. Only what differs is replaced. */
export function writeText(
  area: HTMLTextAreaElement,
  next: { text: string; start: number; end: number },
): void {
  const { value } = area;
  let from = 0;
  while (from < value.length && value[from] === next.text[from]) from++;
  let to = 0;
  const most = Math.min(value.length, next.text.length) - from;
  while (to < most && value[value.length - 1 - to] === next.text[next.text.length - 1 - to]) to++;
  area.focus();
  area.setSelectionRange(from, value.length - to);
  const piece = next.text.slice(from, next.text.length - to);
  // The one way into the list of what can be undone; `insertText` is heard as input.
  const done =
    value !== next.text && document.execCommand?.(piece === '' ? 'delete' : 'insertText', false, piece);
  if (!done && value !== next.text) {
    area.setRangeText(piece, from, value.length - to);
    area.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText' }));
  }
  area.setSelectionRange(next.start, next.end);
}
