import { Copy } from 'lucide-react';
import { useWords } from '../../i18n/words.tsx';
import type { DraftKeeper } from '../../store/draft-keeper.ts';

/** What another device has in the place of the text here: both are kept until the person has chosen. */
export function ConflictBar(props: {
  keeper: DraftKeeper;
  other: { text: string; time: number };
  /** The text belongs back in the composer. */
  onChosen: () => void;
}) {
  const { keeper, other, onChosen } = props;
  const { say, short } = useWords();
  const choose = (choice: 'use' | 'both' | 'dismiss') => {
    void keeper.choose(choice);
    onChosen();
  };
  return (
    <section
      className="conflict-bar"
      aria-label={say('draft.otherLabel')}
      data-testid="draft-conflict"
      aria-live="polite"
    >
      <p className="conflict-title">
        <Copy size={15} aria-hidden="true" />
        {say('draft.other', { time: short(other.time, Date.now()) })}
      </p>
      <p className="conflict-text" dir="auto">
        {other.text}
      </p>
      <div className="conflict-actions">
        <button type="button" className="button" data-testid="draft-use" onClick={() => choose('use')}>
          {say('draft.use')}
        </button>
        <button type="button" className="button" data-testid="draft-both" onClick={() => choose('both')}>
          {say('draft.both')}
        </button>
        <button
          type="button"
          className="button quiet"
          data-testid="draft-dismiss"
          onClick={() => choose('dismiss')}
        >
          {say('draft.dismiss')}
        </button>
      </div>
    </section>
  );
}
