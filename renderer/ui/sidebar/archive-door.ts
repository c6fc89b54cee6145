/** Into the archive and out of it: the door that was used goes, and the one on the other side has the focus. */
import type { MatchbookStore } from '../../store/store.ts';
import { focusConversations } from '../keyboard/regions.ts';

export function turnToArchive(store: MatchbookStore, shown: boolean): void {
  store.conversations.showArchive(shown);
  const door = `[data-testid="archive-${shown ? 'close' : 'open'}"]`;
  // Behind the frame in which a dialog that led here gives the focus back.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const other = document.querySelector<HTMLElement>(door);
      // The last one may have been taken out of it.
      if (other) other.focus();
      else focusConversations();
    }),
  );
}
