import type { MatchbookStore } from '../../store/store.ts';

/** What is unread is read, and what is read is unread from its last line on: of this conversation, or of the one that is shown. False where there is none. */
export function toggleRead(store: MatchbookStore, conv: string | null): boolean {
  const { account, open, conversations } = store.state.getState();
  const wanted = conv ?? open?.conv;
  const row = account === null ? undefined : conversations[account]?.find((one) => one.conv === wanted);
  if (!row || row.headN === 0) return false;
  if (row.unread > 0) void store.told(store.conversations.markRead(row));
  else void store.reading.markUnread({ account: row.account, conv: row.conv }, row.headN);
  return true;
}
