import { LoaderCircle } from 'lucide-react';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import type { Line } from './lines.ts';
import { MessageRow } from './message-row.tsx';
import { SystemLine } from './system-line.tsx';

const DAY = 86_400_000;

export function TimelineLine(props: {
  line: Line;
  address: Address;
  self: boolean;
  /** Id of the reader. */
  user: string;
  nameOf: (user: string) => string;
  lit: boolean;
}) {
  const { line, address, self, user, nameOf, lit } = props;
  const { say, day } = useWords();
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
      return <SystemLine row={line.row} self={self} user={user} nameOf={nameOf} />;
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

  function dayWords(at: number): string {
    const now = Date.now();
    const date = new Date(at).toDateString();
    if (date === new Date(now).toDateString()) return say('timeline.today');
    if (date === new Date(now - DAY).toDateString()) return say('timeline.yesterday');
    return day(at, now);
  }
}
