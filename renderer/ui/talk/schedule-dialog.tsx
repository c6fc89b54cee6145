import { begunOf } from '@matchbook/protocol/bridge/begun-of';
import type { LocalFailure, Outcome } from '@matchbook/protocol/bridge/outcome';
import { LIMITS } from '@matchbook/protocol/limits';
import { CircleAlert } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import { Dialog, DialogActions } from '../base/dialog.tsx';
import { useHeardWords } from '../use-heard-words.ts';
import { useMatchbook } from '../use-store.ts';
import { localDate } from './tools-menu.tsx';

const HOUR = 3_600_000;

/** When a text is to be sent; with `text`, which one too. What the server does not take is said here, and stays where it was. */
export function ScheduleDialog(props: {
  /** Wall clock, ms; absent for a new one. */
  due?: number;
  silent?: boolean;
  /** Of one that waits already. */
  text?: string;
  /** The one that waits already: other words for it outlive the dialog. */
  changes?: { id: string; conv: string };
  account: string;
  /** How many go with it. */
  files: number;
  /** @param id under which files that are brought first are told of */
  onSchedule: (due: number, silent: boolean, text: string, id: string) => Promise<Outcome<null>>;
  /** @param givenUp other words for the one that waits, which are among the earlier texts now */
  onClose: (scheduled: number | null, givenUp?: string | null) => void;
}) {
  const { account, files, onSchedule, onClose } = props;
  const store = useMatchbook();
  const words = useWords();
  const { say } = words;
  /** The time that was offered, or was chosen before: where the clocks are set back, what the field says of it is two times. */
  const [exact, setExact] = useState(() => minuteOf(props.due ?? Date.now() + HOUR));
  const [when, setWhen] = useState(() => localMoment(exact));
  const [silent, setSilent] = useState(props.silent ?? false);
  const about = props.changes && begunOf('scheduled', props.changes.id);
  const [text, setText] = useState(() => (about && store.begun.of(about)) ?? props.text ?? '');
  useHeardWords(about || null, (heard) => setText(heard ?? props.text ?? ''));
  const [failure, setFailure] = useState<LocalFailure | 'past' | 'clock' | null>(null);
  /** Of the one that is put, however often that is tried: the server may have it though its answer was lost, and two would be sent. */
  const [id] = useState(() => store.scheduling.newId());
  const [busy, setBusy] = useState(false);
  const going = useStore(store.files.state, ({ transfers }) =>
    busy ? transfers[`${account}/${id}`] : undefined,
  );
  const left = useRef(false);
  const close = () => {
    left.current = true;
    const givenUp = about ? store.begun.giveUp(about, props.text ?? '') : null;
    // What is on its way with its files is not wanted any more.
    if (busy && going) void store.scheduling.cancel(account, id);
    onClose(null, givenUp);
  };
  const schedule = async (event: FormEvent) => {
    event.preventDefault();
    const due = when === localMoment(exact) ? exact : new Date(when).getTime();
    if (!(due > Date.now() && due <= Date.now() + LIMITS.scheduleAhead)) return setFailure('past');
    setBusy(true);
    void store.files.follow(account);
    const answer = await onSchedule(due, silent, text, id);
    setBusy(false);
    if (answer.ok && about) store.begun.forget(about);
    if (answer.ok) onClose(due);
    else if (!left.current) setFailure(isOfClock(answer.failure) ? 'clock' : answer.failure);
  };
  return (
    <Dialog
      open
      onClose={close}
      title={say('schedule.title')}
      description={say('schedule.lead')}
      testId="schedule-dialog"
    >
      <form className="schedule-form" onSubmit={(event) => void schedule(event)}>
        {props.text !== undefined && (
          <label className="stacked">
            {say('schedule.text')}
            <textarea
              className="field"
              rows={4}
              dir="auto"
              required={files === 0}
              data-testid="schedule-text"
              value={text}
              onChange={({ target: { value } }) => {
                setText(value);
                if (!about) return;
                const { conv } = props.changes!;
                store.begun.type({ account, conv }, { key: about, n: null }, value);
              }}
            />
          </label>
        )}
        <div className="schedule-offers">
          {offers(Date.now()).map(({ id, at }) => (
            <button
              key={id}
              type="button"
              className="button small"
              onClick={() => {
                setExact(minuteOf(at));
                setWhen(localMoment(at));
                setFailure(null);
              }}
            >
              {say(`schedule.${id}`, { time: words.time(at) })}
            </button>
          ))}
        </div>
        <label className="stacked">
          {say('schedule.when')}
          <input
            type="datetime-local"
            className="field"
            data-testid="schedule-when"
            required
            value={when}
            onChange={(event) => {
              setWhen(event.target.value);
              setFailure(null);
            }}
          />
        </label>
        {props.silent === undefined && (
          <label className="checked">
            <input type="checkbox" checked={silent} onChange={(event) => setSilent(event.target.checked)} />
            {say('schedule.silent')}
          </label>
        )}
        {going && (
          <p className="schedule-going" aria-live="polite" data-testid="schedule-going">
            <progress className="bar-progress" max={Math.max(1, going.size)} value={going.sent} />
            <span className="fine">
              {say('files.progress', { done: words.bytes(going.sent), size: words.bytes(going.size) })}
            </span>
          </p>
        )}
        {failure && (
          <p className="error" role="alert" data-testid="schedule-failure">
            <CircleAlert size={15} aria-hidden="true" />
            {failure === 'past'
              ? say('schedule.past')
              : say('schedule.kept', {
                  reason: failure === 'clock' ? say('schedule.clock') : words.failure(failure),
                })}
          </p>
        )}
        <DialogActions>
          <button type="button" className="button" onClick={close}>
            {say('base.cancel')}
          </button>
          <button type="submit" className="button primary" data-testid="schedule-do" disabled={busy}>
            {props.text === undefined ? say('schedule.do') : say('schedule.save')}
          </button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** It was a time to come here, and is none at the server: one of the two clocks is wrong. */
const isOfClock = ({ kind, field }: LocalFailure) => kind === 'invalid_field' && field === 'due';

/** As exact as the field. */
const minuteOf = (at: number) => Math.floor(at / 60_000) * 60_000;

type Offer = { id: 'hour' | 'evening' | 'morning' | 'monday'; at: number };

/** Times that people mean; those that are over are left out. */
export function offers(now: number): Offer[] {
  const at = (days: number, hour: number) => {
    const date = new Date(now);
    date.setDate(date.getDate() + days);
    date.setHours(hour, 0, 0, 0);
    return date.getTime();
  };
  const day = new Date(now).getDay();
  const toMonday = (8 - day) % 7 || 7;
  const all: Offer[] = [
    { id: 'hour', at: now + HOUR },
    { id: 'evening', at: at(0, 19) },
    { id: 'morning', at: at(1, 8) },
    { id: 'monday', at: at(toMonday, 8) },
  ];
  return all.filter((one) => one.at > now && !(one.id === 'monday' && toMonday === 1));
}

/** As inputs of type datetime-local want it, by the clock of this computer. */
function localMoment(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${localDate(at)}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
