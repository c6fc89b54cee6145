/** Filters as chips, each with a cross, and the doors to further ones. */
import { CalendarDays, File, Link, User, X } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { type Filters, NO_FILTERS } from '../../store/filters.ts';
import { Popover } from '../base/popover.tsx';
import { PersonPicker } from '../people/person-picker.tsx';
import { useMatchbook } from '../use-store.ts';
import type { WhoAndWhere } from './who-and-where.ts';

const NOBODY: ReadonlySet<string> = new Set();

export function Chips(props: {
  account: string;
  filters: Filters;
  known: Pick<WhoAndWhere, 'nameOf' | 'titleOf'>;
  /** The conversation that is searched and no other: it is no choice. */
  only: string | null;
}) {
  const { account, filters, only } = props;
  const { nameOf, titleOf } = props.known;
  const { finder } = useMatchbook();
  const { say } = useWords();
  const any =
    filters.in.some((conv) => conv !== only) ||
    filters.from.length + filters.has.length > 0 ||
    filters.after !== null ||
    filters.before !== null;
  return (
    <div className="search-chips">
      {filters.in
        .filter((conv) => conv !== only)
        .map((conv) => (
          <Chip key={conv} onRemove={() => finder.filter({ in: filters.in.filter((one) => one !== conv) })}>
            {say('search.in', { name: titleOf(conv) })}
          </Chip>
        ))}
      {filters.from.map((user) => (
        <Chip key={user} onRemove={() => finder.filter({ from: filters.from.filter((one) => one !== user) })}>
          {say('search.from', { name: nameOf(user) })}
        </Chip>
      ))}
      {filters.after !== null && (
        <Chip onRemove={() => finder.filter({ after: null })}>
          {say('search.after', { day: filters.after })}
        </Chip>
      )}
      {filters.before !== null && (
        <Chip onRemove={() => finder.filter({ before: null })}>
          {say('search.before', { day: filters.before })}
        </Chip>
      )}
      {(['file', 'link'] as const).map((what) => (
        <button
          key={what}
          type="button"
          className="filter"
          aria-pressed={filters.has.includes(what)}
          data-testid={`search-has-${what}`}
          onClick={() =>
            finder.filter({
              has: filters.has.includes(what)
                ? filters.has.filter((one) => one !== what)
                : [...filters.has, what],
            })
          }
        >
          {what === 'file' ? <File size={13} aria-hidden="true" /> : <Link size={13} aria-hidden="true" />}
          {say(`search.has.${what}`)}
        </button>
      ))}
      <Popover
        title={say('search.fromWhom')}
        trigger={
          <button type="button" className="filter" data-testid="search-from">
            <User size={13} aria-hidden="true" />
            {say('search.fromWhom')}
          </button>
        }
      >
        <PersonPicker
          account={account}
          chosen={[]}
          without={NOBODY}
          single
          label={say('search.fromWhom')}
          empty={say('new.nobodyLead')}
          onChange={([user]) => {
            if (user && !filters.from.includes(user)) finder.filter({ from: [...filters.from, user] });
          }}
        />
      </Popover>
      <Popover
        title={say('search.when')}
        trigger={
          <button type="button" className="filter" data-testid="search-when">
            <CalendarDays size={13} aria-hidden="true" />
            {say('search.when')}
          </button>
        }
      >
        <Day
          label={say('search.afterDay')}
          value={filters.after}
          onChange={(after) => finder.filter({ after })}
        />
        <Day
          label={say('search.beforeDay')}
          value={filters.before}
          onChange={(before) => finder.filter({ before })}
        />
      </Popover>
      {any && (
        <button
          type="button"
          className="filter"
          onClick={() => finder.filter({ ...NO_FILTERS, in: only === null ? [] : [only] })}
        >
          {say('search.noFilters')}
        </button>
      )}
    </div>
  );
}

function Chip({ onRemove, children }: { onRemove: () => void; children: ReactNode }) {
  const { say } = useWords();
  return (
    <span className="chip" data-testid="search-chip">
      <bdi>{children}</bdi>
      <button type="button" aria-label={say('search.dropFilter')} onClick={onRemove}>
        <X size={12} aria-hidden="true" />
      </button>
    </span>
  );
}

function Day(props: { label: string; value: string | null; onChange: (day: string | null) => void }) {
  const id = useId();
  return (
    <label className="field" htmlFor={id}>
      <span>{props.label}</span>
      <input
        id={id}
        type="date"
        value={props.value ?? ''}
        onChange={(event) => props.onChange(event.target.value === '' ? null : event.target.value)}
      />
    </label>
  );
}
