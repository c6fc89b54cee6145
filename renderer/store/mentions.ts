/** Who is named in a text. */

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
