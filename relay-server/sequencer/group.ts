import type { Failure } from '@matchbook/protocol/failures';
import type { GroupResult, LogHead, LogRequest } from './messages.ts';

export interface GroupLog {
  readonly head: LogHead;
  commit(requests: readonly LogRequest[]): GroupResult;
}

/** Items that a request weighs in a group. */
export function weight(request: LogRequest): number {
  if (request.type === 'append' || request.type === 'internal') return request.items.length;
  return request.type === 'delivered' ? request.positions.length : 1;
}

/** The next group: requests in order, at most `limit` items, at least one request. */
export function takeGroup<R extends { request: LogRequest }>(queue: R[], limit: number): R[] {
  let items = 0;
  let count = 0;
  while (count < queue.length) {
    items += weight(queue[count]!.request);
    if (count > 0 && items > limit) break;
    count += 1;
  }
  return queue.splice(0, count);
}

/** SQLite says the disk is full: refused, and tried again later. */
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** After these nothing can be promised any more: what was written is unknown. */
export function isFatal(error: unknown): boolean {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  const primary = typeof code === 'number' ? code & 0xff : 0;
  return primary === SQLITE_IOERR || primary === SQLITE_CORRUPT || primary === SQLITE_NOTADB;
}

const UNAVAILABLE: Failure = {
  kind: 'storage_unavailable',
  message: 'The log cannot store this at the moment.',
  retryAfter: 2,
};

/**
 * Commits a group. Where that fails, every request is tried in a transaction of its own, and those that fail again are
 * refused as retryable. Throws only what `isFatal` names.
 */
export function commitGroup(
  log: GroupLog,
  requests: readonly LogRequest[],
  report: (error: unknown) => void,
): GroupResult {
  try {
    return log.commit(requests);
  } catch (error) {
    if (isFatal(error)) throw error;
    report(error);
  }
  const result: GroupResult = { outcomes: [], committed: [], head: log.head, repeated: 0 };
  for (const request of requests) {
    try {
      const one = log.commit([request]);
      result.outcomes.push(one.outcomes[0]!);
      result.committed.push(...one.committed);
      result.head = one.head;
      result.repeated += one.repeated;
    } catch (error) {
      if (isFatal(error)) throw error;
      report(error);
      result.outcomes.push(refused(request));
    }
  }
  return result;
}

/**
 * Copies the WAL back where it is time to. A disk that is full at that moment has stored all the same what was answered: the WAL keeps it, and the next group tries
 * again. Throws only what `isFatal` names.
 */
export function copyBack(log: { checkpoint(): void }, report: (error: unknown) => void): void {
  try {
    log.checkpoint();
  } catch (error) {
    if (isFatal(error)) throw error;
    report(error);
  }
}

export function refused(request: LogRequest): GroupResult['outcomes'][number] {
  if (request.type === 'append' || request.type === 'internal')
    return request.items.map(({ id }) => ({ ok: false, id, failure: UNAVAILABLE }));
  // A probe and the relay's own registers have no items; an outcome says that they were not stored.
  return [{ ok: false, id: request.type, failure: UNAVAILABLE }];
}
