import { LIMITS } from '@matchbook/protocol/limits';
import { textFault, utf8Length } from '@matchbook/protocol/text';
import { ALargeSmall, ArrowUp, CircleAlert, History } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { AttachButton } from '../files/attach-button.tsx';
import { ComposerAbove, useComposerFiles } from '../files/composer-files.tsx';
import { VoiceBar, VoiceButton } from '../files/voice.tsx';
import { useMatchbook } from '../use-store.ts';
import { ConflictBar } from './conflict-bar.tsx';
import { EarlierTexts } from './earlier-texts.tsx';
import { COMPOSER_ID } from './focus-composer.ts';
import { FormatBar, formatOf } from './format-bar.tsx';
import { type Format, formatted } from './formatting.ts';
import { trimmedText } from './trimmed-text.ts';
import { writeText } from './write-text.ts';

/** From this share of the limit on, what is left is said. */
const NEAR = 0.9;

/**
 * One instance a conversation (its key): the recipient is the draft's own and cannot change under a text that is being typed.
 */
export function Composer({ address, title, self }: { address: Address; title: string; self: boolean }) {
  const store = useMatchbook();
  const words = useWords();
  const { say } = words;
  const keeper = store.draft(address);
  const { text, failure, other } = useStore(keeper.state);
  const [earlier, setEarlier] = useState(false);
  const [formats, setFormats] = useState(false);
  /** Whom the text that stands here was begun for. */
  const bound = useRef<string | null>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  const said = useId();

  useEffect(() => {
    box.current?.focus();
    return () => void keeper.rest();
  }, [keeper]);

  // Grows with its text; the style sheet holds the most it may take. `text` is what changes its height.
  useLayoutEffect(() => {
    const area = box.current;
    if (!area || area.value !== text) return;
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight}px`;
  }, [text]);

  const body = trimmedText(text);
  const bytes = utf8Length(body);
  const over = bytes - LIMITS.bodyBytes;
  const invalid = textFault(body) !== null;
  const files = useComposerFiles(address, text, (voice) =>
    store.submit(keeper, '', address.conv, { attached: voice, preview: null }),
  );
  const { tray, voice, accompanying } = files;
  const ready = (body !== '' || accompanying.attached.length > 0) && over <= 0 && !invalid;

  const send = () => {
    const now = trimmedText(keeper.state.getState().text);
    if (
      (now === '' && accompanying.attached.length === 0) ||
      utf8Length(now) > LIMITS.bodyBytes ||
      textFault(now) !== null
    )
      return;
    store.submit(keeper, now, bound.current ?? address.conv, accompanying);
    bound.current = null;
    box.current?.focus();
  };
  const format = (kind: Format) => {
    const area = box.current;
    if (!area) return;
    writeText(
      area,
      formatted({ text: area.value, start: area.selectionStart, end: area.selectionEnd }, kind),
    );
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const { selectionStart, selectionEnd } = event.currentTarget;
    const kind = formatOf(event, selectionStart !== selectionEnd);
    if (kind) {
      event.preventDefault();
      event.stopPropagation();
      format(kind);
      return;
    }
    // While an input method composes, Enter chooses a word (229: browsers that say so only by the key code).
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || event.keyCode === 229)
      return;
    event.preventDefault();
    send();
  };
  const line = invalid
    ? say('composer.invalid')
    : over > 0
      ? say('composer.over', { over, limit: LIMITS.bodyBytes / 1_024 })
      : failure
        ? say('composer.kept', { reason: words.failure(failure) })
        : null;
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="composer-said" id={said} aria-live="polite">
        {line !== null ? (
          <p className="error" data-testid="composer-failure">
            <CircleAlert size={15} aria-hidden="true" />
            {line}
          </p>
        ) : bytes > NEAR * LIMITS.bodyBytes ? (
          <p className="fine">{say('composer.left', { left: -over })}</p>
        ) : null}
      </div>
      {other && <ConflictBar keeper={keeper} other={other} onChosen={() => box.current?.focus()} />}
      {formats && <FormatBar onFormat={format} />}
      <ComposerAbove files={files} />
      <VoiceBar address={address} voice={voice} />
      <div className="composer-box" hidden={voice.state.is !== 'resting'}>
        <AttachButton address={address} onDone={() => box.current?.focus()} />
        <button
          type="button"
          className="button icon quiet tool"
          data-testid="format-open"
          aria-label={say('format.bar')}
          aria-expanded={formats}
          title={say('format.bar')}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => setFormats((shown) => !shown)}
        >
          <ALargeSmall size={18} aria-hidden="true" />
        </button>
        <textarea
          ref={box}
          id={COMPOSER_ID}
          data-testid="composer"
          data-conv={address.conv}
          rows={1}
          dir="auto"
          value={text}
          aria-label={say(self ? 'composer.selfLabel' : 'composer.label', { title })}
          aria-describedby={said}
          aria-invalid={line !== null}
          placeholder={say(self ? 'composer.selfPlaceholder' : 'composer.placeholder', { title })}
          onChange={(event) => {
            bound.current ??= address.conv;
            keeper.edit(event.target.value);
          }}
          onPaste={files.onPaste}
          onBlur={() => void keeper.rest()}
          onKeyDown={onKeyDown}
        />
        <button
          type="button"
          className="button icon quiet tool"
          data-testid="earlier-open"
          aria-label={say('draft.earlier')}
          title={say('draft.earlier')}
          onClick={() => setEarlier(true)}
        >
          <History size={18} aria-hidden="true" />
        </button>
        {body === '' && tray.length === 0 && <VoiceButton onBegin={() => void voice.begin()} />}
        <button
          type="submit"
          className="button icon primary send"
          data-testid="send"
          aria-label={say('composer.send')}
          disabled={!ready}
        >
          <ArrowUp size={18} aria-hidden="true" />
        </button>
      </div>
      {earlier && <EarlierTexts keeper={keeper} onClose={() => setEarlier(false)} />}
    </form>
  );
}
