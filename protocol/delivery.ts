/**
 * The delivery ladder of one's own message. It never descends: the view keeps the higher of what it had and what it
 * hears. The one way off the ladder is `failed`, from before the log took it.
 */
export const LADDER = ['saving', 'queued', 'sent', 'delivered', 'read'] as const;
export type Rung = (typeof LADDER)[number];
export type Delivery = Rung | 'failed';

/** Whether the API server has it; apart from the ladder, because delivery does not wait for it. */
export type SaveState = 'saved' | 'save_delayed' | 'save_failed';

/** The higher of two deliveries. `failed` gives way to any proof that the log has the message. */
export function higher(one: Delivery, other: Delivery): Delivery {
  if (one === 'failed') return rung(other) >= rung('sent') ? other : one;
  if (other === 'failed') return rung(one) >= rung('sent') ? one : other;
  return rung(one) >= rung(other) ? one : other;
}

const rung = (delivery: Delivery): number => LADDER.indexOf(delivery as Rung);

/** Position registers of one member of a conversation. */
export interface Positions {
  delivered: number;
  read: number;
}

/**
 * Rung of an own message that the log has at place n, from the positions of the *other* members: the lowest of them
 * decides, so that "read" means read by everybody. Without others (notes to self) it stays `sent`.
 */
export function rungAt(n: number, others: readonly Positions[]): 'sent' | 'delivered' | 'read' {
  if (others.length === 0) return 'sent';
  if (others.every((other) => other.read >= n)) return 'read';
  // Whoever has read it has it, even where the delivered register is late: registers are written at most once a second.
  return others.every((other) => Math.max(other.delivered, other.read) >= n) ? 'delivered' : 'sent';
}
