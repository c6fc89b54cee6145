import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { AccountSummary, ConversationRow, TimelineRow } from '@matchbook/protocol/bridge/views';
import { directConversationId } from '@matchbook/protocol/ids';
import { CircleAlert } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import type { PassedOn } from '../../store/talk.ts';
import { Avatar } from '../avatar.tsx';
import { Dialog, DialogActions } from '../base/dialog.tsx';
import { COMPOSER_ID } from '../composer/focus-composer.ts';
import { ConversationAvatar } from '../people/conversation-avatar.tsx';
import { foldedName } from '../people/folded-name.ts';
import { useEverybody } from '../people/use-people.ts';
import { otherName } from '../people.ts';
import { useKnown, useMatchbook } from '../use-store.ts';

/** Conversations that one message goes on to at once. */
const MOST = 20;
/** People without a conversation that are listed; the others are found by typing. */
const STRANGERS = 50;

const NO_ROWS: readonly ConversationRow[] = [];

type NotTaken = PassedOn & { failure: LocalFailure };

interface Recipient {
  conv: string;
  title: string;
  /** Null: there is none yet, it is made for `user`. */
  row: ConversationRow | null;
  user: string;
}

export interface ForwardProps {
  account: AccountSummary;
  nameOf: (user: string) => string;
}

/** To whom the chosen messages are passed on: conversations, and people with whom there is none yet. What was chosen, and what was not taken, is of these messages alone. */
export default function ForwardDialog({
  account,
  nameOf,
  rows,
}: ForwardProps & { rows: readonly TimelineRow[] }) {
  const store = useMatchbook();
  const words = useWords();
  const { say, compare } = words;
  const conversations = useKnown((state) => state.conversations[account.account]) ?? NO_ROWS;
  const everybody = useEverybody(account.account);
  const strangers = useMemo((): Recipient[] => {
    const there = new Set(conversations.map(({ conv }) => conv));
    return [...everybody.values()]
      .filter(({ blocked }) => !blocked)
      .map(({ user, name }) => ({
        ...{ conv: directConversationId(account.user, user), title: name },
        ...{ row: null, user },
      }))
      .filter(({ conv }) => !there.has(conv))
      .sort((one, other) => compare(one.title, other.title));
  }, [everybody, conversations, account.user, compare]);
  const [wanted, setWanted] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  /** What was not taken, until it is tried again. */
  const [left, setLeft] = useState<readonly NotTaken[]>([]);
  const [busy, setBusy] = useState(false);
  /** Where it went, also at an earlier try. */
  const [went, setWent] = useState<readonly string[]>([]);
  /** What led here, the bar of those that are chosen, is gone with them. */
  const gone = useRef(false);
  const shownStill = useRef(true);
  useEffect(() => {
    shownStill.current = true;
    return () => {
      shownStill.current = false;
    };
  }, []);
  const close = () => store.talk.forward(null);
  const named = conversations
    .filter(({ member }) => member)
    .map(
      (row): Recipient => ({
        ...{ row, conv: row.conv, user: '' },
        title: row.self
          ? say('app.selfTitle')
          : (row.name ?? otherName(row, account.user, say) ?? say('app.someone')),
      }),
    );
  const listed = [...named, ...strangers];
  const titleOf = (conv: string) => listed.find((one) => one.conv === conv)?.title ?? say('app.someone');
  const like = ({ title }: Recipient) => foldedName(title).includes(foldedName(wanted.trim()));
  // Who is chosen stays in sight.
  const others = strangers.filter(like);
  const shown = [...named.filter(like), ...others.filter(({ conv }, i) => i < STRANGERS || chosen.has(conv))];
  /** Chosen, or not any more. False where there are as many as may be. */
  const turn = (conv: string): boolean => {
    if (!chosen.has(conv) && chosen.size >= MOST) return false;
    const next = new Set(chosen);
    if (!next.delete(conv)) next.add(conv);
    setChosen(next);
    return true;
  };
  const send = async () => {
    setBusy(true);
    gone.current = false;
    const to = [...chosen].map((conv) => left.find((one) => one.conv === conv) ?? { conv, rows });
    // A conversation that is not there is made first; where that fails nothing is sent into it.
    const unmade: NotTaken[] = [];
    for (const one of to) {
      const stranger = strangers.find(({ conv }) => conv === one.conv);
      const made = stranger && (await store.groups.direct(account.account, stranger.user));
      if (made?.ok === false) unmade.push({ ...one, failure: made.failure });
    }
    const there = to.filter(({ conv }) => !unmade.some((one) => one.conv === conv));
    const failed = [...unmade, ...(await store.talk.passOn(account.account, there, nameOf))];
    if (!shownStill.current) {
      // Closed meanwhile: what went is gone, and what was not taken is told where it can be.
      const [first] = failed;
      return first && store.told(Promise.resolve({ ok: false, failure: first.failure }));
    }
    setBusy(false);
    setLeft(failed);
    // What went is not sent again.
    const taken = [...went, ...[...chosen].filter((conv) => !failed.some((one) => one.conv === conv))];
    setWent(taken);
    if (failed.length > 0) return setChosen(new Set(failed.map(({ conv }) => conv)));
    gone.current = store.talk.state.getState().selecting !== null;
    store.talk.chooseNone();
    close();
    const [only] = taken;
    if (taken.length === 1 && !store.navigation.alone)
      store.navigation.open({ account: account.account, conv: only! });
    else store.talk.tellPassed(rows.length, taken.map(titleOf));
  };
  return (
    <Dialog
      open
      onClose={close}
      title={say('forward.title', { count: rows.length })}
      focusAfter={() => (gone.current ? document.getElementById(COMPOSER_ID) : null)}
      testId="forward-dialog"
    >
      <input
        className="talk-field"
        type="search"
        data-testid="forward-search"
        aria-label={say('forward.search')}
        placeholder={say('forward.search')}
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
          event.preventDefault();
          // By name one after the other, and on they go.
          if (wanted.trim() === '') return void (chosen.size > 0 && !busy && send());
          if (shown[0] && turn(shown[0].conv)) setWanted('');
        }}
      />
      <ul className="forward-list">
        {shown.map(({ row, conv, title, user }, i) => (
          <li key={conv}>
            {/* Whom Enter takes is seen before. */}
            <label className={i === 0 && wanted.trim() !== '' ? 'forward-row aimed' : 'forward-row'}>
              <input
                type="checkbox"
                data-testid="forward-to"
                data-conv={conv}
                checked={chosen.has(conv)}
                disabled={!chosen.has(conv) && chosen.size >= MOST}
                onChange={() => turn(conv)}
              />
              {row ? (
                <ConversationAvatar row={row} user={account.user} />
              ) : (
                <Avatar id={user} name={title} account={account.account} />
              )}
              <bdi>{title}</bdi>
            </label>
          </li>
        ))}
        {shown.length === 0 && <li className="fine">{say('forward.none')}</li>}
      </ul>
      {chosen.size >= MOST && (
        <p className="fine" role="status" data-testid="forward-most">
          {say('forward.most', { count: MOST })}
        </p>
      )}
      {left.length > 0 && (
        <div className="error" role="alert" data-testid="forward-failed">
          <CircleAlert size={15} aria-hidden="true" />
          <ul className="forward-failed">
            {left.map(({ conv, failure }) => (
              <li key={conv}>
                {say('forward.failed', {
                  title: titleOf(conv),
                  reason: words.failure(failure),
                })}
              </li>
            ))}
          </ul>
        </div>
      )}
      <DialogActions>
        <button type="button" className="button" onClick={close}>
          {say('base.cancel')}
        </button>
        <button
          type="button"
          className="button primary"
          data-testid="forward-send"
          disabled={chosen.size === 0 || busy}
          onClick={() => void send()}
        >
          {say(left.length > 0 ? 'forward.again' : 'forward.send', { count: chosen.size })}
        </button>
      </DialogActions>
    </Dialog>
  );
}
