/** The list of what the word before the caret may become: shown above the composer, gone through with the arrows, taken with Enter or Tab. */
import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import { type KeyboardEvent, type RefObject, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { WordId } from '../../i18n/english.ts';
import { useWords } from '../../i18n/words.tsx';
import { ALL, type Person } from '../../store/mentions.ts';
import { type Emoji, loadEmoji, toned } from '../emoji/emoji-data.ts';
import { emojiTaste, used } from '../emoji/emoji-taste.ts';
import { findEmoji } from '../emoji/find-emoji.ts';
import { useClosed } from '../people/use-closed.ts';
import { useMatchbook } from '../use-store.ts';
import { commandsLike } from './commands.ts';
import { inTurn, meansEveryone, peopleLike, type Query, queryAt } from './completion.ts';
import { writeText } from './write-text.ts';

/** Lines of the list. */
const LISTED = 8;

interface Choice {
  key: string;
  /** What takes the place of the word. */
  text: string;
  shown: string;
  hint: string;
}

export function useCompletion(parts: {
  box: RefObject<HTMLTextAreaElement | null>;
  text: string;
  row: Pick<ConversationRow, 'account' | 'form' | 'members'>;
  people: readonly Person[];
}) {
  const { box, text, row, people } = parts;
  const { say, compare } = useWords();
  const store = useMatchbook();
  const id = useId();
  const [caret, setCaret] = useState(0);
  const [closed, setClosed] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  /** The text as it stands after the last choice, whose blank is behind it already. */
  const placed = useRef<{ value: string; end: number } | null>(null);
  const [emoji, setEmoji] = useState<readonly Emoji[] | null>(null);
  const query = useMemo(() => queryAt(text, Math.min(caret, text.length)), [text, caret]);
  const wantsEmoji = query?.kind === 'emoji';
  useEffect(() => {
    if (!wantsEmoji) return;
    let here = true;
    void loadEmoji(document.documentElement.lang.slice(0, 2)).then(
      (all) => here && setEmoji(all),
      // The word stays what it is.
      () => {},
    );
    return () => {
      here = false;
    };
  }, [wantsEmoji]);
  const wantsPeople = query?.kind === 'people';
  const asked = useMemo(() => people.map(({ user }) => user), [people]);
  const gone = useClosed(row.account, asked, wantsPeople);
  /** Who was known to be gone when the word was begun: none is taken out of the list while one chooses. */
  const [left, setLeft] = useState(gone);
  useEffect(() => {
    if (!wantsPeople) setLeft(gone);
  }, [wantsPeople, gone]);
  const group = row.form === 'group';
  const others = row.members.length - 1;
  const choices = useMemo((): Choice[] => {
    // Of what is shown now, the last first: what is said while one chooses changes no order.
    const spoke = () => (store.state.getState().timeline?.rows ?? []).map(({ sender }) => sender).reverse();
    if (!query) return [];
    switch (query.kind) {
      case 'people': {
        const word = say('complete.everyone');
        const all =
          group && others > 0 && meansEveryone(word, say('complete.everyoneAlso'), query.word)
            ? [
                {
                  key: ALL,
                  text: `@${word} `,
                  shown: word,
                  hint: say('complete.everyoneHint', { count: others }),
                },
              ]
            : [];
        // Last: nobody calls everybody by the first key.
        return [
          ...inTurn(
            peopleLike(people, query.word).filter(({ user }) => !left.has(user)),
            spoke(),
            compare,
          )
            .slice(0, LISTED - all.length)
            .map(({ user, name }) => ({
              ...{ key: user, text: `@${name} `, shown: name },
              hint: gone.has(user) ? say('group.closed') : '',
            })),
          ...all,
        ];
      }
      case 'emoji':
        return findEmoji(emoji ?? [], query.word, LISTED).map((one) => {
          const unicode = toned(one, emojiTaste.getState().tone);
          return {
            key: one.unicode,
            text: `${unicode} `,
            shown: unicode,
            hint: `:${one.codes[0] ?? one.label}:`,
          };
        });
      case 'command':
        return commandsLike(query.word, group).map((command) => ({
          ...{ key: command, text: `/${command} `, shown: `/${command}` },
          hint: say(`command.${command}` as WordId),
        }));
    }
  }, [query, people, left, gone, emoji, group, others, say, compare, store]);
  const wording = query && `${query.kind} ${query.from} ${query.word}`;
  const shown = wording === closed ? [] : choices;
  const chosen = Math.min(at, Math.max(0, shown.length - 1));

  const take = (choice: Pick<Choice, 'text' | 'shown'>, of: Query) => {
    const area = box.current;
    if (!area) return;
    if (of.kind === 'emoji') used(choice.shown);
    const value =
      area.value.slice(0, of.from) +
      choice.text +
      area.value.slice(of.from + of.word.length + 1).replace(/^ /, '');
    const end = of.from + choice.text.length;
    writeText(area, { text: value, start: end, end });
    placed.current = { value, end };
    setCaret(end);
    setAt(0);
  };
  /** Whether nothing was written since, and the caret stands where it was put: a blank typed there is the one that came with the choice. */
  const isPlaced = (): boolean => {
    const area = box.current;
    if (!area || !placed.current?.value.slice(0, placed.current.end).endsWith(' ')) return false;
    const { value, end } = placed.current;
    return area.value === value && area.selectionStart === end && area.selectionEnd === end;
  };
  /** Answers whether the key was the list's. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    // 229: an input method has the key, where only that says so.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return false;
    if (event.key === ' ' && !event.ctrlKey && !event.metaKey && !event.altKey && isPlaced()) {
      placed.current = null;
      event.preventDefault();
      return true;
    }
    if (!query) return false;
    // A shortcode that is written to its end is the emoji, also where the list is closed; undone, it is the word again.
    const whole =
      event.key === ':' && query.kind === 'emoji'
        ? emoji?.find(({ codes }) => codes.includes(query.word))
        : undefined;
    if (whole) {
      const unicode = toned(whole, emojiTaste.getState().tone);
      take({ shown: unicode, text: unicode }, query);
      event.preventDefault();
      event.stopPropagation();
      return true;
    }
    if (shown.length === 0) return false;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && !event.altKey && !event.ctrlKey && !event.metaKey)
      setAt((chosen + step + shown.length) % shown.length);
    else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') {
      const choice = shown[chosen]!;
      // What is written out already is done and sent, not completed.
      const mark = query.kind === 'people' ? '@' : '/';
      const done = query.kind !== 'emoji' && choice.text === `${mark}${query.word} `;
      if (event.key === 'Enter' && done) return false;
      take(choice, query);
    } else if (event.key === 'Escape') setClosed(wording);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const list =
    shown.length > 0 && query ? (
      <div
        className="completion"
        id={id}
        role="listbox"
        aria-label={say(
          query.kind === 'people'
            ? 'complete.people'
            : query.kind === 'emoji'
              ? 'complete.emoji'
              : 'complete.commands',
        )}
        data-testid="completion"
      >
        {shown.map((choice, i) => (
          <div
            key={choice.key}
            id={`${id}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === chosen}
            className={i === chosen ? 'completion-row chosen' : 'completion-row'}
            onMouseDown={(event) => {
              event.preventDefault();
              take(choice, query);
            }}
          >
            <bdi>{choice.shown}</bdi>
            <span className="fine">{choice.hint}</span>
          </div>
        ))}
      </div>
    ) : null;
  return {
    list,
    onKeyDown,
    /** Whenever the caret may have moved. */
    onCaret: () => setCaret(box.current?.selectionStart ?? 0),
    field:
      list === null
        ? {}
        : {
            'aria-autocomplete': 'list' as const,
            'aria-controls': id,
            'aria-activedescendant': `${id}-${chosen}`,
          },
  };
}
