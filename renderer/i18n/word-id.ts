import { english, type WordId } from './english.ts';

export type { WordId };
export const isWord = (id: string): id is WordId => Object.hasOwn(english, id);
