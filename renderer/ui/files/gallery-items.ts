/** What of a conversation the gallery goes through: pictures and films, in the order of their messages. */
import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import type { FileReference } from '@matchbook/protocol/message-body';
import { shownFiles } from '@matchbook/protocol/shown-files';
import { wanted } from '../timeline/wanted.ts';
import { isShown } from './kinds.ts';

export interface GalleryItem {
  /** Of its message. */
  key: string;
  sender: string;
  own: boolean;
  time: number;
  file: FileReference;
}

export function galleryItems(rows: readonly TimelineRow[], user: string): GalleryItem[] {
  return rows
    .filter(({ kind }) => kind === 'message')
    .flatMap((row) => {
      const { body, deleted } = wanted(row, user);
      const files = deleted ? [] : shownFiles(body).files.filter(isShown);
      return files.map((file) => ({ key: row.key, sender: row.sender, own: row.own, time: row.time, file }));
    });
}
