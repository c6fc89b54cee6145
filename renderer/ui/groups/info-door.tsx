import type { AccountSummary, ConversationRow } from '@matchbook/protocol/bridge/views';
import { lazy, Suspense } from 'react';
import { usePanels } from '../people/use-people.ts';

const InfoPane = lazy(() => import('./info-pane.tsx'));

/** What is about a conversation is loaded when somebody opens it. */
export function InfoDoor({ account, row }: { account: AccountSummary; row: ConversationRow }) {
  const open = usePanels(({ info }) => info?.account === row.account && info.conv === row.conv);
  return open ? (
    <Suspense>
      <InfoPane account={account} row={row} />
    </Suspense>
  ) : null;
}
