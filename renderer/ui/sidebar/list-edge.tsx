import { LIST_WIDTH } from '@matchbook/protocol/bridge/choices';
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { setListWidth } from '../dressed.tsx';
import { usePreferences } from '../use-preferences.ts';
import { useMatchbook } from '../use-store.ts';

/** The end of the list of conversations, which can be moved: by the pointer, by arrows, by a double click back to what fits the window. */
export function ListEdge() {
  const { say } = useWords();
  const { preferences } = useMatchbook();
  const chosen = usePreferences(({ known }) => known?.appearance.listWidth ?? LIST_WIDTH.fitting);
  const drawn = useRef<number | null>(null);
  const choose = (listWidth: number) => void preferences.change({ appearance: { listWidth } });

  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    drawn.current = widthAt(event.currentTarget, event.clientX);
    // Kept when it is let go: each step on the disk would be one too many.
    setListWidth(document.documentElement, drawn.current);
  };
  const onLetGo = () => {
    if (drawn.current !== null) choose(drawn.current);
    drawn.current = null;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const now = chosen || measured(event.currentTarget);
    const towardsEnd = isRightToLeft(event.currentTarget) ? 'ArrowLeft' : 'ArrowRight';
    const next =
      event.key === 'Enter'
        ? LIST_WIDTH.fitting
        : event.key === 'Home'
          ? LIST_WIDTH.least
          : event.key === 'End'
            ? LIST_WIDTH.most
            : event.key === 'ArrowLeft' || event.key === 'ArrowRight'
              ? within(now + (event.key === towardsEnd ? LIST_WIDTH.step : -LIST_WIDTH.step))
              : null;
    if (next === null) return;
    event.preventDefault();
    choose(next);
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved; this is ARIA's window splitter
    <div
      className="list-edge"
      role="separator"
      aria-orientation="vertical"
      aria-label={say('sidebar.edge')}
      aria-valuemin={LIST_WIDTH.least}
      aria-valuemax={LIST_WIDTH.most}
      aria-valuenow={chosen || LIST_WIDTH.least}
      tabIndex={0}
      data-testid="list-edge"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        event.preventDefault();
      }}
      onPointerMove={onPointerMove}
      onLostPointerCapture={onLetGo}
      onDoubleClick={() => choose(LIST_WIDTH.fitting)}
      onKeyDown={onKeyDown}
    />
  );
}

const within = (width: number) => Math.round(Math.min(LIST_WIDTH.most, Math.max(LIST_WIDTH.least, width)));

const isRightToLeft = (element: Element) => getComputedStyle(element).direction === 'rtl';

/** Px of the screen to px at the usual size of text. */
const atUsualSize = (px: number) =>
  (px * 16) / Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

const listOf = (edge: Element) => edge.parentElement!.getBoundingClientRect();

const measured = (edge: Element) => within(atUsualSize(listOf(edge).width));

const widthAt = (edge: Element, x: number) => {
  const { left, right } = listOf(edge);
  return within(atUsualSize(isRightToLeft(edge) ? right - x : x - left));
};
