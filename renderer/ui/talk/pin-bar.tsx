import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { List, Pin } from 'lucide-react';
import { memo } from 'react';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { useKnown, useMatchbook } from '../use-store.ts';
import { stillPinned, useRowWords } from './row-words.ts';
import { useAsked } from './use-asked.ts';

/** How many pins wait to be sent. */
export function waitingPins(rows: readonly TimelineRow[]): number {
  let count = 0;
  for (const { changes } of rows)
    for (const { append } of changes ?? []) count += append.kind === 'pin' ? 1 : 0;
  return count;
}

/** Above the timeline: the message that was pinned last, and the way to all of them. Asked for anew where something may have been pinned, not with each message. */
export const PinBar = memo(function PinBar(props: {
  address: Address;
  /** Pins that wait. */
  waiting: number;
  user: string;
  leadTo: (n: number) => void;
}) {
  const { address, waiting, user, leadTo } = props;
  const store = useMatchbook();
  const { say } = useWords();
  const words = useRowWords(user);
  const pinsN = useKnown((state) => state.timeline?.pinsN ?? 0);
  const beyond = useKnown((state) => state.beyond);
  const answer = useAsked(() => store.talk.pinned(address), `${pinsN} ${beyond} ${waiting}`);
  const pinned = answer?.ok ? stillPinned(answer.value.rows, user) : [];
  const count = pinned.length + (answer?.ok ? answer.value.absent.length : 0);
  const [newest] = pinned;
  if (!newest) return null;
  return (
    <div className="pin-bar" data-testid="pin-bar">
      <Pin size={15} aria-hidden="true" />
      <button type="button" className="pin-what" onClick={() => leadTo(newest.n!)}>
        <span className="quote-who">{say('pins.bar')}</span>
        <span className="quote-text" dir="auto">
          {words(newest)}
        </span>
      </button>
      <button
        type="button"
        className="button icon quiet small"
        data-testid="pins-all"
        aria-label={say('pins.all', { count })}
        title={say('pins.all', { count })}
        onClick={() => store.talk.show({ kind: 'pinned' })}
      >
        <List size={16} aria-hidden="true" />
      </button>
    </div>
  );
});
