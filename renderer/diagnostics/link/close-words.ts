/** What a WebSocket close code means: RFC 6455's and ours (protocol/failures.ts), one word each. */
import { isWord, type WordId } from '../../i18n/word-id.ts';

export function closeWord(code: number): WordId {
  const own = `close.${code}`;
  if (isWord(own)) return own;
  if (code >= 3_000 && code < 4_000) return 'close.registered';
  return code >= 4_000 && code < 5_000 ? 'close.private' : 'close.unknown';
}

/** Steps that are not frames name how a connection was closed, or what a request was answered with. */
export const isClose = (via: string, code: number): boolean => via === 'life' && code >= 1_000;
