/** Who is named in a text, and who all are called by it. */
import type { Audience } from '@matchbook/protocol/message-body';
import { EVERYONE } from '@matchbook/protocol/shown-text';
import type { Said } from './content.ts';

export interface Person {
  user: string;
  name: string;
}

/** Whole names after an @, the longest first; each person once. Where several are called that, all of them are meant: none of them is to miss it. */
export function mentionedIn(text: string, people: readonly Person[]): string[] {
  const longest = people.toSorted((one, other) => other.name.length - one.name.length);
  const named = new Set<string>();
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const found = longest.find(
      ({ name }) =>
        name !== '' &&
        text.startsWith(name, at + 1) &&
        !/^[\p{L}\p{N}]/u.test(text.slice(at + 1 + name.length)),
    );
    for (const { user, name } of people) if (name === found?.name) named.add(user);
  }
  return [...named];
}

/** Whom a message mentions, as its body says it; empty where that is nobody. */
export interface Called {
  mentions?: string[];
  audiences?: Audience[];
}

/** Stands for everybody among the people of a text; no id can be this. */
export const ALL = '@everyone';
/** In groups of more members than this one is asked before all of them are told. */
export const ASKED_BEYOND = 10;

/** @param words that mean everybody after an @: none in a direct conversation */
export function calledIn(text: string, people: readonly Person[], words: readonly string[]): Called {
  const all = [...new Set(words)].map((name) => ({ user: ALL, name }));
  const mentions = mentionedIn(text, [...people, ...all]);
  const as = all.find(({ name }) => mentionedIn(text, [...people, { user: ALL, name }]).includes(ALL))?.name;
  const ids = mentions.filter((user) => user !== ALL);
  return {
    ...(ids.length > 0 ? { mentions: ids } : {}),
    ...(as === undefined ? {} : { audiences: [{ to: EVERYONE, as }] }),
  };
}

/** The words by which a message calls everybody, in whatever language it was written. */
export const wordsFor = (audiences: readonly Audience[] | undefined): string[] =>
  (audiences ?? []).flatMap(({ to, as }) => (to === EVERYONE && as !== undefined ? [as] : []));

/** Whom the text of a message names, longer names first. */
export const namedBy = (said: Said, nameOf: (user: string) => string): Person[] =>
  [
    ...said.mentions.map((user) => ({ user, name: nameOf(user) })),
    ...wordsFor(said.audiences).map((name) => ({ user: ALL, name })),
  ].sort((one, other) => other.name.length - one.name.length);
