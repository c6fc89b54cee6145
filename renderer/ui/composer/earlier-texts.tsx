import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type { EarlierText } from '@matchbook/protocol/bridge/views';
import { LIMITS } from '@matchbook/protocol/limits';
import { CircleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import type { DraftKeeper } from '../../store/draft-keeper.ts';
import { Dialog } from '../base/dialog.tsx';

/** Texts that stood in this composer and were replaced or taken back unsent. */
export function EarlierTexts({ keeper, onClose }: { keeper: DraftKeeper; onClose: () => void }) {
  const words = useWords();
  const { say } = words;
  const [answer, setAnswer] = useState<Outcome<EarlierText[]> | null>(null);
  useEffect(() => {
    let here = true;
    void keeper
      .flush()
      .then(() => keeper.earlier())
      .then((got) => {
        if (here) setAnswer(got);
      });
    return () => {
      here = false;
    };
  }, [keeper]);
  return (
    <Dialog
      open
      size="wide"
      onClose={onClose}
      title={say('draft.earlierTitle')}
      description={say('draft.earlierLead', { days: LIMITS.earlierTextDays })}
      testId="earlier-texts"
    >
      {answer === null ? (
        <p className="fine">{say('draft.earlierLoading')}</p>
      ) : !answer.ok ? (
        <p className="error">
          <CircleAlert size={15} aria-hidden="true" />
          {words.failure(answer.failure)}
        </p>
      ) : answer.value.length === 0 ? (
        <p className="fine" data-testid="earlier-none">
          {say('draft.earlierNone')}
        </p>
      ) : (
        <ul className="earlier-list">
          {answer.value.map(({ id, text, time }) => (
            <li key={id} data-testid="earlier-text">
              <div className="earlier-what">
                <time dateTime={new Date(time).toISOString()}>{words.moment(time)}</time>
                <p dir="auto">{text}</p>
              </div>
              <button
                type="button"
                className="button"
                aria-label={say('draft.restoreThis', { time: words.moment(time) })}
                onClick={() => {
                  void keeper.restore(id);
                  onClose();
                }}
              >
                {say('draft.restore')}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
