/** The parts of a window that one goes between by key, and the messages, which are walked by arrows: there may be too many of them for Tab. */
import { focusComposer } from '../composer/focus-composer.ts';

const MESSAGES = 'article.message';

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

/** From the list of conversations to the messages, to the field to write in, and round again. */
export function nextRegion(): boolean {
  const at = document.activeElement;
  const write = () => {
    focusComposer();
    return true;
  };
  if (at?.closest('.sidebar')) return focusMessages() || write();
  if (at?.closest(MESSAGES)) return write();
  return focusConversations() || focusMessages() || write();
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
