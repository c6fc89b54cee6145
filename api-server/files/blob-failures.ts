/** What can be wrong with where the bytes are, in words for an admin, and whether the same request may succeed later. */
import type { Failure } from '@matchbook/protocol/failures';

/**
 * - `missing`: there are no such bytes, and asking again brings none
 * - `away`: the store does not answer, or asks for patience: later
 * - `refused`: the store does not let this server in as it is set up: later, when somebody has corrected that
 */
export type BlobFailureKind = 'missing' | 'away' | 'refused';

export class BlobFailure extends Error {
  readonly kind: BlobFailureKind;
  constructor(kind: BlobFailureKind, message: string) {
    super(message);
    this.name = 'BlobFailure';
    this.kind = kind;
  }
}

/** For who asked, s: a busy store is asked again soon, one that has to be set up anew after a while. */
const AGAIN = { away: 5, refused: 60 };

/** For people, who need not know how this server keeps files; null for what is no failure of its store. */
export function failureOf(error: unknown): Failure | null {
  if (!(error instanceof BlobFailure)) return null;
  return error.kind === 'missing'
    ? { kind: 'not_found', message: 'The bytes of this file are not on the server any more.' }
    : {
        kind: 'storage_unavailable',
        message: 'The files cannot be reached now.',
        retryAfter: AGAIN[error.kind],
      };
}
