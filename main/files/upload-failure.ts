import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';

/** What is damaged on the way is sent again so often before that is said. */
const DAMAGED = 3;

/** What can never succeed, as it is said to the person; null for everything that later may. */
export function finalFailure(failure: LocalFailure, damaged: number): LocalFailure | null {
  if (failure.kind === 'body_too_large')
    return { ...failure, kind: failure.field === 'quota' ? 'quota_full' : 'file_too_large' };
  if (failure.kind === 'invalid_field' && failure.field === 'type')
    return { ...failure, kind: 'file_type_refused' };
  if (failure.kind === 'file_missing' || failure.kind === 'forbidden' || failure.kind === 'not_allowed')
    return failure;
  return damaged >= DAMAGED ? failure : null;
}
