import { asTyped } from '@matchbook/protocol/words';

/** A name as people look for it: without case, width, accents and marks of direction, and with letters that many keyboards do not have as those that are typed for them. */
export const foldedName = (name: string): string =>
  asTyped(
    name
      .normalize('NFKD')
      .replace(/[\p{Mn}\u2066-\u2069]/gu, '')
      .toLowerCase(),
  );
