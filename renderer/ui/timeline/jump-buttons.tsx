import { ArrowDown, CornerUpLeft } from 'lucide-react';
import { useWords } from '../../i18n/words.tsx';
import { useKnown } from '../use-store.ts';

/** Over the end of the timeline: back to where one came from, and to the newest. */
export function JumpButtons(props: {
  below: boolean;
  /** Messages of others that are not read, behind what is shown. */
  fresh: number;
  note: string | null;
  onNewest: () => void;
  onBack: () => void;
}) {
  const { below, fresh, note, onNewest, onBack } = props;
  const { say } = useWords();
  const back = useKnown((state) => state.trail.length > 0);
  return (
    <div className="jumps">
      <p className="jump-note" role="status">
        {note}
      </p>
      {back && below && (
        <button type="button" className="button jump" data-testid="jump-back" onClick={onBack}>
          <CornerUpLeft size={16} aria-hidden="true" className="turns" />
          {say('timeline.back')}
        </button>
      )}
      {below && (
        <button type="button" className="button jump" data-testid="new-messages" onClick={onNewest}>
          <ArrowDown size={16} aria-hidden="true" />
          {fresh > 0 ? say('timeline.newMessages', { count: fresh }) : say('timeline.newest')}
        </button>
      )}
    </div>
  );
}
