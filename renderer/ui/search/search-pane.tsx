import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import { ArrowLeft, CalendarDays, File, Link, Search, User, X } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import { type Filters, NO_FILTERS } from '../../store/finder.ts';
import { NOTHING_FOUND, type SearchHit, type SearchRun } from '../../store/search-run.ts';
import { Popover } from '../base/popover.tsx';
import { Marked } from '../marked.tsx';
import { ConversationAvatar } from '../people/conversation-avatar.tsx';
import { PersonPicker } from '../people/person-picker.tsx';
import { useEverybody } from '../people/use-people.ts';
import { otherName } from '../people.ts';
import { useKnown, useMatchbook } from '../use-store.ts';
import { Coverage } from './coverage.tsx';

const NO_ROWS: readonly ConversationRow[] = [];
const NOBODY: ReadonlySet<string> = new Set();
/** From here to the end further hits are asked for, px. */
const NEAR_END = 600;

/** The search stands in the place of the list: what is asked, what was found, and what that covers. */
export default function SearchPane({ account }: { account: string }) {
  const store = useMatchbook();
  const { say, failure } = useWords();
  const { text, filters, run } = useStore(store.finder.state);
  const rows = useKnown((state) => state.conversations[account]) ?? NO_ROWS;
  const user = useKnown((state) => state.app?.accounts.find((one) => one.account === account)?.user ?? '');
  const people = useEverybody(account);
  const input = useRef<HTMLInputElement>(null);
  const results = useRef<HTMLUListElement>(null);
  const found = useRun(run);
  const where = filters.in.join();
  // Asked for again by its key: the field has the focus again, with what it holds chosen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another place to search is another search
  useEffect(() => input.current?.select(), [where]);
  const nameOf = (one: string) =>
    one === user
      ? say('app.you')
      : (people.get(one)?.name ??
        rows.flatMap(({ members }) => members).find((member) => member.user === one)?.name ??
        say('app.someone'));
  const titleOf = (conv: string) => {
    const row = rows.find((one) => one.conv === conv);
    if (!row) return say('app.someone');
    return row.self ? say('app.selfTitle') : (otherName(row, user) ?? say('app.someone'));
  };
  const close = () => store.finder.close();
  const walk = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.preventDefault();
      return close();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const buttons = [...(results.current?.querySelectorAll<HTMLElement>('.hit') ?? [])];
    if (!step || buttons.length === 0) return;
    const next = buttons.indexOf(document.activeElement as HTMLElement) + step;
    if (next < -1) return;
    event.preventDefault();
    if (next < 0) input.current?.focus();
    else buttons[next]?.focus();
  };
  return (
    <search className="search-pane" aria-label={say('search.label')} onKeyDown={walk} data-testid="search">
      <div className="search-head">
        <button
          type="button"
          className="button icon quiet"
          aria-label={say('search.close')}
          data-testid="search-close"
          onClick={close}
        >
          <ArrowLeft size={18} className="turns" aria-hidden="true" />
        </button>
        <label className="search-field">
          <Search size={16} aria-hidden="true" />
          <input
            ref={input}
            type="search"
            dir="auto"
            aria-label={say('search.label')}
            placeholder={say('search.placeholder')}
            data-testid="search-input"
            value={text}
            onChange={(event) => store.finder.type(event.target.value)}
          />
        </label>
      </div>
      <Chips account={account} filters={filters} nameOf={nameOf} titleOf={titleOf} />
      {run === null ? (
        <div className="search-hints">
          <p>{say('search.hint')}</p>
          <p className="fine">{say('search.syntax')}</p>
        </div>
      ) : (
        <>
          <p className="search-total" role="status" data-testid="search-total">
            {found.total === null
              ? found.failure
                ? failure(found.failure)
                : say('search.asking')
              : say(found.atLeast ? 'search.atLeast' : 'search.total', { count: found.total })}
          </p>
          <ul
            ref={results}
            className="hits"
            onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
              if (scrollHeight - scrollTop - clientHeight < NEAR_END) void run.further();
            }}
          >
            {found.hits.map((hit) => (
              <li key={`${hit.conv}/${hit.n}`}>
                <Hit
                  hit={hit}
                  row={rows.find(({ conv }) => conv === hit.conv)}
                  user={user}
                  title={titleOf(hit.conv)}
                  sender={nameOf(hit.sender)}
                  onOpen={() => {
                    store.finder.opened();
                    store.navigation.jumpTo({ account, conv: hit.conv }, hit.n);
                  }}
                />
              </li>
            ))}
            {found.more && (
              <li>
                <button
                  type="button"
                  className="button small wide"
                  disabled={found.asking}
                  onClick={() => void run.further()}
                >
                  {say(found.asking ? 'search.asking' : 'search.more')}
                </button>
              </li>
            )}
          </ul>
          <Coverage state={found} />
        </>
      )}
    </search>
  );
}

function useRun(run: SearchRun | null) {
  const [state, setState] = useState(NOTHING_FOUND);
  useEffect(() => {
    setState(run?.state.getState() ?? NOTHING_FOUND);
    return run?.state.subscribe(setState);
  }, [run]);
  return state;
}

function Hit(props: {
  hit: SearchHit;
  row: ConversationRow | undefined;
  user: string;
  title: string;
  sender: string;
  onOpen: () => void;
}) {
  const { hit, row, user, title, sender } = props;
  const { say, short } = useWords();
  return (
    <button type="button" className="hit" data-testid="search-hit" data-n={hit.n} onClick={props.onOpen}>
      {row && <ConversationAvatar row={row} user={user} />}
      <span className="hit-title">
        <bdi>{title}</bdi>
      </span>
      <time dateTime={new Date(hit.time).toISOString()}>{short(hit.time, Date.now())}</time>
      <span className="hit-text" dir="auto">
        {row?.form === 'group' || hit.sender === user ? <b>{say('search.by', { name: sender })} </b> : null}
        {hit.cut.before && '…'}
        <Marked text={hit.text} marks={hit.marks} />
        {hit.cut.after && '…'}
      </span>
    </button>
  );
}

function Chips(props: {
  account: string;
  filters: Filters;
  nameOf: (user: string) => string;
  titleOf: (conv: string) => string;
}) {
  const { account, filters, nameOf, titleOf } = props;
  const { finder } = useMatchbook();
  const { say } = useWords();
  const any = filters !== NO_FILTERS;
  return (
    <div className="search-chips">
      {filters.in.map((conv) => (
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
      {any && filters.in.length + filters.from.length + filters.has.length > 0 && (
        <button type="button" className="filter" onClick={() => finder.filter(NO_FILTERS)}>
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
