import type { WordId } from './word-id.ts';

/** What a language says of what English says; what is missing is said in English. */
export type Catalogue = Partial<Record<WordId, string>>;
