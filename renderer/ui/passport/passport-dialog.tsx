import type { TargetRef } from '@matchbook/protocol/bridge/more';
import type { LocalFailure, Outcome } from '@matchbook/protocol/bridge/outcome';
import type { MessagePassport, PassportStep } from '@matchbook/protocol/bridge/passport';
import { type ReactNode, useEffect, useState } from 'react';
import { useWords, type Words } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { Dialog, DialogActions } from '../base/dialog.tsx';
import { useMatchbook } from '../use-store.ts';
import { passportText } from './passport-text.ts';

/** Where a message is, how it came there, and who has it. Follows what happens while it is open. */
export function PassportDialog(props: {
  address: Address;
  target: TargetRef;
  nameOf: (user: string) => string;
  onClose: () => void;
}) {
  const { address, target, nameOf, onClose } = props;
  const store = useMatchbook();
  const words = useWords();
  const { say, failure } = words;
  const [found, setFound] = useState<Outcome<MessagePassport | null> | null>(null);
  const key = JSON.stringify(target);
  useEffect(() => {
    const about = JSON.parse(key) as TargetRef;
    return store.messages.followPassport(address, about, setFound);
  }, [store, address, key]);
  const passport = found?.ok ? found.value : null;
  return (
    <Dialog open={found !== null} onClose={onClose} title={say('passport.title')} testId="passport">
      {found && !found.ok && <Trouble failure={found.failure} say={failure} />}
      {found?.ok && !passport && <p>{say('passport.gone')}</p>}
      {passport && <Contents passport={passport} words={words} nameOf={nameOf} />}
      <DialogActions>
        {passport && (
          <button
            type="button"
            className="button"
            onClick={() => void store.copy(passportText(passport, words, nameOf))}
          >
            {say('passport.copy')}
          </button>
        )}
        <button type="button" className="button primary" onClick={onClose}>
          {say('base.close')}
        </button>
      </DialogActions>
    </Dialog>
  );
}

function Trouble({ failure, say }: { failure: LocalFailure; say: Words['failure'] }) {
  return (
    <p className="error" role="alert">
      {say(failure)}
    </p>
  );
}

function Contents(props: { passport: MessagePassport; words: Words; nameOf: (user: string) => string }) {
  const { passport, words, nameOf } = props;
  const { say, moment } = words;
  const { own, steps, n, time, save, saveReason, receipts, bytes, id, sender } = passport;
  return (
    <div className="passport">
      {own && (
        <section aria-label={say('passport.steps')}>
          <h3>{say('passport.steps')}</h3>
          {steps.length === 0 && <p className="fine">{say('passport.noSteps')}</p>}
          <ol className="passport-steps" data-testid="passport-steps">
            {steps.map((step, i) => (
              <li key={i} data-what={step.what}>
                <time dateTime={new Date(step.at).toISOString()}>{words.clock(step.at)}</time>
                <span>{stepWords(steps, i, words)}</span>
              </li>
            ))}
          </ol>
          {n === null && steps.at(-1)?.what !== 'failed' && <p className="fine">{say('passport.waits')}</p>}
        </section>
      )}
      <section aria-label={say('passport.log')}>
        <h3>{say('passport.log')}</h3>
        <dl>
          {!own && (
            <Fact name={say('passport.sender')}>
              <bdi>{nameOf(sender)}</bdi>
            </Fact>
          )}
          {n !== null && time !== null && (
            <Fact name={say('passport.place')}>{say('passport.placed', { n, time: moment(time) })}</Fact>
          )}
          {own && n !== null && (
            <Fact name={say('passport.save')} testId="passport-save">
              {say(`passport.save.${save ?? 'unknown'}`, { reason: saveReason ?? '' })}
            </Fact>
          )}
          <Fact name={say('passport.size')}>{say('passport.bytes', { bytes })}</Fact>
          <Fact name={say('passport.id')}>
            <code>{id}</code>
          </Fact>
        </dl>
      </section>
      {own && n !== null && (
        <section aria-label={say('passport.people')}>
          <h3>{say('passport.people')}</h3>
          {receipts === null && <p className="fine">{say('passport.many')}</p>}
          {receipts?.length === 0 && <p className="fine">{say('passport.nobody')}</p>}
          <ul className="passport-people" data-testid="passport-people">
            {receipts?.map(({ user, name, state }) => (
              <li key={user} data-state={state}>
                <bdi>{name ?? nameOf(user)}</bdi>
                <span>{say(`passport.state.${state}`)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Fact({ name, testId, children }: { name: string; testId?: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-testid={testId}>{children}</dd>
    </div>
  );
}

/** One step as a sentence: which attempt it was, and what was in the way. */
function stepWords(steps: readonly PassportStep[], at: number, { say, failure }: Words): string {
  const { what, failure: why } = steps[at]!;
  if (what === 'tried') {
    const nth = steps.slice(0, at + 1).filter((step) => step.what === 'tried').length;
    return nth === 1 ? say('passport.step.tried') : say('passport.step.triedAgain', { nth });
  }
  return say(`passport.step.${what}`, { reason: why ? failure(why) : '' });
}
