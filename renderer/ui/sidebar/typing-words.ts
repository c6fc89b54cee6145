import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import type { Words } from '../../i18n/words.tsx';

/** Who writes, in words. */
export function typingWords(names: readonly string[], direct: boolean, { say }: Words): string {
  if (direct) return say('typing.direct');
  if (names.length === 1) return say('typing.one', { name: names[0]! });
  if (names.length === 2) return say('typing.two', { name: names[0]!, other: names[1]! });
  return say('typing.many', { count: names.length });
}

/** Who writes besides oneself: whoever has left meanwhile does not. */
export const writers = (typing: readonly string[] | undefined, row: ConversationRow, own: string): string[] =>
  (typing ?? []).filter((one) => one !== own && row.members.some(({ user }) => user === one));
