import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { LIMITS } from '@matchbook/protocol/limits';
import { plainText } from '@matchbook/protocol/markdown/plain';
import { shownText } from '@matchbook/protocol/shown-text';
import { type FormEvent, useEffect, useId, useMemo, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { Dialog, DialogActions } from '../base/dialog.tsx';
import { useKnown, useMatchbook } from '../use-store.ts';
import { usePeople } from './use-people.ts';

/** Messages that can be chosen from, before and after. */
const AROUND = 20;

/** A message for the admins of the server: which, why, and what else they may see is the reporter's choice. */
export function ReportDialog(props: {
  address: Address;
  /** The message; null: one of `user` is to be chosen. */
  n: number | null;
  user: string | null;
  onClose: () => void;
}) {
  const { address, user, onClose } = props;
  const { account, conv } = address;
  const store = useMatchbook();
  const { say, failure, short } = useWords();
  const [rows, setRows] = useState<TimelineRow[] | null>(null);
  const [n, setN] = useState<number | null>(props.n);
  const [context, setContext] = useState<ReadonlySet<number>>(new Set());
  const [reason, setReason] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [state, setState] = useState<'asking' | 'sending' | 'sent'>('asking');
  const server = useKnown(
    (known) => known.app?.accounts.find((one) => one.account === account)?.serverName ?? '',
  );
  const own = useKnown((known) => known.app?.accounts.find((one) => one.account === account));
  const row = useKnown((known) => known.conversations[account]?.find((one) => one.conv === conv));
  const people = usePeople((known) => known.known[account]);
  const id = useId();
  const names = useMemo(() => new Map(row?.members.map((one) => [one.user, one.name])), [row]);
  const nameOf = (one: string) =>
    one === own?.user ? own.name : (names.get(one) ?? people?.get(one)?.name ?? say('app.someone'));
  useEffect(() => {
    void store.messages.around(address, props.n, AROUND).then((answer) => {
      if (!answer.ok) return setError(failure(answer.failure));
      const said = answer.value.filter(({ kind, n: place }) => kind === 'message' && place !== null);
      setRows(said);
      setN((chosen) => chosen ?? said.findLast(({ sender }) => sender === user)?.n ?? null);
    });
  }, [store, address, props.n, user, failure]);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const words = reason.trim();
    if (words === '') return setError(say('report.reasonEmpty'));
    if ([...words].length > LIMITS.reportReason)
      return setError(say('report.reasonLong', { limit: LIMITS.reportReason }));
    if (n === null) return;
    setState('sending');
    setError(null);
    const shown = [...context].filter((place) => place !== n);
    const answer = await store.people.report({ account, conv, n, reason: words, context: shown });
    setState(answer.ok ? 'sent' : 'asking');
    if (!answer.ok) setError(failure(answer.failure));
  };
  const wordsOf = (one: TimelineRow) =>
    say('report.one', {
      name: nameOf(one.sender),
      time: short(one.time, Date.now()),
      text: plainText((one.body && shownText(one.body)) ?? '').slice(0, 120) || say('report.noText'),
    });
  if (state === 'sent')
    return (
      <Dialog open onClose={onClose} title={say('report.title', { server })} testId="report">
        <p role="status" data-testid="report-sent">
          {say('report.sent')}
        </p>
        <DialogActions>
          <button type="button" className="button primary" onClick={onClose}>
            {say('report.done')}
          </button>
        </DialogActions>
      </Dialog>
    );
  const theirs = rows?.filter(({ sender }) => sender !== own?.user) ?? [];
  const others = rows?.filter((one) => one.n !== n) ?? [];
  const chosen = rows?.find((one) => one.n === n);
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('report.title', { server })}
      description={say('report.lead')}
      testId="report"
    >
      {rows !== null && theirs.length === 0 ? (
        <p>{say('report.none')}</p>
      ) : (
        <form className="form" onSubmit={(event) => void submit(event)}>
          <label className="field" htmlFor={`${id}-which`}>
            <span>{say('report.message')}</span>
            {props.n === null ? (
              <select
                id={`${id}-which`}
                className="native-select"
                value={n ?? ''}
                onChange={(event) => setN(Number(event.target.value))}
              >
                {theirs.map((one) => (
                  <option key={one.n} value={one.n ?? ''}>
                    {wordsOf(one)}
                  </option>
                ))}
              </select>
            ) : (
              <output id={`${id}-which`} className="report-message" dir="auto">
                {chosen ? wordsOf(chosen) : ''}
              </output>
            )}
          </label>
          <label className="field" htmlFor={`${id}-reason`}>
            <span>{say('report.reason')}</span>
            <textarea
              id={`${id}-reason`}
              dir="auto"
              rows={3}
              data-testid="report-reason"
              value={reason}
              onChange={(event) => {
                setReason(event.target.value);
                setError(null);
              }}
            />
          </label>
          {others.length > 0 && (
            <details className="report-context">
              <summary>{say('report.context')}</summary>
              {others.slice(-LIMITS.reportContext).map((one) => (
                <label key={one.n}>
                  <input
                    type="checkbox"
                    checked={context.has(one.n!)}
                    onChange={(event) => {
                      const next = new Set(context);
                      if (event.target.checked) next.add(one.n!);
                      else next.delete(one.n!);
                      setContext(next);
                    }}
                  />
                  <span dir="auto">{wordsOf(one)}</span>
                </label>
              ))}
            </details>
          )}
          {error !== null && (
            <p className="error" role="alert">
              {error}
            </p>
          )}
          <DialogActions>
            <button
              type="submit"
              className="button primary"
              data-testid="report-send"
              disabled={state === 'sending' || n === null}
            >
              {say(state === 'sending' ? 'report.sending' : 'report.send')}
            </button>
          </DialogActions>
        </form>
      )}
    </Dialog>
  );
}
