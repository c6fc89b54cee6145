import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { LIMITS } from '@matchbook/protocol/limits';
import { textFault, utf8Length } from '@matchbook/protocol/text';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { formatOf } from '../composer/format-bar.tsx';
import { formatted, isInCode } from '../composer/formatting.ts';
import { trimmedText } from '../composer/trimmed-text.ts';
import { usePaste } from '../composer/use-paste.ts';
import { writeText } from '../composer/write-text.ts';
import { useHeardWords } from '../use-heard-words.ts';
import { useMatchbook } from '../use-store.ts';

/** Other words for one's own message: Enter keeps them, Escape leaves the message as it was, with a way back to them. What could not be kept stays here, also while the row is not on screen. */
export function MessageEditor(props: {
  address: Address;
  row: TimelineRow;
  text: string;
  /** In it a word calls everybody. */
  group: boolean;
  onDone: () => void;
  /** @param text that was typed; null: nothing else than the message says */
  onGiveUp: (text: string | null) => void;
}) {
  const { address, row, text: before, group } = props;
  const store = useMatchbook();
  const words = useWords();
  const { say } = words;
  // Until one types, what another device makes of it meanwhile.
  const [typed, setTyped] = useState(() => store.begun.of(row.key));
  const text = typed ?? before;
  const resumed = useRef(typed !== null);
  const [refused, setFailure] = useState<LocalFailure | null>(null);
  const unkept = useStore(store.begun.state, (failures) => failures[row.key]);
  const failure = refused ?? unkept ?? null;
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  useHeardWords(row.key, setTyped);
  useEffect(() => {
    const area = box.current;
    // Who comes back to it is somewhere else by now.
    if (!resumed.current) area?.focus();
    area?.setSelectionRange(area.value.length, area.value.length);
  }, []);
  const onDone = () => {
    store.begun.forget(row.key);
    props.onDone();
  };
  const giveUp = () => props.onGiveUp(store.begun.giveUp(row.key, before));
  const paste = usePaste(box);
  const now = trimmedText(text);
  const over = utf8Length(now) - LIMITS.bodyBytes;
  const ready = now !== '' && over <= 0 && textFault(now) === null && !busy;
  const save = async () => {
    if (!ready) return;
    if (now === trimmedText(before)) return onDone();
    setBusy(true);
    const answer = await store.messages.edit(address, row, now, group ? say('complete.everyone') : null);
    setBusy(false);
    if (answer.ok) onDone();
    else setFailure(answer.failure);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    paste.onKeyDown(event);
    const { value, selectionStart: start, selectionEnd: end } = event.currentTarget;
    const kind = formatOf(event, start !== end);
    if (kind) {
      event.preventDefault();
      event.stopPropagation();
      return writeText(event.currentTarget, formatted({ text: value, start, end }, kind));
    }
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === 'Escape') {
      event.stopPropagation();
      giveUp();
    } else if (event.key === 'Enter' && !event.shiftKey && !isInCode(value, start)) {
      event.preventDefault();
      void save();
    }
  };
  return (
    <form
      className="message-editor"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <textarea
        ref={box}
        dir="auto"
        rows={Math.min(10, text.split('\n').length)}
        value={text}
        data-testid="message-editor"
        aria-label={say('message.editLabel')}
        onChange={(event) => {
          setTyped(event.target.value);
          store.begun.type(address, row, event.target.value);
        }}
        onKeyDown={onKeyDown}
        onPaste={paste.onPaste}
      />
      {(failure || over > 0) && (
        <p className="error" role="alert">
          {failure ? words.failure(failure) : say('composer.over', { over, limit: LIMITS.bodyBytes / 1_024 })}
        </p>
      )}
      <div className="card-actions">
        <button type="submit" className="button small primary" disabled={!ready}>
          {say('message.keep')}
        </button>
        <button type="button" className="button small" onClick={giveUp}>
          {say('base.cancel')}
        </button>
      </div>
    </form>
  );
}
