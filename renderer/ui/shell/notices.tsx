import { CircleAlert, Info, X } from 'lucide-react';
import { useWords } from '../../i18n/words.tsx';
import { useKnown, useMatchbook } from '../use-store.ts';

/** What the person is told once: what it means for them, and what to do. */
export function Notices() {
  const store = useMatchbook();
  const { say } = useWords();
  const notices = useKnown((state) => state.app?.notices);
  return (
    <>
      {notices?.map((notice) => (
        <div key={notice.id} className="line" data-testid={`notice-${notice.id}`}>
          <Info size={16} aria-hidden="true" />
          <p dir="auto">{say(`notice.${notice.id}`, { detail: notice.detail })}</p>
          <button type="button" className="button small" onClick={() => void store.dismissNotice(notice.id)}>
            {say('notice.dismiss')}
          </button>
        </div>
      ))}
    </>
  );
}

/** A failure that belongs to no field. */
export function FailureLine() {
  const store = useMatchbook();
  const words = useWords();
  const failure = useKnown((state) => state.failure);
  if (!failure) return null;
  return (
    <div className="line line-failure" role="alert">
      <CircleAlert size={16} aria-hidden="true" />
      <p dir="auto">{words.failure(failure)}</p>
      <button
        type="button"
        className="button icon quiet"
        aria-label={words.say('failure.close')}
        onClick={() => store.closeFailure()}
      >
        <X size={16} aria-hidden="true" />
      </button>
    </div>
  );
}
