import type { Quote, TimelineRow } from '@matchbook/protocol/bridge/views';
import type { PendingChange } from '@matchbook/protocol/bridge/waiting';
import { plainText } from '@matchbook/protocol/markdown/plain';
import { readContent } from '@matchbook/protocol/message-body';
import type { AccountParts } from './account-parts.ts';
import { cut } from './entries/preview.ts';
import { bodyIn, HOLD, type Item, textOf } from './outbox/item.ts';

type Known = Pick<AccountParts, 'user' | 'outbox' | 'history'>;

/** An item of the outbox as a line of the timeline. */
export function waitingRow(known: Known, item: Item): TimelineRow {
  const { user } = known;
  const { id, content, created, frozen, failed, failure, hold, next } = item;
  const quote = quoteOf(known, item);
  return {
    ...(quote ? { quote } : {}),
    ...{ key: `${user}/${id}`, id, n: null, sender: user, own: true },
    ...{ kind: content.kind, body: bodyIn(content), time: created },
    ...{ delivery: failed ? 'failed' : 'queued', save: null, failure, frozen },
    waits: { held: (hold & HOLD.person) !== 0, uploading: (hold & HOLD.upload) !== 0, nextAt: next },
  };
}

/** What a message that waits shows of the one that it answers. */
function quoteOf({ user, outbox, history }: Known, { conv, content, target }: Item): Quote | null {
  if (content.kind !== 'message') return null;
  const about = target === null ? null : outbox.find(target);
  if (about)
    return { n: null, sender: user, text: cut(plainText(textOf(about.content) ?? '')), state: 'there' };
  const reply = readContent(content.body)?.reply;
  return reply === undefined ? null : history.pages.quote(conv, reply);
}

/** What waits to change something, as the row of that carries it. */
export const changeOf = ({ id, content, failed, failure, frozen }: Item): PendingChange => ({
  ...{ id, append: content, delivery: failed ? 'failed' : 'queued' },
  ...{ failure, frozen },
});
