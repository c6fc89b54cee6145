/** Pictures of people and groups, as the conversations that one has tell of them. */
import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import { shownFiles } from '@matchbook/protocol/shown-files';

const known = new WeakMap<readonly ConversationRow[], ReadonlyMap<string, string>>();

/** Hash of somebody's picture; null without one. */
export function pictureOf(rows: readonly ConversationRow[], user: string): string | null {
  let pictures = known.get(rows);
  if (!pictures) {
    const found = new Map<string, string>();
    for (const { members } of rows)
      for (const { user: member, avatar } of members) if (avatar) found.set(member, avatar);
    known.set(rows, found);
    pictures = found;
  }
  return pictures.get(user) ?? null;
}

/** Hash of a group's picture, as it will be when what waits has gone out; null without one. */
export function groupPictureOf({ picture, changes = [] }: ConversationRow): string | null {
  const waiting = changes.findLast(
    ({ append, delivery }) => append.kind === 'picture' && delivery !== 'failed',
  );
  const body = waiting ? ('body' in waiting.append && waiting.append.body) || null : picture;
  return shownFiles(body).files[0]?.hash ?? null;
}
