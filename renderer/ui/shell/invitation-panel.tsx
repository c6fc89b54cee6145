import type { EmbeddedView } from '@matchbook/protocol/bridge/embedded';
import { LoaderCircle, RotateCw, UserPlus, X } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Dialog } from '../base/dialog.tsx';
import { CopyButton } from '../copy-button.tsx';
import { useKnown, useMatchbook } from '../use-store.ts';

type Made =
  | { kind: 'making' }
  | { kind: 'made'; link: string; expires: number }
  | { kind: 'failed'; text: string };

/** A link to send to one person, and whom it reaches. */
function InvitationLink({ account }: { account: string }) {
  const here = useKnown(({ app }) => app?.accounts.find((one) => one.account === account)?.embedded ?? false);
  const embedded = useKnown(({ app }) => (here ? (app?.embedded ?? null) : null));
  const lan = embedded?.lan ?? null;
  // They begin anew when others are let in, and answer nothing until then.
  const ready = !here || embedded?.api.state === 'running';
  const reach = lan?.on ? `${lan.address}:${lan.port}` : null;
  return (
    <>
      {/* What leads elsewhere than before is another link. */}
      <Link key={reach} account={account} ready={ready} />
      {lan && <Reach lan={lan} />}
    </>
  );
}

/** Servers of this app are for this computer alone until the person lets others in: said where one would be disappointed. */
function Reach({ lan }: { lan: EmbeddedView['lan'] }) {
  const { accounts } = useMatchbook();
  const { say, failure } = useWords();
  const [working, setWorking] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const letIn = async () => {
    setWorking(true);
    const answer = await accounts.letIn(true, lan.chosen);
    setWorking(false);
    setTrouble(answer.ok ? null : failure(answer.failure));
  };
  if (!lan.on)
    return (
      <div className="reach" data-testid="invitation-reach">
        <p>{say('invite.hereOnly')}</p>
        <button
          type="button"
          className="button"
          data-testid="invitation-let-in"
          disabled={working}
          onClick={() => void letIn()}
        >
          {working && <LoaderCircle size={16} className="spin" aria-hidden="true" />}
          {say('invite.letIn')}
        </button>
        <p className={trouble ? 'error' : 'fine'} aria-live="polite">
          {trouble ?? say('invite.letInHint')}
        </p>
      </div>
    );
  return (
    <div className="reach" data-testid="invitation-reach">
      <p>{lan.address === null ? say('lan.noNetwork') : say('invite.reach', { address: lan.address })}</p>
      {lan.words && (
        <p className="fine">
          {say('invite.words')}{' '}
          <bdi dir="ltr" className="mono">
            {lan.words}
          </bdi>
        </p>
      )}
    </div>
  );
}

/** Made when it is first shown. */
function Link({ account, ready }: { account: string; ready: boolean }) {
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
    if (asked.current || !ready) return;
    asked.current = true;
    void make();
  }, [make, ready]);
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
