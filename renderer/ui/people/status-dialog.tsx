import { LIMITS } from '@matchbook/protocol/limits';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Dialog, DialogActions } from '../base/dialog.tsx';
import { Select } from '../base/select.tsx';
import { useMatchbook } from '../use-store.ts';
import { standing } from './presence-words.ts';
import { usePeople } from './use-people.ts';

const HOUR = 3_600_000;
type Until = 'hour' | 'four' | 'today' | 'week' | 'ever';
const UNTIL: readonly Until[] = ['hour', 'four', 'today', 'week', 'ever'];

/** When a status that is set now is over; undefined: never by itself. */
function statusEnd(until: Until, now: number): number | undefined {
  switch (until) {
    case 'hour':
      return now + HOUR;
    case 'four':
      return now + 4 * HOUR;
    case 'today':
      return new Date(now).setHours(24, 0, 0, 0);
    case 'week':
      return now + 7 * 24 * HOUR;
    case 'ever':
      return undefined;
  }
}

export function StatusDialog({ account, onClose }: { account: string; onClose: () => void }) {
  const store = useMatchbook();
  const { say, failure } = useWords();
  const own = usePeople((state) => state.own[account]);
  const [text, setText] = useState<string | null>(null);
  const [until, setUntil] = useState<Until>('today');
  const [error, setError] = useState<string | null>(null);
  const [working, setWorking] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const present = standing(own?.status, Date.now());
  useEffect(() => {
    void store.people.own(account).then((answer) => !answer.ok && setError(failure(answer.failure)));
  }, [store, account, failure]);
  const change = async (status: { text: string; until?: number } | null) => {
    setWorking(true);
    const answer = await store.people.change(account, { status });
    setWorking(false);
    if (answer.ok) onClose();
    else setError(failure(answer.failure));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const words = (text ?? present?.text ?? '').trim();
    if (words === '') return setError(say('status.empty'));
    if ([...words].length > LIMITS.statusLength)
      return setError(say('status.long', { limit: LIMITS.statusLength }));
    const end = statusEnd(until, Date.now());
    void change({ text: words, ...(end === undefined ? {} : { until: end }) });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('status.own')}
      description={say('status.lead')}
      initialFocus={input}
      testId="status-dialog"
    >
      <form className="form" onSubmit={submit}>
        <label className="field" htmlFor={id}>
          <span>{say('status.text')}</span>
          <input
            ref={input}
            id={id}
            dir="auto"
            data-testid="status-text"
            placeholder={say('status.placeholder')}
            value={text ?? present?.text ?? ''}
            onChange={(event) => {
              setText(event.target.value);
              setError(null);
            }}
          />
        </label>
        <Select
          label={say('status.until')}
          value={until}
          options={UNTIL.map((value) => ({ value, label: say(`status.until.${value}`) }))}
          onChange={setUntil}
          testId="status-until"
        />
        {error !== null && (
          <p className="error" role="alert">
            {error}
          </p>
        )}
        <DialogActions>
          {present && (
            <button
              type="button"
              className="button"
              disabled={working}
              data-testid="status-clear"
              onClick={() => void change(null)}
            >
              {say('status.clear')}
            </button>
          )}
          <button type="submit" className="button primary" disabled={working} data-testid="status-save">
            {say('status.save')}
          </button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
