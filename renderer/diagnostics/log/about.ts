/** What an event is about, in one line. */
import type { NumberedEvent } from '@matchbook/protocol/bridge/diagnostics';
import type { Words } from '../../i18n/words.tsx';
import { closeWord, isClose } from '../link/close-words.ts';
import { duration } from '../quantities.ts';
import type { Names } from './names.ts';

/** Letters that are written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;

/** Parts in the order of reading; ids come last. */
export function aboutOf(event: NumberedEvent, names: Names, words: Words): string {
  const { say } = words;
  const { conv, n, count, behind, attempt, seq, ref, code, ms, wait, ids, via, type } = event;
  if (type === 'lost-events') return say('log.dropped', { count: count ?? 0 });
  const parts: string[] = [];
  if (conv !== undefined) parts.push(titleOf(conv, names, words));
  if (n)
    parts.push(
      n[0] === n[1] ? say('log.place', { from: n[0] }) : say('log.places', { from: n[0], to: n[1] }),
    );
  if (count !== undefined && count !== 1) parts.push(say('log.items', { count }));
  if (attempt !== undefined) parts.push(say('log.attempt', { attempt }));
  if (code !== undefined)
    parts.push(
      isClose(via, code)
        ? `${say('log.code', { code: String(code) })}: ${say(closeWord(code))}`
        : say('log.code', { code: String(code) }),
    );
  if (event.words !== undefined) parts.push(event.words);
  if (wait !== undefined) parts.push(say('log.waits', { time: duration(wait, words) }));
  if (ms !== undefined) parts.push(duration(ms, words));
  if (behind !== undefined && behind > 0) parts.push(say('log.behind', { behind }));
  if (seq !== undefined) parts.push(say('log.seq', { seq }));
  if (ref !== undefined) parts.push(say('log.ref', { ref: String(ref) }));
  if (ids && ids.length > 0) parts.push(ids.join(' '));
  // Names, ids and sentences of either direction follow each other as the page reads: else parts of one stand inside another (UAX #9).
  const isolated = parts.map((part) => `\u2068${part}\u2069`).join(' · ');
  if (words.direction === 'rtl') return `\u200f${isolated}`;
  return parts.some((part) => RIGHT_TO_LEFT.test(part)) ? `\u200e${isolated}` : parts.join(' · ');
}

export function titleOf(conv: string, { conversations }: Names, { say }: Words): string {
  const title = conversations.get(conv);
  return title === undefined ? conv : title === '' ? say('log.self') : title;
}

/** 14:05:31.042 */
export function preciseTime(at: number, { clock }: Words): string {
  return clock(at).replace(/(\d{2})(?!.*\d{2})/, `$1.${String(Math.floor(at % 1_000)).padStart(3, '0')}`);
}
