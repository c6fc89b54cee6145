import type { AdminConversation } from '@matchbook/protocol/http/admin';
import { useCallback, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { otherName } from '../people.ts';
import { useKnown, useMatchbook } from '../use-store.ts';
import { More } from './more.tsx';
import { pages } from './paged.ts';
import { Problem } from './problem.tsx';
import { useAnswer } from './use-answer.ts';

/** How large conversations are, the largest first. What they are called is known of those alone that one is in. */
export function ServerConversations({ account }: { account: string }) {
  const { admin } = useMatchbook();
  const { say, moment } = useWords();
  const [count, setCount] = useState(1);
  const rows = useKnown((state) => state.conversations[account]);
  const me = useKnown((state) => state.app?.accounts.find((one) => one.account === account)?.user) ?? '';
  const answer = useAnswer(
    useCallback(
      () => pages<AdminConversation>(({ length }) => admin.conversations(account, length), count),
      [admin, account, count],
    ),
  );
  const titleOf = (conv: string): string | null => {
    const row = rows?.find((one) => one.conv === conv);
    if (!row) return null;
    return row.self ? say('app.selfTitle') : otherName(row, me, say);
  };
  return (
    <div className="server-part">
      <p className="fine">{say('server.conversationsLead')}</p>
      <Problem answer={answer} />
      <ul className="server-list">
        {answer.value?.items.map(({ conv, form, entries, messages, members, lastMessageAt }) => (
          <li key={conv} data-testid="server-conversation">
            <span className="server-words">
              <bdi>
                {titleOf(conv) ?? say(`server.form.${form === 'direct' && members === 1 ? 'self' : form}`)}
              </bdi>
              <small>
                {[
                  say('server.conversation', { messages, entries, members }),
                  ...(lastMessageAt === null
                    ? []
                    : [say('server.lastMessage', { time: moment(lastMessageAt) })]),
                ].join(' · ')}
              </small>
              <small className="mono" dir="ltr">
                {conv}
              </small>
            </span>
          </li>
        ))}
      </ul>
      <More page={answer.value} nothing={say('server.noConversations')} onMore={() => setCount(count + 1)} />
    </div>
  );
}
