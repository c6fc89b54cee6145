import { useWords } from '../../i18n/words.tsx';
import { Confirm, Dialog } from '../base/dialog.tsx';
import { useKnown, useMatchbook } from '../use-store.ts';

/** Asks before every conversation of an account is marked as read, the archived ones too: others may be told of it. */
export function AllReadDialog({ account, onClose }: { account: string; onClose: () => void }) {
  const store = useMatchbook();
  const { say } = useWords();
  const rows = useKnown((state) => state.conversations[account]) ?? [];
  const unread = rows.filter((row) => row.unread > 0);
  const markAll = async () => {
    for (const row of unread) {
      const answer = await store.conversations.markRead(row);
      // What keeps one from being marked keeps the others too; it is said once.
      if (!answer.ok) return answer;
    }
    return { ok: true as const, value: null };
  };
  if (unread.length === 0)
    return (
      <Dialog
        open
        title={say('actions.allRead')}
        description={say('filter.none.unread')}
        testId="confirm-all-read"
        onClose={onClose}
      />
    );
  return (
    <Confirm
      open
      title={say('allRead.title')}
      description={say('allRead.lead', {
        messages: unread.reduce((sum, row) => sum + row.unread, 0),
        conversations: unread.length,
      })}
      action={say('sidebar.markRead')}
      testId="confirm-all-read"
      onCancel={onClose}
      onConfirm={() => {
        onClose();
        void store.told(markAll());
      }}
    />
  );
}
