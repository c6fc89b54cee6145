import { useEffect, useRef, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { useKnown, useMatchbook } from '../use-store.ts';

/** An invitation was opened while somebody is signed in: says where it leads, and that this window keeps its account. */
export function OpenedInvitation() {
  const store = useMatchbook();
  const invitation = useKnown((state) => state.invitation);
  return invitation ? (
    <Opened key={invitation} invitation={invitation} onClose={() => store.closeInvitation()} />
  ) : null;
}

function Opened({ invitation, onClose }: { invitation: string; onClose: () => void }) {
  const store = useMatchbook();
  const { say, failure } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const [said, setSaid] = useState<{ title: string; text: string } | null>(null);
  useEffect(() => {
    const shown = dialog.current;
    if (shown && !shown.open) shown.showModal();
    let current = true;
    void store.preview(invitation).then((answer) => {
      if (!current) return;
      setSaid(
        answer.ok
          ? {
              title: say('join.preview', { inviter: answer.value.inviter, server: answer.value.server }),
              text: say('join.already', { server: answer.value.server }),
            }
          : { title: say('join.title'), text: failure(answer.failure) },
      );
    });
    return () => {
      current = false;
    };
  }, [store, invitation, say, failure]);
  return (
    <dialog ref={dialog} className="dialog" onClose={onClose} aria-labelledby="opened-title">
      <div className="card">
        <div className="card-text">
          <h2 id="opened-title">{said?.title ?? say('join.checking')}</h2>
          <p>{said?.text}</p>
          <div className="card-actions">
            <button type="button" className="button primary" onClick={onClose}>
              {say('join.close')}
            </button>
          </div>
        </div>
      </div>
    </dialog>
  );
}
