import type { KnownPerson } from '@matchbook/protocol/bridge/people';
import { Check, X } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useId, useMemo, useRef, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { Avatar } from '../avatar.tsx';
import { foldedName } from './folded-name.ts';
import { useEverybody } from './use-people.ts';

/** Rows that are drawn; of more, the person types to narrow them down. */
const SHOWN = 100;

/** People one knows, found by typing, chosen by Enter or click. */
export function PersonPicker(props: {
  account: string;
  chosen: readonly string[];
  /** Not to be chosen: they are in already. */
  without: ReadonlySet<string>;
  onChange: (chosen: string[]) => void;
  label: string;
  /** One is enough: choosing is the answer. */
  single?: boolean;
  /** Where there is nobody to choose from. */
  empty: string;
  /** The field, for a dialog that gives it the focus. */
  field?: RefObject<HTMLInputElement | null>;
}) {
  const { account, chosen, without, onChange, single = false } = props;
  const { say, compare } = useWords();
  const everybody = useEverybody(account);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const choosable = useMemo(
    () =>
      [...everybody.values()]
        .filter(({ user }) => !without.has(user))
        .sort((a, b) => compare(a.name, b.name)),
    [everybody, without, compare],
  );
  const found = useMemo(() => {
    const wanted = foldedName(query.trim());
    return wanted === '' ? choosable : choosable.filter(({ name }) => foldedName(name).includes(wanted));
  }, [choosable, query]);
  const shown = found.slice(0, SHOWN);
  const active = Math.min(at, shown.length - 1);
  const take = (person: KnownPerson | undefined) => {
    if (!person) return;
    if (single) return onChange([person.user]);
    const has = chosen.includes(person.user);
    onChange(has ? chosen.filter((one) => one !== person.user) : [...chosen, person.user]);
    if (!has) setQuery('');
  };
  const move = (to: number) => {
    setAt(Math.max(0, Math.min(to, shown.length - 1)));
    list.current?.children[to]?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') move(active + 1);
    else if (event.key === 'ArrowUp') move(active - 1);
    else if (event.key === 'Enter') take(shown[active]);
    else if (event.key === 'Backspace' && query === '' && chosen.length > 0) onChange(chosen.slice(0, -1));
    else return;
    event.preventDefault();
  };
  if (choosable.length === 0) return <p className="fine">{props.empty}</p>;
  return (
    <div className="picker">
      {!single && chosen.length > 0 && (
        <ul className="chips">
          {chosen.map((user) => (
            <li key={user} className="chip">
              <bdi>{everybody.get(user)?.name ?? say('app.someone')}</bdi>
              <button
                type="button"
                aria-label={say('person.take', { name: everybody.get(user)?.name ?? '' })}
                onClick={() => onChange(chosen.filter((one) => one !== user))}
              >
                <X size={12} aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        ref={props.field}
        type="search"
        role="combobox"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={shown[active] ? `${id}-${shown[active].user}` : undefined}
        aria-label={props.label}
        placeholder={say('person.search')}
        data-testid="person-search"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div
        ref={list}
        id={`${id}-list`}
        className="picker-list"
        role="listbox"
        aria-label={props.label}
        aria-multiselectable={!single}
      >
        {shown.map((person, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field that has the focus hears the keys
          <div
            key={person.user}
            id={`${id}-${person.user}`}
            role="option"
            tabIndex={-1}
            aria-selected={chosen.includes(person.user)}
            data-active={place === active ? '' : undefined}
            data-testid="person-option"
            data-user={person.user}
            className="picker-person"
            onMouseMove={() => setAt(place)}
            onClick={() => take(person)}
          >
            <Avatar id={person.user} name={person.name} />
            <span className="picker-name">
              <bdi>{person.name}</bdi>
            </span>
            {chosen.includes(person.user) && <Check size={16} aria-hidden="true" />}
          </div>
        ))}
      </div>
      <p className="fine" aria-live="polite">
        {shown.length === 0
          ? say('person.none')
          : found.length > shown.length
            ? say('person.more', { count: found.length - shown.length })
            : single
              ? ''
              : say('person.chosen', { count: chosen.length })}
      </p>
    </div>
  );
}
