import type { InvitationView } from '@matchbook/protocol/bridge/views';
import { useEffect, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Dialog } from '../base/dialog.tsx';
import { previewTitle } from '../people/preview-title.ts';
import { useKnown, useMatchbook } from '../use-store.ts';

/** An invitation was opened while somebody is signed in: says where it leads, and asks who comes in by it. */
export function OpenedInvitation() {
  const store = useMatchbook();
  const invitation = useKnown((state) => state.invitation);
  const adding = useKnown((state) => state.adding);
  return invitation && !adding ? (
    <Opened key={invitation} invitation={invitation} onClose={() => store.closeInvitation()} />
  ) : null;
}

function Opened({ invitation, onClose }: { invitation: string; onClose: () => void }) {
  const store = useMatchbook();
  const words = useWords();
  const { say, failure } = words;
  const accounts = useKnown((state) => state.app?.accounts) ?? [];
  const [view, setView] = useState<InvitationView | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [working, setWorking] = useState(false);
  useEffect(() => {
    let current = true;
    void store.accounts.preview(invitation).then((answer) => {
      if (!current) return;
      if (answer.ok) setView(answer.value);
      else setError(failure(answer.failure));
    });
    return () => {
      current = false;
    };
  }, [store, invitation, failure]);
  const redeem = async (account: string) => {
    setWorking(true);
    const answer = await store.accounts.redeem(account, invitation);
    setWorking(false);
    if (!answer.ok) {
      setError(failure(answer.failure));
      return;
    }
    onClose();
    store.navigation.open({ account, conv: answer.value.conv });
  };
  const here = accounts.filter(({ account }) => view?.accounts.includes(account));
  const title = view ? previewTitle(view, words) : say(error === null ? 'join.checking' : 'join.title');
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      {...(view ? { description: say(here.length > 0 ? 'join.choose' : 'join.adds') } : {})}
      testId="opened-invitation"
    >
      {error !== null && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      {view && (
        <div className="choices">
          {here.map((account) => (
            <button
              key={account.account}
              type="button"
              className="button primary"
              disabled={working}
              data-testid="redeem-as"
              onClick={() => void redeem(account.account)}
            >
              {say('join.as', { name: account.name })}
            </button>
          ))}
          <button
            type="button"
            className={here.length > 0 ? 'button' : 'button primary'}
            disabled={working}
            data-testid="redeem-new"
            onClick={() => store.navigation.addAccount(true)}
          >
            {say('join.new')}
          </button>
        </div>
      )}
    </Dialog>
  );
}
