import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { MessagesSquare } from 'lucide-react';
import { useWords } from '../../i18n/words.tsx';
import { useMatchbook } from '../use-store.ts';

/** How many answered a message, and how many of the answers are new; shows them. */
export function Answers({ row }: { row: TimelineRow }) {
  const store = useMatchbook();
  const { say } = useWords();
  const { n, answers } = row;
  if (!answers || n === null) return null;
  const { count, fresh } = answers;
  return (
    <button
      type="button"
      className={fresh > 0 ? 'answers answers-fresh' : 'answers'}
      data-testid="answers"
      onClick={() => store.talk.show({ kind: 'thread', n })}
    >
      <MessagesSquare size={13} aria-hidden="true" />
      {fresh > 0 ? say('message.answersFresh', { count, fresh }) : say('message.answers', { count })}
    </button>
  );
}
