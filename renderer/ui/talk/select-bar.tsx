import { Bookmark, Copy, EyeOff, Forward, Trash2, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import { saidIn } from '../../store/content.ts';
import type { Address } from '../../store/state.ts';
import { CHOSEN_AT_ONCE } from '../../store/talk.ts';
import { Confirm } from '../base/dialog.tsx';
import { focusComposer } from '../composer/focus-composer.ts';
import { useEscape } from '../keyboard/use-escape.ts';
import { useMembership, useStewardship } from '../timeline/row-host.ts';
import { wanted } from '../timeline/wanted.ts';
import { useKnown, useMatchbook } from '../use-store.ts';

/** What can be done with the messages that are chosen. */
export function SelectBar(props: { address: Address; user: string; nameOf: (user: string) => string }) {
  const { address, user, nameOf } = props;
  const store = useMatchbook();
  const words = useWords();
  const { say } = words;
  const selecting = useStore(store.talk.state, (state) => state.selecting);
  const [asking, setAsking] = useState(false);
  const member = useMembership();
  const steward = useStewardship();
  const timeline = useKnown((state) => state.timeline);
  useEffect(() => {
    if (timeline) store.talk.refresh(timeline.rows);
  }, [store, timeline]);
  const choosing = selecting !== null;
  useEffect(() => {
    if (!choosing) return;
    // What had the focus, in the bar or beside a message, is gone.
    return () => void (document.activeElement === document.body && focusComposer());
  }, [choosing]);
  useEscape(selecting !== null, () => store.talk.chooseNone());
  if (!selecting) return null;
  const rows = [...selecting.values()].sort((one, other) => (one.n ?? Infinity) - (other.n ?? Infinity));
  const placed = rows.filter((row) => row.n !== null);
  const none = rows.length === 0;
  const copy = () => {
    const lines = rows.map((row) => {
      const said = saidIn(wanted(row, user).body);
      const names = (said?.files ?? []).map(({ name }) => name).join(', ');
      // As it was written: what is covered or marked stays so.
      const text = [said?.text ?? '', names].filter((part) => part !== '').join('\n');
      return `${row.own ? say('app.you') : nameOf(row.sender)}, ${words.moment(row.time)}\n${text}`;
    });
    void store.copy(lines.join('\n\n'));
    store.talk.chooseNone();
  };
  const each = async (act: (row: (typeof rows)[number]) => Promise<unknown>) => {
    for (const row of rows) await act(row);
    store.talk.chooseNone();
  };
  const button = (icon: React.ReactNode, label: string, testId: string, act: () => void, disabled = none) => (
    <button
      type="button"
      className="button small"
      title={label}
      data-testid={testId}
      disabled={disabled}
      onClick={act}
    >
      {icon}
      <span>{label}</span>
    </button>
  );
  return (
    <div className="select-bar" role="toolbar" aria-label={say('select.bar')} data-testid="select-bar">
      <span role="status" data-testid="select-count">
        {say('select.count', { count: rows.length })}
        {rows.length >= CHOSEN_AT_ONCE && ` · ${say('select.most', { count: CHOSEN_AT_ONCE })}`}
      </span>
      {button(<Forward size={15} aria-hidden="true" />, say('message.forward'), 'select-forward', () =>
        store.talk.forward(rows),
      )}
      {button(<Copy size={15} aria-hidden="true" />, say('message.copyMany'), 'select-copy', copy)}
      {button(
        <Bookmark size={15} aria-hidden="true" />,
        say('message.keepIt'),
        'select-keep',
        () => void each((row) => store.told(store.talk.keep(address, row.n!, true))),
        placed.length < rows.length || none,
      )}
      {button(
        <EyeOff size={15} aria-hidden="true" />,
        say('message.hide'),
        'select-hide',
        () => {
          void store.messages.hide(
            address,
            rows.map((row) => row.n!),
          );
          store.talk.chooseNone();
        },
        placed.length < rows.length || none,
      )}
      {button(
        <Trash2 size={15} aria-hidden="true" />,
        say('message.delete'),
        'select-delete',
        () => setAsking(true),
        none || !member || rows.some((row) => !row.own && !(steward && row.n !== null)),
      )}
      <button
        type="button"
        className="button icon quiet small"
        aria-label={say('select.end')}
        title={say('select.end')}
        onClick={() => store.talk.chooseNone()}
      >
        <X size={16} aria-hidden="true" />
      </button>
      <Confirm
        open={asking}
        title={say('select.deleteTitle', { count: rows.length })}
        description={say('message.deleteLead')}
        action={say('message.delete')}
        dangerous
        testId="confirm-select"
        onCancel={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          void each((row) => store.messages.remove(address, row));
        }}
      />
    </div>
  );
}
