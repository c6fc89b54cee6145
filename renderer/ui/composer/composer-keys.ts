/** What keys do in the composer, in the order in which they are asked: pasting, the list of completions, answers, the last own message, formats, sending. */
import type { TargetRef } from '@matchbook/protocol/bridge/more';
import type { KeyboardEvent } from 'react';
import type { Address } from '../../store/state.ts';
import type { MatchbookStore } from '../../store/store.ts';
import { formatOf } from './format-bar.tsx';
import { type Format, isInCode } from './formatting.ts';

type Key = KeyboardEvent<HTMLTextAreaElement>;

export function composerKeys(parts: {
  store: MatchbookStore;
  address: Address;
  text: string;
  reply: TargetRef | null;
  paste: { onKeyDown: (event: Key) => void };
  completion: { onKeyDown: (event: Key) => boolean };
  onFormat: (kind: Format) => void;
  onSend: () => void;
}): (event: Key) => void {
  const { store, address, text, reply, paste, completion, onFormat, onSend } = parts;
  return (event) => {
    paste.onKeyDown(event);
    if (completion.onKeyDown(event)) return;
    const { selectionStart, selectionEnd } = event.currentTarget;
    // 229: while an input method composes, its keys are its own (browsers that say so only by the key code).
    const composing = event.nativeEvent.isComposing || event.keyCode === 229;
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : null;
    const bare = !event.shiftKey && !event.altKey;
    if (step !== null && !composing && (event.ctrlKey || event.metaKey) && bare) {
      event.preventDefault();
      return answerBeside(store, address, reply, step);
    }
    if (step === -1 && !composing && text === '' && bare) {
      event.preventDefault();
      return editLast(store);
    }
    if (event.key === 'Escape' && !composing && reply !== null) {
      event.stopPropagation();
      return store.sending.answerNothing(address);
    }
    const kind = formatOf(event, selectionStart !== selectionEnd);
    if (kind) {
      event.preventDefault();
      event.stopPropagation();
      return onFormat(kind);
    }
    if (event.key !== 'Enter' || event.shiftKey || composing) return;
    if (isInCode(event.currentTarget.value, selectionStart)) return;
    event.preventDefault();
    onSend();
  };
}

function editLast(store: MatchbookStore): void {
  const row = store.editLast();
  const n = row?.n ?? null;
  // Rows that are far out of sight are not there for the editor to appear in. Who was done with it before these frames is led nowhere: that would take the focus from where they write.
  const frames = (count: number, then: () => void) =>
    requestAnimationFrame(() => (count > 1 ? frames(count - 1, then) : then()));
  if (n !== null)
    frames(2, () => {
      const awaited = store.talk.state.getState().editing === row!.key;
      if (awaited && !document.querySelector('.message-editor')) store.reading.jumpTo(n);
    });
}

/** The message that is answered, one further up or down; none below the last. */
function answerBeside(store: MatchbookStore, address: Address, reply: TargetRef | null, step: -1 | 1): void {
  const rows = store.reading.answerable();
  const at =
    reply === null
      ? rows.length
      : rows.findIndex((one) => (typeof reply === 'number' ? one.n === reply : one.id === reply.id));
  const next = rows[(at < 0 ? rows.length : at) + step];
  if (next) store.sending.answer(address, next);
  else if (step === 1) store.sending.answerNothing(address);
}
