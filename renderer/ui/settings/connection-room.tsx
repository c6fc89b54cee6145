import { RECONNECT } from '@matchbook/protocol/limits';
import { useEffect, useId, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Switch } from '../base/switch.tsx';
import { useMatchbook } from '../use-store.ts';
import { DiagnosticsLine } from './about-room.tsx';

export function ConnectionRoom() {
  const { preferences } = useMatchbook();
  const { say, failure } = useWords();
  const id = useId();
  const [text, setText] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  useEffect(() => {
    void preferences.attemptLimit().then((answer) => {
      if (answer.ok) setText((typed) => typed ?? String(answer.value.attemptLimit));
      else setTrouble(failure(answer.failure));
    });
  }, [preferences, failure]);
  const { attemptLimitMin: least, attemptLimitMax: most, attemptsUnlimited: none } = RECONNECT;
  const unlimited = text === String(none);
  const keep = async (typed: string) => {
    setText(typed);
    const limit = Number(typed);
    if (!Number.isInteger(limit) || limit < least || limit > most) {
      setTrouble(say('attempts.range', { least, most }));
      return;
    }
    await choose(limit);
  };
  const choose = async (limit: number) => {
    const answer = await preferences.setAttemptLimit(limit);
    setTrouble(answer.ok ? null : failure(answer.failure));
  };
  return (
    <>
      <Switch
        label={say('attempts.unlimited')}
        hint={say('attempts.unlimitedHint')}
        checked={unlimited}
        disabled={text === null}
        setting="attempts-unlimited"
        testId="attempts-unlimited"
        onChange={(on) => {
          const limit = on ? none : RECONNECT.attemptLimit;
          setText(String(limit));
          void choose(limit);
        }}
      />
      <div className="setting" data-setting="attempts">
        <div className="setting-words">
          <label className="setting-label" htmlFor={id}>
            {say('attempts.label')}
          </label>
          <span className="fine" id={`${id}-hint`}>
            {say('attempts.hint')}
          </span>
          {trouble && (
            <span className="fine error" role="alert" id={`${id}-trouble`}>
              {trouble}
            </span>
          )}
        </div>
        <input
          id={id}
          type="number"
          className="input number"
          min={least}
          max={most}
          value={unlimited ? '' : (text ?? '')}
          disabled={text === null || unlimited}
          aria-invalid={trouble !== null}
          aria-describedby={trouble ? `${id}-hint ${id}-trouble` : `${id}-hint`}
          data-testid="attempt-limit"
          onChange={(event) => void keep(event.target.value)}
        />
      </div>
      <DiagnosticsLine />
    </>
  );
}
