import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import type { PendingChange } from '@matchbook/protocol/bridge/waiting';
import { bodyIn, HOLD, type Item } from './item.ts';

/** An item of the outbox as a line of the timeline. */
export function waitingRow(
  user: string,
  { id, content, created, frozen, failed, failure, hold, next }: Item,
): TimelineRow {
  return {
    ...{ key: `${user}/${id}`, id, n: null, sender: user, own: true },
    ...{ kind: content.kind, body: bodyIn(content), time: created },
    ...{ delivery: failed ? 'failed' : 'queued', save: null, failure, frozen },
    waits: { held: (hold & HOLD.person) !== 0, uploading: (hold & HOLD.upload) !== 0, nextAt: next },
  };
}

/** What waits to change something, as the row of that carries it. */
export const changeOf = ({ id, content, failed, failure, frozen }: Item): PendingChange => ({
  ...{ id, append: content, delivery: failed ? 'failed' : 'queued' },
  ...{ failure, frozen },
});
