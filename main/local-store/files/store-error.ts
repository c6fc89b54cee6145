import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';

/** A `LocalFailure` as something to throw: how every method of the local store fails. */
export class StoreError extends Error {
  readonly failure: LocalFailure;
  constructor(failure: LocalFailure) {
    super(failure.message);
    this.name = 'StoreError';
    this.failure = failure;
  }
}

/** The file was written by a newer version of the app. */
export class NewerFile extends StoreError {
  /** @param version of its schema @param known the newest that this app reads */
  constructor(version: number, known: number) {
    super({
      kind: 'store_failed',
      message: `The file has version ${version}; this version of Matchbook reads up to ${known}.`,
    });
  }
}

/** A row of the outbox is not what was written. */
export class RowDamage extends Error {
  constructor(what: string) {
    super(`${what} is not what was written`);
    this.name = 'RowDamage';
  }
}

const BUSY = 5;
const READ_ONLY = 8;
const CANNOT_OPEN = 14;
const FULL = 13;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** SQLite's primary code. Not every path of the library sets `errcode`; then its fixed English sentences have to do. */
export function codeOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null) return null;
  // The low byte is the kind; what is above it tells more about it.
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode & 0xff;
  if (!(error instanceof Error)) return null;
  if (error.message.includes('database or disk is full')) return FULL;
  if (error.message.includes('database is locked')) return BUSY;
  if (error.message.includes('attempt to write a readonly database')) return READ_ONLY;
  if (error.message.includes('unable to open database file')) return CANNOT_OPEN;
  if (error.message.includes('database disk image is malformed')) return CORRUPT;
  return error.message.includes('file is not a database') ? NOT_A_DATABASE : null;
}

/** SQLite found the file itself damaged: it must be set aside, trying again changes nothing. */
export function isDamage(error: unknown): boolean {
  if (error instanceof RowDamage) return true;
  const code = codeOf(error);
  return code === CORRUPT || code === NOT_A_DATABASE;
}

/** There is no room left on the disk. */
export function isFull(error: unknown): boolean {
  if (error instanceof StoreError) return error.failure.kind === 'disk_full';
  const enospc = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOSPC';
  return enospc || codeOf(error) === FULL;
}

/** Any error as the failure that the caller is told. */
export function failureOf(error: unknown): LocalFailure {
  if (error instanceof StoreError) return error.failure;
  const message = error instanceof Error ? error.message : String(error);
  if (isFull(error)) return { kind: 'disk_full', message: 'The disk is full; nothing was stored.' };
  return { kind: 'store_failed', message };
}
