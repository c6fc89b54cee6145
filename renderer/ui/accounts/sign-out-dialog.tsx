import type { AccountSummary } from '@matchbook/protocol/bridge/views';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import { Dialog, DialogActions } from '../base/dialog.tsx';
import { Field } from '../onboarding/field.tsx';
import { useStatus } from '../use-status.ts';
import { useMatchbook } from '../use-store.ts';

/** Signing out, with or without what was said: the one can be undone by signing in again, the other cannot. */
export function SignOutDialog({ account, onClose }: { account: AccountSummary; onClose: () => void }) {
  const store = useMatchbook();
  const { say, failure } = useWords();
  const [error, setError] = useState<string | null>(null);
  const [working, setWorking] = useState(false);
  const signedOut = account.standing === 'signed-out';
  const waiting = useStore(store.waiting.state, ({ counts }) => counts[account.account]?.waiting ?? 0);
  const [typed, setTyped] = useState('');
  /** Who only presses Enter loses nothing; where there is no such button, the first that there is. */
  const safe = useRef<HTMLButtonElement>(null);
  // What waits is given up only by who says so by name.
  const named = waiting === 0 || typed.trim() === account.name.trim();
  useEffect(() => void store.waiting.changed(account.account), [store, account.account]);
  const go = async (keep: boolean) => {
    setWorking(true);
    const answer = await store.accounts.signOut(account.account, keep, !keep && waiting > 0);
    setWorking(false);
    if (answer.ok) onClose();
    else setError(failure(answer.failure));
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('signout.title', { name: account.name, server: account.serverName })}
      description={say(account.embedded ? 'signout.leadEmbedded' : 'signout.lead')}
      {...(signedOut ? {} : { initialFocus: safe })}
      testId="sign-out-dialog"
    >
      {account.keyed && <p className="fine">{say('signout.keys')}</p>}
      {waiting > 0 && <Unsent account={account} waiting={waiting} typed={typed} onType={setTyped} />}
      {error !== null && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      <DialogActions>
        <button
          type="button"
          className="button danger"
          disabled={working || !named}
          data-testid="sign-out-remove"
          onClick={() => void go(false)}
        >
          {say('signout.remove')}
        </button>
        {!signedOut && (
          <button
            ref={safe}
            type="button"
            className="button primary"
            disabled={working}
            data-testid="sign-out-keep"
            onClick={() => void go(true)}
          >
            {say('signout.keep')}
          </button>
        )}
      </DialogActions>
    </Dialog>
  );
}

/** What would be lost, and the three ways out: it goes first, it becomes a file, or it is given up by name. */
function Unsent(props: {
  account: AccountSummary;
  waiting: number;
  typed: string;
  onType: (text: string) => void;
}) {
  const { account, waiting, typed, onType } = props;
  const store = useMatchbook();
  const { say, failure } = useWords();
  const [told, setTold] = useState<{ text: string; bad: boolean } | null>(null);
  const [sending, setSending] = useState(false);
  const { text } = useStatus(account);
  const exporting = async () => {
    const answer = await store.accounts.exportUnsent(account.account);
    if (!answer.ok) setTold({ text: failure(answer.failure), bad: true });
    else if (answer.value.files[0])
      setTold({ text: say('signout.exported', { file: answer.value.files[0] }), bad: false });
  };
  return (
    <section
      className="unsent"
      aria-label={say('signout.unsentTitle', { count: waiting })}
      data-testid="unsent"
    >
      <h3>{say('signout.unsentTitle', { count: waiting })}</h3>
      <p className="fine">{say('signout.unsentLead')}</p>
      <div className="card-actions">
        <button
          type="button"
          className="button small"
          data-testid="unsent-send"
          onClick={() => {
            setSending(true);
            void store.accounts.reconnect(account.account);
          }}
        >
          {say('signout.sendFirst')}
        </button>
        <button
          type="button"
          className="button small"
          data-testid="unsent-export"
          onClick={() => void exporting()}
        >
          {say('signout.export')}
        </button>
      </div>
      {sending && (
        <p className="fine" data-testid="unsent-status">
          {text}
        </p>
      )}
      {told && (
        <p className={told.bad ? 'error' : 'fine'} role="status">
          {told.text}
        </p>
      )}
      <Field
        label={say('signout.discard', { name: account.name })}
        error={null}
        testId="unsent-name"
        autoComplete="off"
        value={typed}
        onChange={(event) => onType(event.target.value)}
      />
    </section>
  );
}
