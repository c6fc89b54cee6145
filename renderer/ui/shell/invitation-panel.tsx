import { RotateCw, UserPlus, X } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Dialog } from '../base/dialog.tsx';
import { CopyButton } from '../copy-button.tsx';
import { useMatchbook } from '../use-store.ts';

type Made =
  | { kind: 'making' }
  | { kind: 'made'; link: string; expires: number }
  | { kind: 'failed'; text: string };

/** A link to send to one person. Made when it is first shown. */
function InvitationLink({ account }: { account: string }) {
  const store = useMatchbook();
  const { say, failure, moment } = useWords();
  const [made, setMade] = useState<Made>({ kind: 'making' });
  const make = useCallback(async () => {
    setMade({ kind: 'making' });
    const answer = await store.accounts.invitation(account);
    setMade(
      answer.ok ? { kind: 'made', ...answer.value } : { kind: 'failed', text: failure(answer.failure) },
    );
  }, [store, account, failure]);
  const asked = useRef(false);
  useEffect(() => {
    // Each question makes an invitation on the server: once, also where effects run twice.
    if (asked.current) return;
    asked.current = true;
    void make();
  }, [make]);
  const link = made.kind === 'made' ? made.link : null;
  return (
    <>
      <div className="invitation">
        <input
          className="mono"
          readOnly
          dir="ltr"
          data-testid="invitation-link"
          aria-label={say('invite.title')}
          value={link ?? ''}
          placeholder={made.kind === 'making' ? say('invite.making') : ''}
          onFocus={(event) => event.currentTarget.select()}
        />
        {made.kind === 'failed' ? (
          <button type="button" className="button" onClick={() => void make()}>
            <RotateCw size={16} aria-hidden="true" />
            {say('invite.again')}
          </button>
        ) : (
          <CopyButton
            text={link}
            label={say('invite.copy')}
            copied={say('invite.copied')}
            testId="invitation-copy"
            primary
          />
        )}
      </div>
      <p className={made.kind === 'failed' ? 'error' : 'fine'} aria-live="polite">
        {made.kind === 'made' && say('invite.expires', { until: moment(made.expires) })}
        {made.kind === 'failed' && made.text}
      </p>
    </>
  );
}

/** The first thing to do where nobody else is there yet. */
export function InvitationPanel({ account, onClose }: { account: string; onClose: () => void }) {
  const { say } = useWords();
  return (
    <section className="card" aria-labelledby="invitation-title">
      <UserPlus size={20} aria-hidden="true" className="card-icon" />
      <div className="card-text">
        <h2 id="invitation-title">{say('invite.title')}</h2>
        <p>{say('invite.lead')}</p>
        <InvitationLink account={account} />
      </div>
      <button type="button" className="button icon quiet" aria-label={say('invite.close')} onClick={onClose}>
        <X size={16} aria-hidden="true" />
      </button>
    </section>
  );
}

export function InvitationDialog({ account, onClose }: { account: string; onClose: () => void }) {
  const { say } = useWords();
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('invite.title')}
      description={say('invite.lead')}
      testId="invitation-dialog"
    >
      <InvitationLink account={account} />
    </Dialog>
  );
}
