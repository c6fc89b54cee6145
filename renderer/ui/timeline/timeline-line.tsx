import { LoaderCircle } from 'lucide-react';
import { memo } from 'react';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { Boundary } from '../boundary.tsx';
import type { Line } from './lines.ts';
import { MessageRow } from './message-row.tsx';
import { SystemLine } from './system-line.tsx';
import { useDayWords } from './use-day-words.ts';

interface Props {
  line: Line;
  address: Address;
  self: boolean;
  group: boolean;
  /** Id of the reader. */
  user: string;
  nameOf: (user: string) => string;
  lit: boolean;
  /** The day that it is now: what is said of a day changes with it. */
  today: string;
}

export const TimelineLine = memo(function TimelineLine(props: Props) {
  const { line } = props;
  const { say } = useWords();
  return (
    <Boundary
      about={'row' in line ? line.row : line}
      instead={
        <p className="gap" data-testid="undrawn-line">
          {say('timeline.undrawn')}
        </p>
      }
    >
      <Drawn {...props} />
    </Boundary>
  );
});

function Drawn(props: Props) {
  const { line, address, self, group, user, nameOf, lit } = props;
  const { say } = useWords();
  const dayWords = useDayWords();
  switch (line.kind) {
    case 'day':
      return (
        <div className="divider">
          <span>{dayWords(line.at)}</span>
        </div>
      );
    case 'unread':
      return (
        <div className="divider divider-unread" data-testid="unread-line">
          <span>{say('timeline.unread')}</span>
        </div>
      );
    case 'gap':
      return (
        <p className="gap" data-testid="gap-line">
          <LoaderCircle size={14} className="spin" aria-hidden="true" />
          {say('timeline.gap')}
        </p>
      );
    case 'system':
      return <SystemLine row={line.row} self={self} group={group} user={user} nameOf={nameOf} />;
    case 'message':
      return (
        <MessageRow
          address={address}
          row={line.row}
          user={user}
          nameOf={nameOf}
          first={line.first}
          last={line.last}
          lit={lit}
        />
      );
  }
}
