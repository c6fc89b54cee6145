/** A name as people look for it: without case, width and accents. */
export const foldedName = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
