import { LIMITS } from '@matchbook/protocol/limits';
import { ArrowLeft, ChevronDown, ChevronUp, Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { WordId } from '../../i18n/english.ts';
import { useWords } from '../../i18n/words.tsx';
import type { Operator } from '../../store/filters.ts';
import { NOTHING_FOUND, type SearchHit, type SearchRun } from '../../store/search-run.ts';
import { misunderstood } from '../../store/typed-filters.ts';
import { COMPOSER_ID, focusComposer } from '../composer/focus-composer.ts';
import { keysForReaders, keysText } from '../keyboard/keys.ts';
import { useShortcut } from '../keyboard/use-shortcut.ts';
import { Marked, markedWords } from '../marked.tsx';
import { ConversationAvatar } from '../people/conversation-avatar.tsx';
import { plainFound } from '../plain-found.ts';
import { useMatchbook } from '../use-store.ts';
import { Coverage } from './coverage.tsx';
import { Chips } from './search-chips.tsx';
import { useFilterCompletion } from './use-filter-completion.tsx';
import { useWhoAndWhere, type WhoAndWhere } from './who-and-where.ts';

/** From here to the end further hits are asked for, px. */
const NEAR_END = 600;

/** What is said of a filter that stands for nothing. */
const NOT: Record<Operator, WordId> = {
  ...{ from: 'search.not.from', in: 'search.not.in', has: 'search.not.has' },
  ...{ before: 'search.not.day', after: 'search.not.day' },
};

/** The search: what is asked, what was found, and what that covers. @param only this conversation, and no other */
export default function SearchPane({ account, only = null }: { account: string; only?: string | null }) {
  const store = useMatchbook();
  const { finder } = store;
  const { say, failure } = useWords();
  const { text, filters, run, over, at } = useStore(finder.state);
  const known = useWhoAndWhere(account);
  const input = useRef<HTMLInputElement>(null);
  const results = useRef<HTMLUListElement>(null);
  const found = useRun(run);
  const completion = useFilterCompletion({ input, text, known });
  // Each: who mends the first would meet the next only then.
  const misread =
    completion.list === null
      ? misunderstood(text, completion.words, completion.resolve)
          .map(({ operator, value }) => say(NOT[operator], { value }))
          .filter((one, i, all) => all.indexOf(one) === i)
      : [];
  const where = filters.in.join();
  const wasHere = useRef(false);
  // Asked for again by its key: the field has the focus again, with what it holds chosen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another place to search is another search
  useEffect(() => {
    const field = input.current;
    field?.select();
    // What is there at first was typed while this was loaded, and goes on.
    if (!wasHere.current) field?.setSelectionRange(field.value.length, field.value.length);
    wasHere.current = true;
  }, [where]);
  const open = (place: number) => {
    const hit = found.hits[place];
    if (!hit) return;
    const typing = document.activeElement === input.current;
    finder.opened(place);
    store.navigation.jumpTo({ account, conv: hit.conv }, hit.n, markedWords(hit));
    // What lies behind the last one that is here is asked for before it is wanted.
    if (place >= found.hits.length - 2 && found.more) void run?.further();
    results.current
      ?.querySelector(`[data-place="${place}"]`)
      ?.closest('li')
      ?.scrollIntoView?.({ block: 'nearest' });
    // A conversation that opens takes the focus; who goes from hit to hit in the field stays there.
    if (typing) requestAnimationFrame(() => requestAnimationFrame(() => input.current?.focus()));
  };
  /** Towards the older ones by 1, towards the newer ones by -1. Answers whether there was one. */
  const step = (by: 1 | -1): boolean => {
    const next = at === null ? 0 : at + by;
    if (found.hits[next] === undefined) return false;
    open(next);
    return true;
  };
  useShortcut('nextHit', () => step(1));
  useShortcut('previousHit', () => step(-1));
  // Back to where one was; what was open then may be gone.
  const from = useRef<Element | null>(null);
  from.current ??= document.activeElement;
  const close = () => {
    const before = from.current;
    finder.close();
    requestAnimationFrame(() => {
      if (document.activeElement !== document.body) return;
      // The button that leads here gives its place to the search, and is another one afterwards.
      const back = before?.isConnected ? before : document.getElementById(before?.id || COMPOSER_ID);
      if (back instanceof HTMLElement && back !== document.body) back.focus();
      else focusComposer();
    });
  };
  const onFieldKey = (event: KeyboardEvent) => {
    if (completion.onKeyDown(event) || event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') {
      // What was typed a moment ago is asked first.
      if (!finder.ended(completion.words, completion.resolve) && !finder.now()) step(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Backspace' && text === '') finder.dropLastFilter(only);
    else return;
    event.preventDefault();
  };
  const walk = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      return close();
    }
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const buttons = [...(results.current?.querySelectorAll<HTMLElement>('.hit') ?? [])];
    if (!by || buttons.length === 0) return;
    const next = buttons.indexOf(document.activeElement as HTMLElement) + by;
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
            onChange={(event) => {
              finder.type(event.target.value, completion.words, completion.resolve);
              completion.onCaret();
            }}
            onSelect={completion.onCaret}
            onKeyDown={onFieldKey}
            {...completion.field}
          />
        </label>
        {completion.list}
      </div>
      <Chips account={account} filters={filters} known={known} only={only} />
      {run === null ? (
        <div className="search-hints">
          {misread.map((one) => (
            <p key={one} data-testid="search-misread">
              {one}
            </p>
          ))}
          {over > 0 ? (
            <p role="alert" data-testid="search-over">
              {say('search.over', { over, limit: LIMITS.searchLength })}
            </p>
          ) : (
            <>
              <p>{say('search.hint')}</p>
              <p className="fine">{say('search.forms')}</p>
              <p className="fine">{say('search.syntax')}</p>
            </>
          )}
        </div>
      ) : (
        <>
          <div className="search-total">
            <p role="status" data-testid="search-total">
              {found.total === null
                ? found.failure
                  ? failure(found.failure)
                  : say('search.asking')
                : at !== null && found.hits[at]
                  ? say(found.atLeast ? 'search.placeAtLeast' : 'search.place', {
                      place: at + 1,
                      count: found.total,
                    })
                  : say(found.atLeast ? 'search.atLeast' : 'search.total', { count: found.total })}
            </p>
            {found.hits.length > 0 && (
              <>
                <button
                  type="button"
                  className="button icon quiet small"
                  aria-label={say('search.older')}
                  title={`${say('search.older')} (${keysText('nextHit')})`}
                  aria-keyshortcuts={keysForReaders('nextHit')}
                  data-testid="search-older"
                  disabled={at !== null && at >= found.hits.length - 1}
                  onClick={() => step(1)}
                >
                  <ChevronUp size={16} aria-hidden="true" />
                </button>
                <button
                  type="button"
                  className="button icon quiet small"
                  aria-label={say('search.newer')}
                  title={`${say('search.newer')} (${keysText('previousHit')})`}
                  aria-keyshortcuts={keysForReaders('previousHit')}
                  data-testid="search-newer"
                  disabled={at === null || at === 0}
                  onClick={() => step(-1)}
                >
                  <ChevronDown size={16} aria-hidden="true" />
                </button>
              </>
            )}
          </div>
          {misread.length > 0 && (
            <div className="search-none" data-testid="search-misread">
              {misread.map((one) => (
                <p key={one}>{one}</p>
              ))}
            </div>
          )}
          {found.total === 0 && !found.asking && misread.length === 0 && (
            <p className="search-none" data-testid="search-none">
              {say('search.none')}
            </p>
          )}
          <ul
            ref={results}
            className="hits"
            onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
              if (scrollHeight - scrollTop - clientHeight < NEAR_END) void run.further();
            }}
          >
            {found.hits.map((hit, place) => (
              <li key={`${hit.conv}/${hit.n}`}>
                <Hit hit={hit} place={place} current={place === at} known={known} onOpen={open} />
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
  place: number;
  current: boolean;
  known: WhoAndWhere;
  onOpen: (place: number) => void;
}) {
  const { hit, place, current, known, onOpen } = props;
  const { say, short } = useWords();
  const row = known.rowOf(hit.conv);
  return (
    <button
      type="button"
      className="hit"
      data-testid="search-hit"
      data-n={hit.n}
      data-place={place}
      aria-current={current ? 'true' : undefined}
      onClick={() => onOpen(place)}
    >
      {row && <ConversationAvatar row={row} user={known.user} />}
      <span className="hit-title">
        <bdi>{known.titleOf(hit.conv)}</bdi>
      </span>
      <time dateTime={new Date(hit.time).toISOString()}>{short(hit.time, Date.now())}</time>
      <span className="hit-text" dir="auto">
        {row?.form === 'group' || hit.sender === known.user ? (
          <b>{say('search.by', { name: known.nameOf(hit.sender) })} </b>
        ) : null}
        {hit.cut.before && '…'}
        <Marked {...plainFound(hit)} />
        {hit.cut.after && '…'}
      </span>
    </button>
  );
}
