import type { LocalFailure } from '@matchbook/protocol/bridge';

/** A failure of the store as something to throw; crosses the worker's boundary as its `failure`. */
export class StoreFailure extends Error {
  readonly failure: LocalFailure;
  constructor(kind: LocalFailure['kind'], message: string, more: Partial<LocalFailure> = {}) {
    super(message);
    this.name = 'StoreFailure';
    this.failure = { ...more, kind, message };
  }
}

/** SQLite's primary result codes that a person can do something about. */
const FULL = 13;

/** Whatever was thrown, as a failure that a window can show. */
export function failureOf(error: unknown): LocalFailure {
  if (error instanceof StoreFailure) return error.failure;
  const { errcode, code, message } = error as { errcode?: number; code?: string; message?: string };
  if (
    (errcode !== undefined && (errcode & 0xff) === FULL) ||
    code === 'ENOSPC' ||
    /disk is full/.test(message ?? '')
  )
    return {
      kind: 'disk_full',
      message: 'The disk is full. Nothing was lost; free some space and try again.',
    };
  return { kind: 'store_failed', message: message ?? String(error) };
}
