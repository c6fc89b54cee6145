/** What a filter that is being typed may become: people, conversations, days, files and links. Gone through with the arrows, taken with Enter or Tab. */
import { type KeyboardEvent, type ReactNode, type RefObject, useId, useMemo, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { OPERATORS, type Operator } from '../../store/filters.ts';
import { dayOf, type OperatorWords, openFilter } from '../../store/typed-filters.ts';
import { foldedName } from '../people/folded-name.ts';
import { useMatchbook } from '../use-store.ts';
import { meant, namedLike, type WhoAndWhere } from './who-and-where.ts';

/** Lines of the list. */
const LISTED = 8;

interface Choice {
  value: string;
  shown: string;
  hint: string;
}

const HAVING = ['file', 'link'] as const;
/** Letters from which on a word of one's own language may be meant. */
const WORD = 3;
const isIn = (text: string, part: string) => foldedName(text).includes(foldedName(part.trim()));
/** Days before today that are offered. */
const DAYS = [0, 1, 7, 30, 365] as const;

/** What filters are called in the language of the window. */
function useOperatorWords(): OperatorWords {
  const { say } = useWords();
  return useMemo(
    () =>
      Object.fromEntries(
        OPERATORS.map((operator) => [operator, say(`search.word.${operator}`)]),
      ) as unknown as OperatorWords,
    [say],
  );
}

const isoDay = (at: Date): string =>
  [
    String(at.getFullYear()).padStart(4, '0'),
    String(at.getMonth() + 1).padStart(2, '0'),
    String(at.getDate()).padStart(2, '0'),
  ].join('-');

export function useFilterCompletion(parts: {
  input: RefObject<HTMLInputElement | null>;
  text: string;
  known: WhoAndWhere;
}): {
  list: ReactNode;
  onKeyDown: (event: KeyboardEvent) => boolean;
  onCaret: () => void;
  /** What was typed whole stands for. */
  resolve: (operator: Operator, value: string) => string | null;
  words: OperatorWords;
  field: object;
} {
  const { input, text, known } = parts;
  const { finder } = useMatchbook();
  const { say, ago } = useWords();
  const words = useOperatorWords();
  const id = useId();
  const [caret, setCaret] = useState<number | null>(null);
  const [closed, setClosed] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const open = useMemo(
    () => openFilter(text, Math.min(caret ?? text.length, text.length), words),
    [text, caret, words],
  );
  const choices = useMemo((): Choice[] => {
    if (!open) return [];
    const { operator, value } = open;
    const begins = (...texts: string[]) =>
      texts.some((one) => foldedName(one).startsWith(foldedName(value.trim())));
    switch (operator) {
      case 'from':
        return namedLike(known.people(), value, LISTED).map(({ id: user, name }) => ({
          ...{ value: user, shown: name, hint: '' },
        }));
      case 'in':
        return namedLike(known.places(), value, LISTED).map(({ id: conv, name }) => {
          const row = known.rowOf(conv);
          const hint = row?.form === 'group' ? say('group.members', { count: row.members.length }) : '';
          return { value: conv, shown: name, hint };
        });
      case 'has':
        return HAVING.filter((one) => begins(one) || isIn(say(`search.has.${one}`), value)).map((one) => ({
          ...{ value: one, shown: say(`search.has.${one}`), hint: '' },
        }));
      default: {
        const now = new Date();
        return DAYS.map((back) => {
          const day = isoDay(new Date(now.getFullYear(), now.getMonth(), now.getDate() - back));
          return {
            value: day,
            shown: day,
            hint: back === 0 ? say('search.today') : ago(+now - back * 86_400_000, +now),
          };
        }).filter(({ shown, hint }) => begins(shown, hint));
      }
    }
  }, [open, known, say, ago]);
  const asked = open && `${open.operator} ${open.start} ${open.value}`;
  const shown = asked === closed ? [] : choices;
  const chosen = Math.min(at, Math.max(0, shown.length - 1));

  const take = (choice: Choice) => {
    if (!open) return;
    const rest = `${text.slice(0, open.start)}${text.slice(open.end).replace(/^"/u, '')}`;
    finder.complete(open.operator, choice.value, rest.trim());
    setAt(0);
    setCaret(null);
    input.current?.focus();
  };
  /** Answers whether the key was the list's. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (shown.length === 0 || event.nativeEvent.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((chosen + step + shown.length) % shown.length);
    else if (event.key === 'Enter' || (event.key === 'Tab' && !event.shiftKey)) take(shown[chosen]!);
    else if (event.key === 'Escape') setClosed(asked);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const resolve = (operator: Operator, value: string): string | null => {
    switch (operator) {
      case 'from':
        return meant(known.people(), value);
      case 'in':
        return meant(known.places(), value);
      case 'has':
        return (
          HAVING.find((one) => one === value.toLowerCase()) ??
          HAVING.find((one) => value.length >= WORD && isIn(say(`search.has.${one}`), value)) ??
          null
        );
      default:
        return dayOf(value);
    }
  };
  const list =
    shown.length > 0 && open ? (
      <div
        className="completion search-completion"
        id={id}
        role="listbox"
        aria-label={say('search.completion')}
        data-testid="search-completion"
      >
        {shown.map((choice, i) => (
          <div
            key={choice.value}
            id={`${id}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === chosen}
            className={i === chosen ? 'completion-row chosen' : 'completion-row'}
            onMouseDown={(event) => {
              event.preventDefault();
              take(choice);
            }}
          >
            <bdi>{choice.shown}</bdi>
            <span className="fine">{choice.hint}</span>
          </div>
        ))}
      </div>
    ) : null;
  return {
    ...{ list, onKeyDown, resolve, words },
    onCaret: () => {
      setCaret(input.current?.selectionStart ?? null);
      setAt(0);
    },
    field:
      list === null
        ? { role: 'combobox', 'aria-expanded': false, 'aria-autocomplete': 'list' }
        : {
            ...{ role: 'combobox', 'aria-expanded': true, 'aria-autocomplete': 'list' },
            ...{ 'aria-controls': id, 'aria-activedescendant': `${id}-${chosen}` },
          },
  };
}
