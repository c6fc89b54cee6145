import type { AccountSummary, ConversationRow, TimelineRow } from '@matchbook/protocol/bridge/views';
import { useCallback, useEffect, useMemo } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { useMatchbook } from '../use-store.ts';
import { usePeople } from './use-people.ts';

const NONE: readonly TimelineRow[] = [];

/**
 * Names for a conversation: of its members, and of others whom one knows, since what somebody said stays when they leave.
 * @param rows what is shown of it: while somebody in there has no name yet, whom one knows is kept up to date
 */
export function useNames(
  row: Pick<ConversationRow, 'members'>,
  { account, user: own, name: ownName }: AccountSummary,
  rows: readonly TimelineRow[] = NONE,
): (user: string) => string {
  const store = useMatchbook();
  const { say } = useWords();
  const known = usePeople((state) => state.known[account]);
  const members = useMemo(
    () => new Map(row.members.map((member) => [member.user, member.name])),
    [row.members],
  );
  const found = useCallback(
    (user: string): string | null =>
      members.get(user) ?? (user === own ? ownName : (known?.get(user)?.name ?? null)),
    [members, known, own, ownName],
  );
  const lacking = useMemo(() => {
    const lacks = (user: string) => user !== '' && found(user) === null;
    return rows.some(
      ({ sender, says }) =>
        lacks(sender) || (says !== undefined && (lacks(says.user ?? '') || says.users?.some(lacks) === true)),
    );
  }, [rows, found]);
  useEffect(() => (lacking ? store.people.show(account) : undefined), [lacking, store, account]);
  return useCallback((user) => found(user) ?? say('app.someone'), [found, say]);
}
