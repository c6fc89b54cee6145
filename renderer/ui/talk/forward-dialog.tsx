import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { AccountSummary } from '@matchbook/protocol/bridge/views';
import { CircleAlert } from 'lucide-react';
import { useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import type { PassedOn } from '../../store/talk.ts';
import { Dialog, DialogActions } from '../base/dialog.tsx';
import { COMPOSER_ID } from '../composer/focus-composer.ts';
import { ConversationAvatar } from '../people/conversation-avatar.tsx';
import { foldedName } from '../people/folded-name.ts';
import { otherName } from '../people.ts';
import { useKnown, useMatchbook } from '../use-store.ts';

/** Conversations that one message goes on to at once. */
const MOST = 20;

/** To whom the chosen messages are passed on: one conversation or several. */
export function ForwardDialog({
  account,
  nameOf,
}: {
  account: AccountSummary;
  nameOf: (user: string) => string;
}) {
  const store = useMatchbook();
  const words = useWords();
  const { say } = words;
  const rows = useStore(store.talk.state, (state) => state.forwarding);
  const conversations = useKnown((state) => state.conversations[account.account]) ?? [];
  const [wanted, setWanted] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  /** What was not taken, until it is tried again. */
  const [left, setLeft] = useState<readonly (PassedOn & { failure: LocalFailure })[]>([]);
  const [busy, setBusy] = useState(false);
  /** Where it went, also at an earlier try. */
  const [went, setWent] = useState<readonly string[]>([]);
  /** What led here, the bar of those that are chosen, is gone with them. */
  const gone = useRef(false);
  if (!rows) return null;
  const close = () => {
    setChosen(new Set());
    setWanted('');
    setLeft([]);
    setWent([]);
    store.talk.forward(null);
  };
  const named = conversations
    .filter(({ member }) => member)
    .map((row) => ({
      row,
      conv: row.conv,
      title: row.self
        ? say('app.selfTitle')
        : (row.name ?? otherName(row, account.user, say('app.between')) ?? say('app.someone')),
    }));
  const titleOf = (conv: string) => named.find((one) => one.conv === conv)?.title ?? say('app.someone');
  const shown = named.filter(({ title }) => foldedName(title).includes(foldedName(wanted.trim())));
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
    const failed = await store.talk.passOn(account.account, to, nameOf);
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
        {shown.map(({ row, conv, title }, i) => (
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
              <ConversationAvatar row={row} user={account.user} />
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
