/** The parts of a window that one goes between by key, and the messages, which are walked by arrows: there may be too many of them for Tab. */
import { COMPOSER_ID, focusComposer } from '../composer/focus-composer.ts';

const MESSAGES = 'article.message';
/** Who is in it, a thread, what is saved: one at a time. */
const BESIDE = 'aside.info, aside.shelf';
/** The button there that leads the composer to what is beside the conversation. */
const BEGINS_ANSWER = 'data-begins-answer';
const CONTROLS = 'button, input, textarea, [tabindex="0"]';

/** The one that is open, or the first. */
export function focusConversations(): boolean {
  const list = document.querySelector('.conversations');
  const row =
    list?.querySelector<HTMLElement>('[aria-current="true"]') ?? list?.querySelector<HTMLElement>('button');
  row?.focus();
  return row !== undefined && row !== null;
}

/** The newest of those that are shown. */
function focusMessages(): boolean {
  const row = [...document.querySelectorAll<HTMLElement>(MESSAGES)].at(-1);
  row?.focus();
  return row !== undefined;
}

interface Region {
  /** What has the focus is in it. */
  holds: string;
  /** False where it is not shown. */
  enter(): boolean;
}

/** As one reads them. What opens beside a conversation is the last. */
const REGIONS: readonly Region[] = [
  { holds: '.sidebar, .search-pane', enter: () => focusConversations() || focusFirst('.search-pane') },
  { holds: MESSAGES, enter: focusMessages },
  { holds: '.composer', enter: () => focusFirst('.composer', `#${COMPOSER_ID}`) },
  { holds: BESIDE, enter: () => focusFirst(BESIDE) },
];

/** From the conversations, or what was found, to the messages, the field to write in, what is open beside them, and round again; or the other way. */
export function toRegion(by: 1 | -1): boolean {
  const at = document.activeElement;
  const within = REGIONS.findIndex(({ holds }) => at?.closest(holds));
  // Above the messages stands what has no place in the round; elsewhere one begins with the first, or the last.
  const above = at?.closest('main') ? (by === 1 ? 0 : 1) : by === 1 ? -1 : 0;
  const from = within >= 0 ? within : above;
  for (let step = 1; step <= REGIONS.length; step++) {
    const next = REGIONS[(from + by * step + REGIONS.length * 2) % REGIONS.length]!;
    if (next.enter()) return true;
  }
  return false;
}

/** What in it is shown and takes the focus, the one that is asked for before others. */
function focusFirst(place: string, before = 'input'): boolean {
  const region = [...document.querySelectorAll<HTMLElement>(place)].at(-1);
  for (const wanted of [before, CONTROLS])
    for (const control of region?.querySelectorAll<HTMLElement>(wanted) ?? []) {
      control.focus();
      if (document.activeElement === control) return true;
    }
  return false;
}

/** Up, down, to the first and to the last that is there: from a message that has the focus. */
export function walkMessages(event: KeyboardEvent): void {
  const { target, key } = event;
  if (!(target instanceof HTMLElement) || !target.matches(MESSAGES)) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.defaultPrevented) return;
  const rows = [...document.querySelectorAll<HTMLElement>(MESSAGES)];
  const at = rows.indexOf(target);
  const places: Record<string, number> = {
    ArrowUp: at - 1,
    ArrowDown: at + 1,
    Home: 0,
    End: rows.length - 1,
  };
  const place = places[key];
  if (place === undefined) return;
  event.preventDefault();
  const next = rows[place];
  // Below the last message one writes.
  if (next) next.focus();
  else if (key === 'ArrowDown') focusComposer();
}

/** Opened over the window: keys are its own. */
const OVER = '.veil, .menu, .full-dialog';
/** A letter means nothing there: on a button, which a blank or Enter presses, in the list of messages and on one of them, on a pane itself. */
const TAKES_NO_LETTER = `.timeline, ${MESSAGES}, ${BESIDE}, button:not([role="combobox"])`;

/** What is written while nothing has the focus that takes it: it is meant for the conversation that is open, beside a thread for that. A blank scrolls, or presses. */
export function writeFromAnywhere(event: KeyboardEvent): void {
  const { target, key, defaultPrevented, isComposing } = event;
  if (!(target instanceof Element) || defaultPrevented || isComposing) return;
  if (event.ctrlKey || event.metaKey || event.altKey || [...key].length !== 1 || key === ' ') return;
  const nowhere = target === document.body || target.matches(TAKES_NO_LETTER);
  if (!nowhere || document.querySelector(OVER) || target.closest('.floating')) return;
  const answer = target.closest('.shelf')?.querySelector<HTMLElement>(`[${BEGINS_ANSWER}]`);
  // The key then writes there.
  if (answer) answer.click();
  else focusComposer();
}
