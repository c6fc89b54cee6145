import { EyeOff, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import { type Address, sameAddress } from '../../store/state.ts';
import { focusComposer } from '../composer/focus-composer.ts';
import { useMatchbook } from '../use-store.ts';

/** How long it can be taken back by this line, ms; longer while somebody is about to (WCAG 2.2.1). */
const OFFERED = 10_000;

/** What was deleted for oneself in this conversation just now, and the way back. */
export function UndoLine({ address }: { address: Address }) {
  const store = useMatchbook();
  const { say } = useWords();
  const hidden = useStore(store.messages.state, (state) => state.hidden);
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (!hidden || held) return undefined;
    const timer = setTimeout(() => store.messages.forgetHidden(), OFFERED);
    return () => clearTimeout(timer);
  }, [hidden, held, store]);
  // It belongs to the conversation: elsewhere it would speak of nothing that is seen.
  useEffect(() => () => store.messages.forgetHidden(), [store]);
  const here = hidden !== null && sameAddress(hidden.address, address);
  return (
    <div className="undo-frame" role="status">
      {here && (
        // biome-ignore lint/a11y/noStaticElementInteractions: who points at it, or is in it, has time
        <div
          className="undo-line"
          data-testid="undo-line"
          onMouseEnter={() => setHeld(true)}
          onMouseLeave={() => setHeld(false)}
          onFocus={() => setHeld(true)}
          onBlur={() => setHeld(false)}
        >
          <EyeOff size={15} aria-hidden="true" />
          <span>{say('undo.hidden', { count: hidden.places.length })}</span>
          <button
            type="button"
            className="button small"
            data-testid="undo"
            onClick={() => {
              setHeld(false);
              void store.messages.unhide();
              focusComposer();
            }}
          >
            {say('undo.do')}
          </button>
          <button
            type="button"
            className="button icon quiet small-icon"
            aria-label={say('base.close')}
            onClick={() => {
              setHeld(false);
              store.messages.forgetHidden();
              focusComposer();
            }}
          >
            <X size={14} aria-hidden="true" />
          </button>
        </div>
      )}
    </div>
  );
}
