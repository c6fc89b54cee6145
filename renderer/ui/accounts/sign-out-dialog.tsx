import type { AccountSummary } from '@matchbook/protocol/bridge/views';
import { useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Dialog, DialogActions } from '../base/dialog.tsx';
import { useMatchbook } from '../use-store.ts';

/** Signing out, with or without what was said: the one can be undone by signing in again, the other cannot. */
export function SignOutDialog({ account, onClose }: { account: AccountSummary; onClose: () => void }) {
  const store = useMatchbook();
  const { say, failure } = useWords();
  const [error, setError] = useState<string | null>(null);
  const [working, setWorking] = useState(false);
  const signedOut = account.standing === 'signed-out';
  const go = async (keep: boolean) => {
    setWorking(true);
    const answer = await store.accounts.signOut(account.account, keep);
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
      testId="sign-out-dialog"
    >
      {account.keyed && <p className="fine">{say('signout.keys')}</p>}
      <p className="fine">{say('signout.waiting')}</p>
      {error !== null && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      <DialogActions>
        <button
          type="button"
          className="button danger"
          disabled={working}
          data-testid="sign-out-remove"
          onClick={() => void go(false)}
        >
          {say('signout.remove')}
        </button>
        {!signedOut && (
          <button
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
