import { Undo2 } from 'lucide-react';
import { memo, useCallback } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { nextFrame } from '../next-frame.ts';
import { useMatchbook } from '../use-store.ts';
import { PassingLine } from './passing-line.tsx';

/** That other words for a message were given up just now, and the way back; afterwards they are among the earlier texts. */
export const GivenUpLine = memo(function GivenUpLine({ address }: { address: Address }) {
  const store = useMatchbook();
  const { say } = useWords();
  const givenUp = useStore(store.talk.state, (state) => state.givenUp);
  const forget = useCallback(() => store.talk.forgetGivenUp(), [store]);
  return (
    <PassingLine
      what={givenUp}
      icon={<Undo2 size={15} className="turns" aria-hidden="true" />}
      testId="given-up-line"
      onOver={forget}
    >
      <span>{say('undo.givenUp')}</span>
      <button
        type="button"
        className="button small"
        data-testid="edit-on"
        onClick={() => {
          if (!givenUp) return;
          store.begun.type(address, givenUp.row, givenUp.text);
          forget();
          store.goOn([address]);
          nextFrame(() => document.querySelector<HTMLElement>('.message-editor textarea')?.focus());
        }}
      >
        {say('undo.editOn')}
      </button>
    </PassingLine>
  );
});
