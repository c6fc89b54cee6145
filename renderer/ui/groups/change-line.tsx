import type { PendingChange } from '@matchbook/protocol/bridge/waiting';
import { CircleAlert, Clock } from 'lucide-react';
import type { WordId } from '../../i18n/english.ts';
import { useWords } from '../../i18n/words.tsx';
import { useMatchbook } from '../use-store.ts';
import { refusalWords } from './refusal.ts';

type What = 'rename' | 'settings' | 'picture' | 'leave';

/** A change of the conversation that waits, or was refused: said beside what it is about, with what can be done. */
export function ChangeLine(props: {
  account: string;
  change: PendingChange;
  /** What is said of one that waits. */
  waiting: WordId;
  /** What is said of one that was refused; has {reason}. */
  failed: WordId;
}) {
  const { account, change } = props;
  const store = useMatchbook();
  const words = useWords();
  const { say } = words;
  if (change.delivery !== 'failed')
    return (
      <p className="change" role="status" data-testid="change-pending">
        <Clock size={13} aria-hidden="true" />
        {say(props.waiting)}
      </p>
    );
  return (
    <div className="change change-failed" role="alert" data-testid="change-failed">
      <p>
        <CircleAlert size={13} className="change-icon" aria-hidden="true" />
        {say(props.failed, { reason: refusalWords(change, words) })}
      </p>
      <span className="change-actions">
        <button
          type="button"
          className="button small"
          onClick={() => void store.told(store.groups.retry(account, change.id))}
        >
          {say('group.again')}
        </button>
        <button
          type="button"
          className="button small"
          data-testid="change-give-up"
          onClick={() => void store.told(store.groups.giveUp(account, change.id))}
        >
          {say('group.giveUp')}
        </button>
      </span>
    </div>
  );
}

/** The newest of the changes of one kind, as a line. */
export function ChangeOf(props: { account: string; changes: readonly PendingChange[]; what: What }) {
  const kind = props.what === 'leave' ? 'member_leave' : props.what;
  const change = props.changes.findLast(({ append }) => append.kind === kind);
  return change ? (
    <ChangeLine
      account={props.account}
      change={change}
      waiting={`group.pending.${props.what}`}
      failed={`group.failed.${props.what}`}
    />
  ) : null;
}
