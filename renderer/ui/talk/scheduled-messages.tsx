import { begunOf } from '@matchbook/protocol/bridge/begun-of';
import type { AccountSummary } from '@matchbook/protocol/bridge/views';
import type { ScheduledMessage } from '@matchbook/protocol/http/people';
import { refusalOf } from '@matchbook/protocol/http/refused-later';
import { Paperclip } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import { saidIn } from '../../store/content.ts';
import { focusComposer } from '../composer/focus-composer.ts';
import { otherName } from '../people.ts';
import { useKnown, useMatchbook } from '../use-store.ts';
import { GivenUpNote } from './given-up-note.tsx';
import { Answered } from './lists.tsx';
import { ScheduleDialog } from './schedule-dialog.tsx';
import { useAsked } from './use-asked.ts';

/** After its time a message is looked for again so soon, and again while it is still there, ms. */
const AFTER_DUE = 2_000;
/** A timer's longest, ms: far times are looked at anew. */
const LONGEST = 3_600_000;
/** While somebody looks at the list: another device may have changed it, ms. */
const ELSEWHERE = 20_000;

/** What the server is to send later, of all conversations of the account. */
export function ScheduledMessages({ account }: { account: AccountSummary }) {
  const store = useMatchbook();
  const words = useWords();
  const { say } = words;
  const conversations = useKnown((state) => state.conversations[account.account]) ?? [];
  const [asked, setAsked] = useState(0);
  const [changing, setChanging] = useState<ScheduledMessage | null>(null);
  /** Other words for the message of this id, given up just now. */
  const [givenUp, setGivenUp] = useState<{ id: string; text: string } | null>(null);
  const changes = useStore(store.scheduling.state, (state) => state.changes);
  const answer = useAsked(() => store.scheduling.list(account.account), `${asked} ${changes}`);
  const [going, setGoing] = useState<ReadonlySet<string>>(new Set());
  // What is sent meanwhile leaves the list, and what was refused at its time says so.
  useEffect(() => {
    const waiting = answer?.ok ? answer.value.filter(({ refused }) => refused === null) : [];
    if (waiting.length === 0) return;
    const next = Math.min(...waiting.map(({ due }) => due));
    const wait = Math.min(Math.max(0, next - Date.now()) + AFTER_DUE, LONGEST);
    const timer = setTimeout(() => setAsked((count) => count + 1), wait);
    return () => clearTimeout(timer);
  }, [answer]);
  // Who was at another device comes back to the window: what was done there is in the list before anything is done about it here.
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible') setAsked((count) => count + 1);
    };
    const timer = setInterval(look, ELSEWHERE);
    window.addEventListener('focus', look);
    return () => {
      clearInterval(timer);
      window.removeEventListener('focus', look);
    };
  }, []);
  const titleOf = (conv: string) => {
    const row = conversations.find((one) => one.conv === conv);
    if (row?.self) return say('app.selfTitle');
    return (row && (row.name ?? otherName(row, account.user, say))) ?? say('app.someone');
  };
  const everyoneIn = (conv: string) =>
    conversations.find((one) => one.conv === conv)?.form === 'group' ? say('complete.everyone') : null;
  const cancel = async (message: ScheduledMessage) => {
    await store.told(store.scheduling.cancel(account.account, message.id));
  };
  const sendNow = async (message: ScheduledMessage, text: string) => {
    const changed = store.scheduling.change(account.account, message, text, 0, everyoneIn(message.conv));
    await store.told(changed);
    if ((await changed).ok) setGoing((before) => new Set(before).add(message.id));
  };
  /** Where it was changed on another device meanwhile that is told, and shown behind the dialog; who keeps to their words takes its place. */
  const change = async (message: ScheduledMessage, text: string, due: number) => {
    const { id, conv } = message;
    const changed = await store.scheduling.change(account.account, message, text, due, everyoneIn(conv));
    if (changed.ok || changed.failure.kind !== 'conflict') return changed;
    const present = await store.scheduling.list(account.account);
    const now = present.ok ? present.value.find((one) => one.id === id) : undefined;
    if (now) setChanging((before) => before && now);
    return changed;
  };
  /** Before what stands in that composer; once it is kept there, the server may forget it. */
  const toDraft = (message: ScheduledMessage, text: string) => {
    const address = { account: account.account, conv: message.conv };
    const keeper = store.sending.draft(address);
    const { text: now } = keeper.state.getState();
    keeper.edit(now === '' ? text : `${text}\n${now}`);
    // Its files stay there until it is put away.
    if (!saidIn(message.body)?.files.length) void keeper.flush().then(() => cancel(message));
    store.navigation.open(address);
    focusComposer();
  };
  const shown = (messages: readonly ScheduledMessage[]) =>
    messages.filter(({ id, refused }) => refused !== null || !going.has(id));
  return (
    <Answered answer={answer} empty={(messages) => shown(messages).length === 0} none="shelf.scheduledNone">
      {(messages) => (
        <>
          <ul className="compact-list">
            {shown(messages).map((message) => {
              const { text, files } = saidIn(message.body) ?? { text: '', files: [] };
              const when = words.moment(message.due);
              return (
                <li key={message.id} className="compact" data-testid="scheduled-row">
                  <div className="compact-open">
                    <span className="compact-head">
                      <bdi className="quote-who">{titleOf(message.conv)}</bdi>
                    </span>
                    {text !== '' && (
                      <span className="compact-text" dir="auto">
                        {text}
                      </span>
                    )}
                    {files.length > 0 && (
                      <span className="compact-files" data-testid="scheduled-files">
                        <Paperclip size={13} aria-hidden="true" />
                        <bdi>
                          {files.length === 1 ? files[0]!.name : say('files.many', { count: files.length })}
                        </bdi>
                      </span>
                    )}
                    <span className={message.refused === null ? 'fine' : 'error'}>
                      {message.refused === null
                        ? say(message.silent ? 'schedule.dueSilent' : 'schedule.due', { time: when })
                        : say('schedule.refused', { reason: words.failure(refusalOf(message.refused)) })}
                    </span>
                  </div>
                  {givenUp?.id === message.id && (
                    <GivenUpNote
                      focus={false}
                      onEditOn={() => {
                        const address = { account: account.account, conv: message.conv };
                        const key = begunOf('scheduled', message.id);
                        store.begun.type(address, { key, n: null }, givenUp.text);
                        setGivenUp(null);
                        setChanging(message);
                      }}
                    />
                  )}
                  <div className="compact-actions">
                    {message.refused !== null && text !== '' && (
                      <button
                        type="button"
                        className="button small"
                        data-testid="scheduled-to-draft"
                        onClick={() => toDraft(message, text)}
                      >
                        {say('schedule.toDraft')}
                      </button>
                    )}
                    {message.refused === null && (
                      <button
                        type="button"
                        className="button small"
                        data-testid="scheduled-now"
                        onClick={() => void sendNow(message, text)}
                      >
                        {say('schedule.now')}
                      </button>
                    )}
                    {message.refused === null && (
                      <button
                        type="button"
                        className="button small"
                        data-testid="scheduled-edit"
                        onClick={() => {
                          setGivenUp(null);
                          setChanging(message);
                        }}
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
                      {say(message.refused === null ? 'schedule.cancel' : 'shelf.letGo')}
                    </button>
                  </div>
                </li>
              );
            })}
          </ul>
          {changing && (
            <ScheduleDialog
              due={changing.due}
              account={account.account}
              changes={{ id: changing.id, conv: changing.conv }}
              files={saidIn(changing.body)?.files.length ?? 0}
              silent={changing.silent}
              text={saidIn(changing.body)?.text ?? ''}
              onSchedule={(due, _silent, text) => change(changing, text, due)}
              onClose={(_scheduled, text) => {
                setGivenUp(text == null ? null : { id: changing.id, text });
                setChanging(null);
              }}
            />
          )}
        </>
      )}
    </Answered>
  );
}
