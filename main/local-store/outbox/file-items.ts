/** What of the outbox has files: it waits for them, and they must stay on this device for it. */
import { type FileReference, readContent } from '@matchbook/protocol/message-body';
import { bodyIn, HOLD, type Item } from './item.ts';

export interface FileItem {
  id: string;
  conv: string;
  files: FileReference[];
  /** It is not sent before they are at the server. */
  uploading: boolean;
  /** By the person. */
  held: boolean;
  failed: boolean;
  frozen: boolean;
}

export function fileItems(items: Iterable<Item>): FileItem[] {
  const found: FileItem[] = [];
  for (const { id, conv, content, hold, failed, frozen } of items) {
    const body = bodyIn(content);
    // A draft has the composer's tray beside it, and names no files.
    const files = body && content.kind !== 'draft' ? readContent(body)?.files : undefined;
    if (!files || files.length === 0) continue;
    const uploading = (hold & HOLD.upload) !== 0;
    found.push({ ...{ id, conv, files, uploading, failed, frozen }, held: (hold & HOLD.person) !== 0 });
  }
  return found;
}
