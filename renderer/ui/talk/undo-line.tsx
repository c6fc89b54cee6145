import { EyeOff } from 'lucide-react';
import { memo, useCallback, useEffect } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import { type Address, sameAddress } from '../../store/state.ts';
import { focusComposer } from '../composer/focus-composer.ts';
import { useMatchbook } from '../use-store.ts';
import { PassingLine } from './passing-line.tsx';

/** What was deleted for oneself in this conversation just now, and the way back. */
export const UndoLine = memo(function UndoLine({ address }: { address: Address }) {
  const store = useMatchbook();
  const { say } = useWords();
  const hidden = useStore(store.messages.state, (state) => state.hidden);
  // It belongs to the conversation: elsewhere it would speak of nothing that is seen.
  useEffect(() => () => store.messages.forgetHidden(), [store]);
  const forget = useCallback(() => store.messages.forgetHidden(), [store]);
  const here = hidden !== null && sameAddress(hidden.address, address) ? hidden : null;
  return (
    <PassingLine
      what={here}
      icon={<EyeOff size={15} aria-hidden="true" />}
      testId="undo-line"
      onOver={forget}
    >
      <span>{say('undo.hidden', { count: here?.places.length ?? 0 })}</span>
      <button
        type="button"
        className="button small"
        data-testid="undo"
        onClick={() => {
          void store.messages.unhide();
          focusComposer();
        }}
      >
        {say('undo.do')}
      </button>
    </PassingLine>
  );
});
