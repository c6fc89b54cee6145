/** The picture of a group, as its conversation tells of it. */
import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import { shownFiles } from '@matchbook/protocol/shown-files';

/** Hash of a group's picture, as it will be when what waits has gone out; null without one. */
export function groupPictureOf({ picture, changes = [] }: ConversationRow): string | null {
  const waiting = changes.findLast(
    ({ append, delivery }) => append.kind === 'picture' && delivery !== 'failed',
  );
  const body = waiting ? ('body' in waiting.append && waiting.append.body) || null : picture;
  return shownFiles(body).files[0]?.hash ?? null;
}
