import { type ClipboardEvent, type KeyboardEvent, type RefObject, useRef } from 'react';
import { pastedAs } from '../paste/pasted.ts';
import { writeText } from './write-text.ts';

const mac = /mac/i.test(navigator.platform);

/**
 * Pastes into a text of Markdown: looks become marks, an address onto selected words a link. The key or the menu item that pastes as text does neither.
 *
 * @param long gets what is longer than a message may be; without it that is pasted as anything else
 */
export function usePaste(box: RefObject<HTMLTextAreaElement | null>, long?: (text: string) => void) {
  const asText = useRef(false);
  /** Where the selection is, as typing would. */
  const insert = (piece: string) => {
    const area = box.current;
    if (!area) return;
    const { value, selectionStart: start, selectionEnd: end } = area;
    const caret = start + piece.length;
    writeText(area, { text: value.slice(0, start) + piece + value.slice(end), start: caret, end: caret });
  };
  return {
    onKeyDown: (event: KeyboardEvent) => {
      asText.current =
        event.key.toLowerCase() === 'v' && event.shiftKey && (mac ? event.metaKey : event.ctrlKey);
    },
    onPaste: (event: ClipboardEvent) => {
      const area = box.current;
      if (!area) return;
      const { value: text, selectionStart: start, selectionEnd: end } = area;
      const wantsText = asText.current;
      asText.current = false;
      const pasted = pastedAs(event.clipboardData, { text, start, end }, wantsText);
      if (pasted.kind === 'plain' || (pasted.kind === 'long' && !long)) return;
      event.preventDefault();
      if (pasted.kind === 'long') long?.(pasted.text);
      else if (pasted.kind === 'link') insert(`[${text.slice(start, end)}](${pasted.url})`);
      else
        void import('../paste/rich-text.ts')
          .then(({ markdownOf }) => markdownOf(pasted.html) || pasted.text)
          // It could not be loaded or read: the words are what matters.
          .catch(() => pasted.text)
          .then(insert);
    },
  };
}
