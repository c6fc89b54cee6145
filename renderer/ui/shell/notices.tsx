import { LOSSES, type Notice } from '@matchbook/protocol/bridge/views';
import { CircleAlert, Info, X } from 'lucide-react';
import { useWords } from '../../i18n/words.tsx';
import { focusComposer } from '../composer/focus-composer.ts';
import { useKnown, useMatchbook } from '../use-store.ts';

const isLoss = ({ id }: Notice): boolean => (LOSSES as readonly string[]).includes(id);

/** What may have been lost: above the conversation, where it cannot be overlooked. */
export function LossNotices() {
  const store = useMatchbook();
  const { say } = useWords();
  const notices = useKnown((state) => state.app?.notices);
  return (
    <>
      {notices?.filter(isLoss).map((notice) => (
        <div key={notice.id} className="line" role="alert" data-testid={`notice-${notice.id}`}>
          <CircleAlert size={16} aria-hidden="true" />
          <p>{say(`notice.${notice.id}`, { detail: notice.detail })}</p>
          <button
            type="button"
            className="button small"
            onClick={() => void store.dismissNotice(notice.id).then(focusComposer)}
          >
            {say('notice.dismiss')}
          </button>
        </div>
      ))}
    </>
  );
}

/** Facts about this computer: worth knowing, in nobody's way. One after the other, at the foot of the list. */
export function ComputerNotice() {
  const store = useMatchbook();
  const { say } = useWords();
  const notices = useKnown((state) => state.app?.notices);
  const about = notices?.filter((notice) => !isLoss(notice)) ?? [];
  const [first] = about;
  if (!first) return null;
  return (
    <aside className="aside" aria-label={say('notice.label')} data-testid={`notice-${first.id}`}>
      <Info size={16} aria-hidden="true" />
      <p>{say(`notice.${first.id}`, { detail: first.detail })}</p>
      <div className="aside-foot">
        <span>{about.length > 1 && say('notice.more', { more: about.length - 1 })}</span>
        <button
          type="button"
          className="button small"
          data-testid="notice-dismiss"
          onClick={() => void store.dismissNotice(first.id)}
        >
          {say('notice.dismiss')}
        </button>
      </div>
    </aside>
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
      <p>{words.failure(failure)}</p>
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
