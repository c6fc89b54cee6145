import type { LocalFailure } from '@matchbook/protocol/bridge';

/** A `LocalFailure` as something to throw: how every method of the local store fails. */
export class StoreError extends Error {
  readonly failure: LocalFailure;
  constructor(failure: LocalFailure) {
    super(failure.message);
    this.name = 'StoreError';
    this.failure = failure;
  }
}

const FULL = 13;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'errcode' in error ? error.errcode : undefined;

/** SQLite found the file itself damaged: it must be set aside, trying again changes nothing. */
export function isDamage(error: unknown): boolean {
  const code = codeOf(error);
  // The low byte is the kind; what is above it tells more about it.
  return typeof code === 'number' && [CORRUPT, NOT_A_DATABASE].includes(code & 0xff);
}

/** Any error as the failure that the caller is told. */
export function failureOf(error: unknown): LocalFailure {
  if (error instanceof StoreError) return error.failure;
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  const noSpace =
    (typeof code === 'number' && (code & 0xff) === FULL) ||
    (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOSPC');
  if (noSpace) return { kind: 'disk_full', message: 'The disk is full; nothing was stored.' };
  return { kind: 'store_failed', message };
}
