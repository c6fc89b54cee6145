import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import { CircleAlert } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import type { WordId } from '../../i18n/english.ts';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { otherName } from '../people.ts';
import { useMembership } from '../timeline/row-host.ts';
import { useKnown, useMatchbook } from '../use-store.ts';
import { AbsentRow, CompactRow } from './compact-row.tsx';
import { stillPinned } from './row-words.ts';
import { useAsked } from './use-asked.ts';

export interface ListProps {
  address: Address;
  /** Id of the reader. */
  user: string;
  nameOf: (user: string) => string;
  leadTo: (n: number) => void;
}

/** An answer in words: on its way, failed, empty, or shown. */
export function Answered<T>(props: {
  answer: Outcome<T> | null;
  empty: (value: T) => boolean;
  none: WordId;
  children: (value: T) => ReactNode;
}) {
  const { answer, empty, none, children } = props;
  const words = useWords();
  if (answer === null) return <p className="fine appears-late">{words.say('shelf.loading')}</p>;
  if (!answer.ok)
    return (
      <p className="error" role="alert">
        <CircleAlert size={15} aria-hidden="true" />
        {words.failure(answer.failure)}
      </p>
    );
  return empty(answer.value) ? <p className="shelf-none">{words.say(none)}</p> : children(answer.value);
}

export function PinnedList({ address, user, nameOf, leadTo }: ListProps) {
  const store = useMatchbook();
  const { say } = useWords();
  const member = useMembership();
  const timeline = useKnown((state) => state.timeline);
  const answer = useAsked(() => store.talk.pinned(address), timeline);
  return (
    <Answered
      answer={answer}
      empty={({ rows, absent }) => stillPinned(rows, user).length + absent.length === 0}
      none="shelf.pinnedNone"
    >
      {({ rows, absent }) => (
        <ul className="compact-list">
          {stillPinned(rows, user).map((row) => (
            <CompactRow
              key={row.key}
              account={address.account}
              row={row}
              user={user}
              name={row.own ? say('app.you') : nameOf(row.sender)}
              onOpen={() => leadTo(row.n!)}
              onLook={(hash) => store.files.look({ address, n: row.n, key: null, hash })}
            >
              {member && (
                <button
                  type="button"
                  className="button small"
                  onClick={() => void store.told(store.talk.pin(address, row, false))}
                >
                  {say('shelf.unpin')}
                </button>
              )}
            </CompactRow>
          ))}
          {absent.map((n) => (
            <AbsentRow key={n} onOpen={() => leadTo(n)} />
          ))}
        </ul>
      )}
    </Answered>
  );
}

/** Of all conversations of the account. */
export function SavedList({ address, user, nameOf }: ListProps) {
  const store = useMatchbook();
  const { say } = useWords();
  const { account } = address;
  const conversations = useKnown((state) => state.conversations[account]) ?? [];
  const timeline = useKnown((state) => state.timeline);
  const [came, setCame] = useState(0);
  const again = useMemo(() => ({ timeline, came }), [timeline, came]);
  const answer = useAsked(() => store.talk.saved(account), again);
  // What is fetched may be of a conversation that is not shown.
  const fetched = [...new Set(answer?.ok ? answer.value.absent.map(({ conv }) => conv) : [])].join(' ');
  useEffect(() => {
    if (fetched === '') return;
    return store.talk.whenRowsChange(account, fetched.split(' '), () => setCame((count) => count + 1));
  }, [store, account, fetched]);
  const placeOf = (conv: string) => {
    const where = conversations.find((one) => one.conv === conv);
    return where?.self
      ? say('app.selfTitle')
      : (where && (where.name ?? otherName(where, user, say))) || say('app.someone');
  };
  return (
    <Answered
      answer={answer}
      empty={({ messages, absent }) => messages.length + absent.length === 0}
      none="shelf.savedNone"
    >
      {({ messages, absent }) => (
        <ul className="compact-list">
          {messages.map(({ conv, row }) => {
            const where = conversations.find((one) => one.conv === conv);
            const sender = where?.members.find((member) => member.user === row.sender)?.name;
            return (
              <CompactRow
                key={`${conv}/${row.key}`}
                account={account}
                row={row}
                user={user}
                name={row.own ? say('app.you') : (sender ?? nameOf(row.sender))}
                place={placeOf(conv)}
                onOpen={() => store.navigation.jumpTo({ account, conv }, row.n!)}
              >
                <button
                  type="button"
                  className="button small"
                  onClick={() => void store.told(store.talk.keep({ account, conv }, row.n!, false))}
                >
                  {say('shelf.letGo')}
                </button>
              </CompactRow>
            );
          })}
          {absent.map(({ conv, n }) => (
            <AbsentRow
              key={`${conv}/${n}`}
              place={placeOf(conv)}
              onOpen={() => store.navigation.jumpTo({ account, conv }, n)}
            />
          ))}
        </ul>
      )}
    </Answered>
  );
}
