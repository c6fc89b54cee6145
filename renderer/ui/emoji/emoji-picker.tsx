import { type KeyboardEvent, memo, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { WordId } from '../../i18n/english.ts';
import { useWords } from '../../i18n/words.tsx';
import { type Emoji, loadEmoji, namedIn, toned } from './emoji-data.ts';
import { chooseTone, emojiTaste, used } from './emoji-taste.ts';
import { findEmoji } from './find-emoji.ts';

const TONES = ['✋', '✋🏻', '✋🏼', '✋🏽', '✋🏾', '✋🏿'] as const;
/** Of a search. */
const FOUND = 80;

/** All emoji, by group or by what one types; arrows go through them. */
export default function EmojiPicker({ onPick }: { onPick: (unicode: string) => void }) {
  const { say } = useWords();
  const { recent, tone } = useStore(emojiTaste);
  const [all, setAll] = useState<readonly Emoji[] | 'failed' | null>(null);
  const [wanted, setWanted] = useState('');
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let here = true;
    loadEmoji(document.documentElement.lang.slice(0, 2)).then(
      (loaded) => here && setAll(loaded),
      () => here && setAll('failed'),
    );
    return () => {
      here = false;
    };
  }, []);
  const groups = useMemo(() => (Array.isArray(all) ? grouped(all) : []), [all]);
  const found = useMemo(
    () => (Array.isArray(all) && wanted.trim() !== '' ? findEmoji(all, wanted, FOUND) : null),
    [all, wanted],
  );
  const pick = (unicode: string) => {
    used(unicode);
    onPick(unicode);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // An input method has the keys.
    if (event.nativeEvent.isComposing) return;
    const next = document.documentElement.dir === 'rtl' ? -1 : 1;
    const step = { ArrowRight: next, ArrowLeft: -next, ArrowDown: 'down', ArrowUp: 'up' }[event.key] as
      | number
      | 'down'
      | 'up'
      | undefined;
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      frame.current?.querySelector<HTMLElement>('.emoji')?.click();
    }
    if (step === undefined || (event.target instanceof HTMLInputElement && typeof step === 'number')) return;
    event.preventDefault();
    move(frame.current, event.target, step);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the buttons inside
    <div ref={frame} className="emoji-picker" data-testid="emoji-picker" onKeyDown={onKeyDown}>
      <div className="emoji-head">
        <input
          type="search"
          className="field"
          data-testid="emoji-search"
          aria-label={say('emoji.search')}
          placeholder={say('emoji.search')}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
        <fieldset className="emoji-tones" aria-label={say('emoji.tone')}>
          {TONES.map((hand, i) => (
            <button
              key={hand}
              type="button"
              className="emoji-tone"
              aria-pressed={tone === i}
              aria-label={say(`emoji.tone.${i}` as WordId)}
              title={say(`emoji.tone.${i}` as WordId)}
              onClick={() => chooseTone(i)}
            >
              {hand}
            </button>
          ))}
        </fieldset>
      </div>
      <div className="emoji-body">
        {all === 'failed' ? (
          <p className="error">{say('emoji.failed')}</p>
        ) : all === null ? (
          <p className="fine appears-late">{say('shelf.loading')}</p>
        ) : found ? (
          found.length === 0 ? (
            <p className="fine">{say('emoji.none')}</p>
          ) : (
            <EmojiGroup title={null} emoji={found} tone={tone} onPick={pick} />
          )
        ) : (
          <>
            {recent.length > 0 && (
              <section aria-label={say('emoji.recent')}>
                <h3>{say('emoji.recent')}</h3>
                <div className="emoji-grid">
                  {recent.map((unicode) => (
                    <button
                      key={unicode}
                      type="button"
                      className="emoji"
                      aria-label={unicode}
                      onClick={() => pick(unicode)}
                    >
                      {unicode}
                    </button>
                  ))}
                </div>
              </section>
            )}
            {groups.map(({ group, emoji }) => (
              <EmojiGroup
                key={group}
                title={say(`emoji.group.${group}` as WordId)}
                emoji={emoji}
                tone={tone}
                onPick={pick}
              />
            ))}
          </>
        )}
      </div>
    </div>
  );
}

const EmojiGroup = memo(function EmojiGroup(props: {
  title: string | null;
  emoji: readonly Emoji[];
  tone: number;
  onPick: (unicode: string) => void;
}) {
  const { title, emoji, tone, onPick } = props;
  return (
    <section className="emoji-group" aria-label={title ?? undefined}>
      {title !== null && <h3>{title}</h3>}
      <div className="emoji-grid" lang={namedIn(document.documentElement.lang.slice(0, 2))}>
        {emoji.map((one) => (
          <button
            key={one.unicode}
            type="button"
            className="emoji"
            data-testid="emoji"
            aria-label={one.label}
            title={one.codes[0] === undefined ? one.label : `${one.label} :${one.codes[0]}:`}
            onClick={() => onPick(toned(one, tone))}
          >
            {toned(one, tone)}
          </button>
        ))}
      </div>
    </section>
  );
});

function grouped(all: readonly Emoji[]): { group: number; emoji: Emoji[] }[] {
  const groups = new Map<number, Emoji[]>();
  for (const emoji of all) groups.set(emoji.group, [...(groups.get(emoji.group) ?? []), emoji]);
  return [...groups].map(([group, emoji]) => ({ group, emoji }));
}

/** To the next one, or to the nearest of the line above or below. */
function move(frame: HTMLElement | null, from: EventTarget, step: number | 'up' | 'down'): void {
  const all = [...(frame?.querySelectorAll<HTMLElement>('.emoji') ?? [])];
  const at = all.indexOf(from as HTMLElement);
  if (at < 0) return all[0]?.focus();
  if (typeof step === 'number') return all[at + step]?.focus();
  const here = all[at]!.getBoundingClientRect();
  const beyond = (box: DOMRect) => (step === 'down' ? box.top > here.top + 2 : box.top < here.top - 2);
  const rest = step === 'down' ? all.slice(at + 1) : all.slice(0, at).reverse();
  const line = rest.find((one) => beyond(one.getBoundingClientRect()))?.getBoundingClientRect().top;
  if (line === undefined) {
    if (step === 'up') frame?.querySelector<HTMLElement>('input')?.focus();
    return;
  }
  const near = rest.filter((one) => Math.abs(one.getBoundingClientRect().top - line) < 2);
  near.sort(
    (one, other) =>
      Math.abs(one.getBoundingClientRect().left - here.left) -
      Math.abs(other.getBoundingClientRect().left - here.left),
  );
  near[0]?.focus();
}
