import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';

/** A failure that windows show, as something to throw inside main. */
export class LocalError extends Error {
  readonly failure: LocalFailure;
  constructor(kind: LocalFailure['kind'], message: string, more: Partial<LocalFailure> = {}) {
    super(message);
    this.name = 'LocalError';
    this.failure = { ...more, kind, message };
  }
}

/** Whatever was thrown, as a failure; what nobody foresaw keeps its message and nothing else. */
export function asFailure(error: unknown): LocalFailure {
  if (typeof error === 'object' && error !== null && 'failure' in error) return error.failure as LocalFailure;
  const noRoom = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOSPC';
  if (noRoom) return { kind: 'disk_full', message: 'The disk is full; nothing was stored.' };
  return { kind: 'store_failed', message: error instanceof Error ? error.message : String(error) };
}

/** No rights, no such folder any more, a folder of that name: to try again there would not help. */
const REFUSES = /^(EACCES|EPERM|EROFS|ENOENT|ENOTDIR|EISDIR|ENOTEMPTY|EEXIST|ENAMETOOLONG|EINVAL)$/;

/** Of what is written where the person wants it. @throws what was thrown, as `place_refused` where the place is at fault */
export function refusedPlace(error: unknown): never {
  const { code = '', message } = error as NodeJS.ErrnoException;
  throw REFUSES.test(code) ? new LocalError('place_refused', message) : error;
}
