import { FOREVER } from '@matchbook/protocol/bridge/choices';
import type { Decision } from '@matchbook/protocol/bridge/notifications';
import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import { useEffect, useState } from 'react';
import { useWords, type Words } from '../../i18n/words.tsx';
import type { PreferenceState } from '../../store/preference-keeper.ts';
import { Dialog, DialogActions } from '../base/dialog.tsx';
import { usePreferences } from '../use-preferences.ts';
import { useMatchbook } from '../use-store.ts';

type Asked = NonNullable<PreferenceState['asked']>;
type Found = { about: Asked } & ({ decision: Decision | null } | { failure: LocalFailure });

/** Why there was a notification about a message, or none, and what to change. */
export function WhyDialog() {
  const { preferences } = useMatchbook();
  const words = useWords();
  const { say, failure, moment } = words;
  const asked = usePreferences((state) => state.asked);
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    if (!asked) return;
    let current = true;
    void preferences.why(asked.address, asked.n).then((answer) => {
      if (!current) return;
      setFound({ about: asked, ...(answer.ok ? { decision: answer.value } : { failure: answer.failure }) });
    });
    return () => {
      current = false;
    };
  }, [preferences, asked]);
  const decision = found && 'decision' in found ? found.decision : null;
  const close = () => preferences.ask(null);
  const rang = decision?.reason === 'shown' || decision?.reason === 'summarised';
  return (
    <Dialog
      // While it goes it still says what it said.
      open={asked !== null && found?.about === asked}
      onClose={close}
      title={say(rang ? 'why.titleShown' : 'why.title')}
      testId="why"
    >
      {found && 'failure' in found && <p className="error">{failure(found.failure)}</p>}
      {found && 'decision' in found && (
        <div className="why" data-testid="why-reason" data-reason={decision?.reason ?? 'unknown'}>
          <p>{reasonWords(decision, words)}</p>
          {decision?.withdrawn && (
            <p className="fine">
              {say(`why.gone.${decision.withdrawn.why}`, { time: moment(decision.withdrawn.at) })}
            </p>
          )}
          {decision && <p className="why-change">{say(`why.change.${decision.reason}`)}</p>}
          {decision && <p className="fine">{say('why.at', { time: moment(decision.at) })}</p>}
        </div>
      )}
      <DialogActions>
        <button
          type="button"
          className="button"
          data-testid="why-settings"
          onClick={() => {
            close();
            preferences.show(true, { room: 'notifications' });
          }}
        >
          {say('why.settings')}
        </button>
        <button type="button" className="button primary" onClick={close}>
          {say('why.done')}
        </button>
      </DialogActions>
    </Dialog>
  );
}

function reasonWords(decision: Decision | null, { say, moment, minutes }: Words): string {
  if (!decision) return say('why.reason.unknown');
  const { reason, facts } = decision;
  const until = Number(facts.until ?? 0);
  switch (reason) {
    case 'muted':
    case 'do-not-disturb':
      return until === FOREVER
        ? say(`why.reason.${reason}.ever`)
        : say(`why.reason.${reason}.until`, { time: moment(until) });
    case 'quiet-hours':
      return say('why.reason.quiet-hours', {
        from: minutes(Number(facts.from ?? 0)),
        to: minutes(Number(facts.to ?? 0)),
      });
    case 'summarised':
      return say('why.reason.summarised', {
        messages: Number(facts.messages ?? 0),
        conversations: Number(facts.conversations ?? 0),
      });
    case 'failed':
      return say('why.reason.failed', { message: String(facts.message ?? '') });
    default:
      return say(`why.reason.${reason}`);
  }
}
