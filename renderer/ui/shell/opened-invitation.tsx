import type { InvitationView } from '@matchbook/protocol/bridge/views';
import { useEffect, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Avatar } from '../avatar.tsx';
import { Dialog } from '../base/dialog.tsx';
import { previewFace, previewTitle } from '../people/preview-title.ts';
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
  const conversations = useKnown((state) => state.conversations);
  const conv = view?.group?.conv;
  const isIn = (account: string) =>
    conv !== undefined && conversations[account]?.some((row) => row.conv === conv && row.member) === true;
  const here = accounts.filter(({ account }) => view?.accounts.includes(account));
  const inside = here.some(({ account }) => isIn(account));
  const title = view ? previewTitle(view, words) : say(error === null ? 'join.checking' : 'join.title');
  const lead = () => {
    if (view?.own) return say('failure.invitation_own');
    if (inside) return say('join.already');
    return say(here.length > 0 ? 'join.choose' : 'join.adds');
  };
  const enter = (account: string) => {
    if (conv === undefined || !isIn(account)) return void redeem(account);
    onClose();
    store.navigation.open({ account, conv });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      {...(view ? { description: lead() } : {})}
      testId="opened-invitation"
    >
      {error !== null && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      {view && (
        <div className="inviter">
          <Avatar {...previewFace(view)} />
          <p>
            <strong>{view.group?.name ?? view.inviter}</strong>
            <small>{say('join.previewHint', { until: words.moment(view.expires) })}</small>
          </p>
        </div>
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
              onClick={() => enter(account.account)}
            >
              {say(isIn(account.account) ? 'join.open' : 'join.as', { name: account.name })}
            </button>
          ))}
          <button
            type="button"
            className={here.length > 0 || view.own ? 'button' : 'button primary'}
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
