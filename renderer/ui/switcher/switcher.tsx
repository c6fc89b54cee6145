import './switcher.css';
import { usedNow } from '@matchbook/protocol/bridge/finding';
import type { LocalSearchPage } from '@matchbook/protocol/bridge/views';
import { MessageSquareText, Search } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import type { MatchbookStore } from '../../store/store.ts';
import { Dialog } from '../base/dialog.tsx';
import { focusComposer } from '../composer/focus-composer.ts';
import type { EarlyKeys } from '../keyboard/early-keys.ts';
import { Marked, markedWords } from '../marked.tsx';
import { otherName } from '../people.ts';
import { plainFound } from '../plain-found.ts';
import { useKnown, useMatchbook } from '../use-store.ts';
import { useGoals } from './candidates.tsx';
import type { Goal } from './goal.ts';
import { prepare, ranked } from './ranking.ts';

/** Lines of each kind. */
const MOST = { names: 8, doing: 6, messages: 5 } as const;
/** What somebody who has typed nothing is shown besides conversations. */
const TAUGHT = 5;
/** From so many letters on messages are looked for, and after such a pause, ms. */
const LETTERS = 2;
const PAUSE = 150;

interface Line {
  id: string;
  group: 'names' | 'doing' | 'messages';
  key: string | null;
  picture: ReactNode;
  name: ReactNode;
  note: string;
  go: (store: MatchbookStore) => void;
}

/** Type a few letters, press Enter: a conversation, a person, a message, a setting, or something to do. */
export default function Switcher(props: {
  account: string;
  early: EarlyKeys;
  /** The field has the focus: keys are heard here from now on. */
  onReady: () => void;
  onClose: () => void;
}) {
  const { account, early, onReady, onClose } = props;
  const store = useMatchbook();
  const { say } = useWords();
  const goals = useGoals(account);
  const uses = useStore(store.finder.state, (state) => state.uses);
  const [query, setQuery] = useState(early.text);
  const [at, setAt] = useState(0);
  /** The letters for which Enter came before anything was found. */
  const [entered, setEntered] = useState<string | null>(null);
  const { messages, waits } = useMessages(account, query);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => void store.finder.learnUses(), [store]);

  // The same lists from key to key: what was worked out of their names is kept.
  const kinds = useMemo(() => {
    const of = (...some: Goal['kind'][]) => goals.filter(({ kind }) => some.includes(kind));
    return {
      asked: { names: of('conversation', 'person'), doing: of('action', 'setting') },
      shown: { names: of('conversation'), doing: of('action') },
    };
  }, [goals]);

  useEffect(() => {
    const idle = requestIdleCallback(() => prepare(kinds.asked.names));
    return () => cancelIdleCallback(idle);
  }, [kinds]);

  const lines = useMemo(() => {
    const now = Date.now();
    const used = (key: string) => (uses[key] ? usedNow(uses[key], now) : 0);
    const asks = query.trim() !== '';
    const { names, doing } = asks ? kinds.asked : kinds.shown;
    const pick = (from: readonly Goal[], group: 'names' | 'doing', most: number): Line[] =>
      ranked(query, from, used, most).map(({ candidate, marks }) => ({
        ...{ id: `${group}-${candidate.key}`, group, key: candidate.key, picture: candidate.picture },
        ...{ name: <Marked text={candidate.name} marks={marks} />, note: candidate.note, go: candidate.go },
      }));
    return [
      ...pick(names, 'names', MOST.names),
      ...pick(doing, 'doing', asks ? MOST.doing : TAUGHT),
      ...messages,
    ];
  }, [kinds, uses, query, messages]);
  const active = Math.min(at, lines.length - 1);
  const choose = (line: Line | undefined) => {
    if (!line) return;
    onClose();
    if (line.key !== null) void store.finder.used(line.key);
    line.go(store);
    if (line.group !== 'doing') requestAnimationFrame(() => requestAnimationFrame(focusComposer));
  };
  const move = (to: number) => {
    const place = (to + lines.length) % Math.max(1, lines.length);
    setAt(place);
    list.current?.querySelector(`[data-place="${place}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') move(active + 1);
    else if (event.key === 'ArrowUp') move(active - 1);
    else if (event.key === 'Enter' && lines.length === 0 && waits) setEntered(query);
    else if (event.key === 'Enter') choose(lines[active]);
    else return;
    event.preventDefault();
  };
  useEffect(() => setQuery(early.text), [early.text]);
  const meant = useRef(choose);
  meant.current = choose;
  useEffect(() => {
    if (query === entered || (early.entered && query === early.text)) meant.current(lines[0]);
  }, [early, entered, query, lines]);
  let heading: Line['group'] | null = null;
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('switcher.title')}
      description={say('switcher.lead')}
      initialFocus={input}
      testId="switcher"
    >
      <div className="switcher">
        <label className="switcher-field">
          <Search size={16} aria-hidden="true" />
          <input
            ref={input}
            type="search"
            role="combobox"
            aria-expanded
            aria-controls={`${id}-list`}
            aria-activedescendant={lines[active] ? `${id}-${active}` : undefined}
            aria-label={say('switcher.title')}
            placeholder={say('switcher.placeholder')}
            data-testid="switcher-input"
            value={query}
            onChange={(event) => {
              setQuery(event.target.value);
              setAt(0);
              setEntered(null);
            }}
            onFocus={onReady}
            onKeyDown={onKeyDown}
          />
        </label>
        <div
          ref={list}
          id={`${id}-list`}
          role="listbox"
          aria-label={say('switcher.title')}
          className="switcher-list"
        >
          {lines.map((line, place) => {
            const first = heading !== line.group;
            heading = line.group;
            return (
              <div key={line.id} role="presentation">
                {first && (
                  <p className="switcher-group" aria-hidden="true">
                    {say(
                      query.trim() === '' && line.group === 'names'
                        ? 'switcher.recent'
                        : `switcher.${line.group}`,
                    )}
                  </p>
                )}
                {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field that has the focus hears the keys */}
                <div
                  id={`${id}-${place}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={place === active}
                  data-place={place}
                  data-testid="switcher-line"
                  data-group={line.group}
                  className="switcher-line"
                  onMouseMove={() => setAt(place)}
                  onClick={() => choose(line)}
                >
                  <span className="switcher-picture">{line.picture}</span>
                  <span className="switcher-name">
                    <bdi>{line.name}</bdi>
                  </span>
                  {line.note !== '' && <small>{line.note}</small>}
                </div>
              </div>
            );
          })}
        </div>
        <p className="fine" aria-live="polite">
          {lines.length === 0 && !waits ? say('switcher.none') : ''}
        </p>
      </div>
    </Dialog>
  );
}

const NONE: Line[] = [];

/** Messages on this device that have the words. `waits`: they are not all looked for yet. */
function useMessages(account: string, query: string): { messages: Line[]; waits: boolean } {
  const store = useMatchbook();
  const { say, short } = useWords();
  const own = useKnown((state) => state.app?.accounts.find((one) => one.account === account));
  const rows = useKnown((state) => state.conversations[account]);
  const [found, setFound] = useState<{ query: string; items: LocalSearchPage['items'] }>({
    query: '',
    items: [],
  });
  const wanted = query.trim();
  useEffect(() => {
    if (wanted.length < LETTERS) return;
    let current = true;
    const timer = setTimeout(() => {
      void store.finder.messages(account, wanted, MOST.messages).then((answer) => {
        if (current) setFound({ query: wanted, items: answer.ok ? answer.value.items : [] });
      });
    }, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [store, account, wanted]);
  const asks = wanted.length >= LETTERS;
  const waits = asks && found.query !== wanted;
  const messages = useMemo(() => {
    if (waits || !asks) return NONE;
    return found.items.map((item): Line => {
      const row = rows?.find(({ conv }) => conv === item.conv);
      const name = row
        ? row.self
          ? say('app.selfTitle')
          : (otherName(row, own?.user ?? '', say) ?? say('app.someone'))
        : say('app.someone');
      return {
        ...{ id: `message-${item.conv}-${item.n}`, group: 'messages', key: null },
        picture: <MessageSquareText size={18} aria-hidden="true" />,
        name: <Marked {...plainFound(item)} />,
        note: `${name}, ${short(item.time, Date.now())}`,
        go: (goes) => goes.navigation.jumpTo({ account, conv: item.conv }, item.n, markedWords(item)),
      };
    });
  }, [found, waits, asks, rows, own, account, say, short]);
  return { messages, waits };
}
