import { useId } from 'react';
import { useWords } from '../../i18n/words.tsx';

/** Where other words for what waits were given up just now: what became of them, and the way back. */
export function GivenUpNote({ onEditOn, focus }: { onEditOn: () => void; focus: boolean }) {
  const { say } = useWords();
  const told = useId();
  return (
    <p className="given-up-note" role="status" data-testid="given-up-note">
      <span id={told}>{say('undo.givenUp')}</span>
      <button
        type="button"
        className="button small"
        data-testid="edit-on"
        aria-describedby={told}
        // biome-ignore lint/a11y/noAutofocus: the field that had the focus has gone
        autoFocus={focus}
        onClick={onEditOn}
      >
        {say('undo.editOn')}
      </button>
    </p>
  );
}
