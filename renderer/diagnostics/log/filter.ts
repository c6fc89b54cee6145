/** Which events of the log are shown. Pure. */
import type { NumberedEvent } from '@matchbook/protocol/bridge/diagnostics';

export interface Filter {
  /** Words that must all stand somewhere in the event. */
  text: string;
  /** `life`: what is no frame. */
  show: 'all' | 'in' | 'out' | 'life';
  /** A type, or all. */
  type: string;
  /** An account, or all. */
  account: string;
}

export const EVERYTHING: Filter = { text: '', show: 'all', type: '', account: '' };

export function matcherOf({ text, show, type, account }: Filter): (event: NumberedEvent) => boolean {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (event) => {
    if (show === 'life' ? event.via !== 'life' : show !== 'all' && event.dir !== show) return false;
    if (type !== '' && event.type !== type) return false;
    // What concerns the app as a whole belongs to the story of every account.
    if (account !== '' && event.account !== null && event.account !== account) return false;
    if (wanted.length === 0) return true;
    const hay = hayOf(event);
    return wanted.every((word) => hay.includes(word));
  };
}

const hays = new WeakMap<NumberedEvent, string>();

/** Everything of an event that can be searched, made once: as it arrives, because for all that are held at the first key of a search it would be a long task. */
export function hayOf(event: NumberedEvent): string {
  const known = hays.get(event);
  if (known !== undefined) return known;
  const { type, via, conv = '', ids = [], words = '', code = '', n, ref, contents = '' } = event;
  const hay = [type, via, conv, ...ids, words, code, n ? `n${n[0]}` : '', ref ?? '', contents]
    .join(' ')
    .toLowerCase();
  hays.set(event, hay);
  return hay;
}
