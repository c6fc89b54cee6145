/** What the word before the caret may become: a person, an emoji, a command. */

import type { Person } from '../../store/mentions.ts';

export interface Query {
  kind: 'people' | 'emoji' | 'command';
  /** Where the word begins, with its mark. */
  from: number;
  /** Without its mark. */
  word: string;
}

/** Characters after an @ that may still be a name, which may have blanks in it. */
const NAME = 40;
const PERSON = new RegExp(`(?:^|[\\s([{"'>])@([^@\\n]{0,${NAME}})$`, 'u');
const SHORTCODE = /(?:^|[\s([{"'>])(:([\p{L}\p{M}\p{N}_+-]{1,30}))$/u;
/** A letter and a colon are a face, as people wrote them before emoji; a sign of other scripts is a word. */
const FACE = /^[\p{ASCII}\p{Script=Latin}]$/u;
const COMMAND = /^\/([a-z]{0,12})$/i;

/** Null where nothing is to be completed. @param caret in UTF-16 units */
export function queryAt(text: string, caret: number): Query | null {
  const before = text.slice(0, caret);
  const command = COMMAND.exec(before);
  if (command) return { kind: 'command', from: 0, word: command[1]!.toLowerCase() };
  const code = SHORTCODE.exec(before);
  if (code && !FACE.test(code[2]!))
    return { kind: 'emoji', from: caret - code[1]!.length, word: code[2]!.toLowerCase() };
  const person = PERSON.exec(before);
  if (person) return { kind: 'people', from: caret - person[1]!.length - 1, word: person[1]! };
  return null;
}

/** Whose name, or a later word of it, begins like this. A blank at the end of a whole name ends it. */
export function peopleLike(people: readonly Person[], word: string): Person[] {
  const wanted = word.toLocaleLowerCase();
  if (/\s$/u.test(word) && !people.some(({ name }) => name.toLocaleLowerCase().startsWith(wanted))) return [];
  return people.filter(({ name }) => {
    const known = name.toLocaleLowerCase();
    return (
      known.startsWith(wanted) ||
      (wanted !== '' && known.split(/\s+/u).some((part) => part.startsWith(wanted)))
    );
  });
}

/** Who spoke last comes first, the others by name. @param spoke who did, the last first */
export function inTurn(
  people: readonly Person[],
  spoke: readonly string[],
  compare: (a: string, b: string) => number,
): Person[] {
  const turn = new Map([...spoke].reverse().map((user, i) => [user, i]));
  const turnOf = ({ user }: Person) => turn.get(user) ?? -1;
  return [...people].sort((a, b) => turnOf(b) - turnOf(a) || compare(a.name, b.name));
}

/** Whether a word begins one of those by which everybody is found: the one that is written, or another. @param also separated by commas */
export function meansEveryone(everyone: string, also: string, word: string): boolean {
  const wanted = word.toLocaleLowerCase();
  return [everyone, ...also.split(/[,،、]\s*/u)].some((one) =>
    one.trim().toLocaleLowerCase().startsWith(wanted),
  );
}
