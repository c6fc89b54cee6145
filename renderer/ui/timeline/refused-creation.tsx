import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import type { PendingChange } from '@matchbook/protocol/bridge/waiting';
import { ChangeLine } from '../groups/change-line.tsx';

/** Why there is no such conversation: the server did not take its creation, which may be tried again now. Null where it did, or was not asked yet. */
export const refusedCreation = ({ changes }: ConversationRow): PendingChange | null =>
  changes?.find(({ append }) => append.kind === 'create') ?? null;

export function RefusedCreation({ account, change }: { account: string; change: PendingChange }) {
  return (
    <div className="timeline-refused" data-testid="creation-refused">
      <ChangeLine
        account={account}
        change={change}
        waiting="group.pending.create"
        failed="group.failed.create"
      />
    </div>
  );
}
