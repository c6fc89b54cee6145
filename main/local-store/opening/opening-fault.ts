import { accessSync, constants } from 'node:fs';
import type { StoreFault, StoreFaultReason } from '@matchbook/protocol/bridge/store-fault';
import { codeOf, failureOf, NewerFile, StoreError } from '../files/store-error.ts';

/** SQLite's primary codes (sqlite.org/rescode.html). */
const BY_CODE: Readonly<Record<number, StoreFaultReason>> = {
  3: 'denied',
  5: 'locked',
  6: 'locked',
  8: 'read_only',
  13: 'full',
  23: 'denied',
};
const BY_ERRNO: Readonly<Record<string, StoreFaultReason>> = {
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'read_only',
  EBUSY: 'locked',
  ENOSPC: 'full',
  EDQUOT: 'full',
};

/** What kept a file from being opened, as something to throw that says which file it was and why. */
export function openingFault(error: unknown, path: string, part: StoreFault['part']): StoreError {
  if (error instanceof StoreError && error.failure.store) return error;
  const failure = failureOf(error);
  const reason = reasonOf(error, path);
  return new StoreError({ ...failure, store: { path, part, reason, detail: failure.message } });
}

function reasonOf(error: unknown, path: string): StoreFaultReason {
  if (error instanceof NewerFile) return 'newer';
  const errno = errnoOf(error);
  if (errno !== null && BY_ERRNO[errno]) return BY_ERRNO[errno];
  const told = BY_CODE[codeOf(error) ?? 0];
  // SQLite says the same of a file that may not be opened and of one that cannot be, and the same of a file system and of a file that takes no writing.
  if (told !== undefined && told !== 'read_only') return told;
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return told ?? 'unreadable';
  } catch (denied) {
    return BY_ERRNO[errnoOf(denied) ?? ''] ?? told ?? 'unreadable';
  }
}

const errnoOf = (error: unknown): string | null =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
