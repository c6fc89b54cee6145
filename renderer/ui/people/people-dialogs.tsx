import { LeaveDialog } from '../groups/leave-dialog.tsx';
import { NewGroupDialog } from '../groups/new-group-dialog.tsx';
import { InvitationDialog } from '../shell/invitation-panel.tsx';
import { useMatchbook } from '../use-store.ts';
import { AllReadDialog } from './all-read-dialog.tsx';
import { NewConversationDialog } from './new-conversation-dialog.tsx';
import { PersonDialog } from './person-card.tsx';
import { ReportDialog } from './report-dialog.tsx';
import { StatusDialog } from './status-dialog.tsx';
import { usePanels } from './use-people.ts';

/** Whatever dialog about people and conversations is open. */
export default function PeopleDialogs() {
  const { panels } = useMatchbook();
  const dialog = usePanels((state) => state.dialog);
  const close = () => panels.open(null);
  return (
    <>
      <PersonDialog />
      {dialog?.kind === 'new-group' && <NewGroupDialog account={dialog.account} onClose={close} />}
      {dialog?.kind === 'new-conversation' && (
        <NewConversationDialog account={dialog.account} onClose={close} />
      )}
      {dialog?.kind === 'invite' && <InvitationDialog account={dialog.account} onClose={close} />}
      {dialog?.kind === 'status' && <StatusDialog account={dialog.account} onClose={close} />}
      {dialog?.kind === 'all-read' && <AllReadDialog account={dialog.account} onClose={close} />}
      {dialog?.kind === 'leave' && <LeaveDialog address={dialog.address} onClose={close} />}
      {dialog?.kind === 'report' && (
        <ReportDialog address={dialog.address} n={dialog.n} user={dialog.user} onClose={close} />
      )}
    </>
  );
}
