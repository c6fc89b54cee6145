/**
 * What a session does, event by event, for whoever wants to show it: every frame and every step of its life. Sizes and ids, never a body,
 * never a token.
 */
import type { DownFrame, UpFrame } from '@matchbook/protocol/frames';
import type { SessionStateKind } from '@matchbook/protocol/session-state';

export interface SessionEvent {
  /** Wall clock, ms. */
  at: number;
  /** `in` and `out` are frames, over a socket or by HTTP; `life` is everything else: dialling, opening, closing, advice. */
  direction: 'in' | 'out' | 'life';
  /** The frame's `t`, or what happened: `dial`, `open`, `close`, `poll`, `polled`, `advice`, `state`, `explained` ... */
  type: string;
  /** Characters of the frame's text; 0 where there is none. */
  size: number;
  /** Ids of the items in it, at most 64. */
  ids: string[];
  /** What the session was doing then. */
  phase: SessionStateKind;
  /** Close code, or HTTP status. */
  code?: number;
  /** In words. */
  message?: string;
}

const IDS = 64;

/** Ids that a frame names, without its bodies. */
export function idsOf(frame: UpFrame | DownFrame): string[] {
  if ('ids' in frame) return frame.ids.slice(0, IDS);
  if (!('items' in frame)) return [];
  return frame.items
    .slice(0, IDS)
    .map((item) => ('id' in item && typeof item.id === 'string' ? item.id : ''))
    .filter(Boolean);
}

/** The same of a frame that was not parsed: `conv`, `n` and `h` stand before the id of an entry, and no body does. */
export function idsIn(text: string): string[] {
  const ids: string[] = [];
  for (const match of text.matchAll(/"h":"[0-9a-f]{16}","id":"([\w-]{1,64})"/g)) {
    if (ids.length === IDS) break;
    ids.push(match[1]!);
  }
  return ids;
}
