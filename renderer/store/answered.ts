/** An answer whose failure has no field to stand beside is shown as a line. */
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type { StoreApi } from 'zustand/vanilla';
import type { MatchbookState } from './state.ts';

/** Resolves with the value, or with null where it failed and the person was told. */
export type Answered = <T>(answer: Promise<Outcome<T>>) => Promise<T | null>;

export function answeredIn(state: StoreApi<MatchbookState>): Answered {
  return async (answer) => {
    const got = await answer;
    if (got.ok) return got.value;
    // Main tells of an account a moment before its store is open; whatever opens it also asks again.
    if (got.failure.kind !== 'no_such_account') state.setState({ failure: got.failure });
    return null;
  };
}
