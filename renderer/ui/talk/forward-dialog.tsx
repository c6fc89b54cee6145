import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { AccountSummary } from '@matchbook/protocol/bridge/views';
import { CircleAlert } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import { Dialog, DialogActions } from '../base/dialog.tsx';
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
  const [failure, setFailure] = useState<LocalFailure | null>(null);
  const [busy, setBusy] = useState(false);
  if (!rows) return null;
  const close = () => {
    setChosen(new Set());
    setWanted('');
    setFailure(null);
    store.talk.forward(null);
  };
  const named = conversations
    .filter(({ member }) => member)
    .map((row) => ({
      conv: row.conv,
      title: row.self
        ? say('app.selfTitle')
        : (row.name ?? otherName(row, account.user) ?? say('app.someone')),
    }));
  const shown = named.filter(({ title }) =>
    title.toLocaleLowerCase().includes(wanted.trim().toLocaleLowerCase()),
  );
  const send = async () => {
    setBusy(true);
    const answer = await store.talk.passOn(account.account, [...chosen], rows, nameOf);
    setBusy(false);
    if (!answer.ok) return setFailure(answer.failure);
    store.talk.chooseNone();
    const [only] = chosen.size === 1 ? [...chosen] : [];
    close();
    if (only !== undefined && !store.navigation.alone)
      store.navigation.open({ account: account.account, conv: only });
  };
  return (
    <Dialog open onClose={close} title={say('forward.title', { count: rows.length })} testId="forward-dialog">
      <input
        className="talk-field"
        type="search"
        data-testid="forward-search"
        aria-label={say('forward.search')}
        placeholder={say('forward.search')}
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
      />
      <ul className="forward-list">
        {shown.map(({ conv, title }) => (
          <li key={conv}>
            <label className="forward-row">
              <input
                type="checkbox"
                data-testid="forward-to"
                data-conv={conv}
                checked={chosen.has(conv)}
                disabled={!chosen.has(conv) && chosen.size >= MOST}
                onChange={(event) => {
                  const next = new Set(chosen);
                  if (event.target.checked) next.add(conv);
                  else next.delete(conv);
                  setChosen(next);
                }}
              />
              <bdi>{title}</bdi>
            </label>
          </li>
        ))}
        {shown.length === 0 && <li className="fine">{say('forward.none')}</li>}
      </ul>
      {failure && (
        <p className="error" role="alert">
          <CircleAlert size={15} aria-hidden="true" />
          {words.failure(failure)}
        </p>
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
          {say('forward.send', { count: chosen.size })}
        </button>
      </DialogActions>
    </Dialog>
  );
}
