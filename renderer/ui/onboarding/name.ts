import { LIMITS } from '@matchbook/protocol/limits';
import type { Words } from '../../i18n/words.tsx';

/** What is wrong with a name, in words; null where nothing is. */
export function nameFault(name: string, { say }: Words): string | null {
  const length = [...name.trim()].length;
  if (length === 0) return say('name.empty');
  return length > LIMITS.nameLength ? say('name.long', { limit: LIMITS.nameLength }) : null;
}
