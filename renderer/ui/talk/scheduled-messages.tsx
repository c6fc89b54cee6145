import type { AccountSummary } from '@matchbook/protocol/bridge/views';
import type { ScheduledMessage } from '@matchbook/protocol/http/people';
import { useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { saidIn } from '../../store/content.ts';
import { otherName } from '../people.ts';
import { useKnown, useMatchbook } from '../use-store.ts';
import { Answered } from './lists.tsx';
import { ScheduleDialog } from './schedule-dialog.tsx';
import { useAsked } from './use-asked.ts';

/** What the server is to send later, of all conversations of the account. */
export function ScheduledMessages({ account }: { account: AccountSummary }) {
  const store = useMatchbook();
  const words = useWords();
  const { say } = words;
  const conversations = useKnown((state) => state.conversations[account.account]) ?? [];
  const [asked, setAsked] = useState(0);
  const [changing, setChanging] = useState<ScheduledMessage | null>(null);
  const answer = useAsked(() => store.scheduling.list(account.account), asked);
  const again = () => setAsked((count) => count + 1);
  const titleOf = (conv: string) => {
    const row = conversations.find((one) => one.conv === conv);
    if (row?.self) return say('app.selfTitle');
    return (row && (row.name ?? otherName(row, account.user))) ?? say('app.someone');
  };
  const cancel = async (message: ScheduledMessage) => {
    await store.told(store.scheduling.cancel(account.account, message.id));
    again();
  };
  return (
    <Answered answer={answer} empty={(messages) => messages.length === 0} none="shelf.scheduledNone">
      {(messages) => (
        <>
          <ul className="compact-list">
            {messages.map((message) => {
              const text = saidIn(message.body)?.text ?? '';
              const when = words.moment(message.due);
              return (
                <li key={message.id} className="compact" data-testid="scheduled-row">
                  <div className="compact-open">
                    <span className="compact-head">
                      <bdi className="quote-who">{titleOf(message.conv)}</bdi>
                    </span>
                    <span className="compact-text" dir="auto">
                      {text}
                    </span>
                    <span className={message.refused === null ? 'fine' : 'error'}>
                      {message.refused === null
                        ? say(message.silent ? 'schedule.dueSilent' : 'schedule.due', { time: when })
                        : say('schedule.refused', { reason: message.refused })}
                    </span>
                  </div>
                  <div className="compact-actions">
                    {message.refused === null && (
                      <button
                        type="button"
                        className="button small"
                        data-testid="scheduled-edit"
                        onClick={() => setChanging(message)}
                      >
                        {say('schedule.edit')}
                      </button>
                    )}
                    <button
                      type="button"
                      className="button small"
                      data-testid="scheduled-cancel"
                      onClick={() => void cancel(message)}
                    >
                      {say('schedule.cancel')}
                    </button>
                  </div>
                </li>
              );
            })}
          </ul>
          {changing && (
            <ScheduleDialog
              due={changing.due}
              silent={changing.silent}
              text={saidIn(changing.body)?.text ?? ''}
              onSchedule={(due, _silent, text) =>
                store.scheduling.change(account.account, changing, text, due)
              }
              onClose={() => {
                setChanging(null);
                again();
              }}
            />
          )}
        </>
      )}
    </Answered>
  );
}
