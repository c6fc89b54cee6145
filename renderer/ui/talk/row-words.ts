import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { plainText } from '@matchbook/protocol/markdown/plain';
import { isSpoken } from '@matchbook/protocol/shown-files';
import { useWords } from '../../i18n/words.tsx';
import { saidIn } from '../../store/content.ts';
import { wanted } from '../timeline/wanted.ts';

/** Characters of a message that a list shows. */
const SHOWN = 300;

/** The beginning of what a message says, in a line; the names of its files where it has no text. */
export function useRowWords(user: string): (row: TimelineRow) => string {
  const { say } = useWords();
  return (row) => {
    const { deleted, body } = wanted(row, user);
    if (deleted) return say('quote.deleted');
    const said = saidIn(body);
    if (said && said.text === '' && isSpoken(said)) return say('sidebar.voice');
    return (
      plainText(said?.text ?? '').slice(0, SHOWN) || (said?.files ?? []).map((file) => file.name).join(', ')
    );
  };
}

/** Pinned messages without those that were deleted since, or that one has just unpinned. */
export const stillPinned = (rows: readonly TimelineRow[], user: string): TimelineRow[] =>
  rows.filter((row) => {
    const { deleted, pinned } = wanted(row, user);
    return pinned && !deleted;
  });
