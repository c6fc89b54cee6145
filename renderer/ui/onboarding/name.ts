import { LIMITS } from '@matchbook/protocol/limits';
import type { Words } from '../../i18n/words.tsx';
import { linkIn } from './link-in.ts';

/** Nothing of it is seen: spaces, marks of direction, joiners. */
const UNSEEN = /^[\s\p{Cf}\p{Default_Ignorable_Code_Point}]*$/u;

/** What is wrong with a name, in words; null where nothing is. */
export function nameFault(name: string, { say }: Words): string | null {
  if (UNSEEN.test(name)) return say('name.empty');
  if (linkIn(name) !== null) return say('name.link');
  return [...name.trim()].length > LIMITS.nameLength ? say('name.long', { limit: LIMITS.nameLength }) : null;
}
