import type { TimelineRow } from '@matchbook/protocol/bridge/views';

/** An own message that has not gone out: it failed, or it waits and was never tried. */
export const isUnsent = ({ own, delivery, frozen }: TimelineRow): boolean =>
  own && (delivery === 'failed' || (delivery === 'queued' && !frozen));
