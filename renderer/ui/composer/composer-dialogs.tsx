import { memo } from 'react';
import { useWords } from '../../i18n/words.tsx';
import type { DraftKeeper } from '../../store/draft-keeper.ts';
import type { Address } from '../../store/state.ts';
import { Confirm } from '../base/dialog.tsx';
import { LeaveDialog } from '../groups/leave-dialog.tsx';
import { ScheduleDialog } from '../talk/schedule-dialog.tsx';
import { DateDialog } from '../talk/tools-menu.tsx';
import { EarlierTexts } from './earlier-texts.tsx';
import type { Asking, useSending } from './use-sending.ts';

/** What is asked over the composer; beside its form, as what is submitted in a dialog must not send. */
export const ComposerDialogs = memo(function ComposerDialogs(props: {
  address: Address;
  keeper: DraftKeeper;
  files: number;
  asking: Asking | 'earlier' | null;
  /** People who are told when everybody is called. */
  others: number;
  /** Everybody is to be told. */
  onSure: () => void;
  onSchedule: ReturnType<typeof useSending>['schedule'];
  onScheduled: (due: number) => void;
  onClose: () => void;
}) {
  const { address, keeper, files, asking, others, onSure, onSchedule, onScheduled, onClose } = props;
  const { say } = useWords();
  return (
    <>
      {asking === 'schedule' && (
        <ScheduleDialog
          account={address.account}
          files={files}
          onSchedule={(due, silent, _text, id) => onSchedule(id, due, silent)}
          onClose={(due) => {
            onClose();
            if (due !== null) onScheduled(due);
          }}
        />
      )}
      {asking === 'date' && <DateDialog address={address} onClose={onClose} />}
      {asking === 'leave' && <LeaveDialog address={address} onClose={onClose} />}
      <Confirm
        open={asking === 'everyone' || asking === 'everyone-later'}
        title={say('everyone.title')}
        description={say('everyone.lead', { count: others })}
        action={say(asking === 'everyone-later' ? 'everyone.later' : 'composer.send')}
        testId="confirm-everyone"
        onCancel={onClose}
        onConfirm={() => {
          onClose();
          onSure();
        }}
      />
      {asking === 'earlier' && <EarlierTexts keeper={keeper} onClose={onClose} />}
    </>
  );
});
