/** Who is named in a text. */

export interface Person {
  user: string;
  name: string;
}

/** Whole names after an @, the longest first; each person once. */
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
    if (found) named.add(found.user);
  }
  return [...named];
}
