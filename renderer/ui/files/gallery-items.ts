/** What of a conversation the gallery goes through: pictures and films, in the order of their messages. */
import type { SharedItem } from '@matchbook/protocol/bridge/people';
import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import type { FileReference } from '@matchbook/protocol/message-body';
import { shownFiles } from '@matchbook/protocol/shown-files';
import { wanted } from '../timeline/wanted.ts';
import { isShown } from './kinds.ts';

export interface GalleryItem {
  /** Place of its message; null while it waits to be sent. */
  n: number | null;
  /** Of the row of one that waits. */
  key: string | null;
  sender: string;
  own: boolean;
  time: number;
  file: FileReference;
}

/**
 * @param shared of the whole conversation, as far as it was asked for, newest first
 * @param rows that are shown: they know what was taken back or changed just now, and what waits
 */
export function galleryItems(
  shared: readonly SharedItem[],
  rows: readonly TimelineRow[],
  user: string,
): GalleryItem[] {
  const messages = rows.filter(({ kind }) => kind === 'message');
  const here = new Set(messages.flatMap(({ n }) => n ?? []));
  const others = shared
    .filter(({ n }) => !here.has(n))
    .flatMap(({ n, sender, time, files }) =>
      files.filter(isShown).map((file) => ({ n, key: null, sender, own: sender === user, time, file })),
    );
  const shown = messages.flatMap((row) => {
    const { body, deleted } = wanted(row, user);
    const { n, sender, own, time } = row;
    const files = deleted ? [] : shownFiles(body).files.filter(isShown);
    return files.map((file) => ({ n, key: n === null ? row.key : null, sender, own, time, file }));
  });
  const place = ({ n }: GalleryItem) => n ?? Number.POSITIVE_INFINITY;
  // Of one message in their order, also of those that wait.
  return [...others, ...shown].sort((one, other) =>
    place(one) === place(other) ? 0 : place(one) - place(other),
  );
}
