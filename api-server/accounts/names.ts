/** Names that people see: of themselves, of their devices, of the server. */
import { nameFault } from '@matchbook/protocol/text';
import { problem } from '../problems.ts';

/** @throws FailureError `invalid_field` that says what a name has to be */
export function checkName(name: string, field: string): void {
  const fault = nameFault(name);
  if (fault) throw problem('invalid_field', `${field}: ${fault}.`, { field });
}
