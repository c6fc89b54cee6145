import type { AccountSummary, ConversationRow } from '@matchbook/protocol/bridge/views';
import { apart } from '@matchbook/protocol/text';
import { useEffect } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { otherName } from '../people.ts';

/** The window is called by the conversation that it shows, as it stands in the switchers of the desktop. `alone` where it shows nothing else. */
export function WindowTitle(props: {
  account: AccountSummary;
  row: ConversationRow | null;
  alone?: boolean;
}) {
  const { account, row, alone = false } = props;
  const { say } = useWords();
  const name =
    row && (row.self ? say('app.selfTitle') : (otherName(row, account.user, say) ?? say('app.someone')));
  useEffect(() => {
    if (name) document.title = alone ? name : apart([name, 'Matchbook']).join(' – ');
    else document.title = 'Matchbook';
  }, [name, alone]);
  return null;
}
