/** English, 40 % longer and with marks on its letters: what does not fit, or is not in the catalogue, is seen at once. Arguments stay as they are. */
import type { Catalogue } from './catalogue.ts';
import { english } from './english.ts';
import type { WordId } from './word-id.ts';

const MARKED: Record<string, string> = { a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú', A: 'Á', E: 'É', O: 'Ó' };
const PAD =
  ' lorem ipsum dolor sit amet consetetur sadipscing elitr sed diam nonumy eirmod tempor invidunt ut labore';

/** Text outside of all braces is marked; a whole message is made longer at its end. */
export function lengthened(message: string): string {
  let depth = 0;
  let marked = '';
  for (const letter of message) {
    if (letter === '{') depth += 1;
    marked += depth === 0 ? (MARKED[letter] ?? letter) : letter;
    if (letter === '}') depth -= 1;
  }
  const more = Math.ceil(message.replace(/\{[^{}]*\}/g, '').length * 0.4);
  return `[${marked}${PAD.repeat(Math.ceil(more / PAD.length)).slice(0, more)}]`;
}

export const catalogue: Catalogue = Object.fromEntries(
  Object.entries(english).map(([id, message]) => [id as WordId, lengthened(message)]),
);
