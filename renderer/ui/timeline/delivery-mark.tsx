import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import type { Delivery } from '@matchbook/protocol/delivery';
import { Check, CheckCheck, CircleAlert, CircleDashed, Clock3, CloudAlert } from 'lucide-react';
import type { WordId } from '../../i18n/english.ts';
import { useWords } from '../../i18n/words.tsx';

const ICONS = {
  saving: CircleDashed,
  queued: Clock3,
  sent: Check,
  delivered: CheckCheck,
  read: CheckCheck,
  failed: CircleAlert,
} as const satisfies Record<Delivery, unknown>;

export function DeliveryIcon({ delivery }: { delivery: Delivery }) {
  const { say } = useWords();
  const Icon = ICONS[delivery];
  const label = say(`delivery.${delivery}`);
  return (
    <span className="delivery" data-delivery={delivery} role="img" aria-label={label} title={label}>
      <Icon size={14} aria-hidden="true" />
    </span>
  );
}

/** How far an own message has come, and apart from it whether the server keeps it. */
export function DeliveryMark({ row }: { row: TimelineRow }) {
  const { say } = useWords();
  if (!row.delivery) return null;
  const save: WordId | null =
    row.save === 'save_delayed' ? 'save.delayed' : row.save === 'save_failed' ? 'save.failed' : null;
  const id: WordId = row.delivery === 'queued' && row.frozen ? 'delivery.frozen' : `delivery.${row.delivery}`;
  const Icon = ICONS[row.delivery];
  // Of a group, the mark alone tells what all have done.
  const words =
    row.reach && row.n !== null && row.delivery !== 'read'
      ? `${say(id)}. ${say('message.reach', row.reach)}`
      : say(id);
  return (
    <>
      {save && (
        <span className="delivery save" role="img" aria-label={say(save)} title={say(save)}>
          <CloudAlert size={14} aria-hidden="true" />
        </span>
      )}
      <span className="delivery" data-delivery={row.delivery} role="img" aria-label={words} title={words}>
        <Icon size={14} aria-hidden="true" />
      </span>
    </>
  );
}
