/** How often one is mentioned in what one has not read. */
import { readContent } from '@matchbook/protocol/message-body';
import { bodyOf } from '../entries/entry-row.ts';
import type { EntryRows } from '../entries/entry-rows.ts';

/** Of what is unread, the newest places are looked at: a list must not read a long history. */
const LOOKED_AT = 500;

export interface Unread {
  conv: string;
  headN: number;
}

/** @param read one's own read position @param name one's own, for messages that name people without listing them */
export function mentionsAfter(
  rows: EntryRows,
  user: string,
  { conv, headN }: Unread,
  read: number,
  name: string | null,
): number {
  const from = Math.max(read, headN - LOOKED_AT) + 1;
  let count = 0;
  for (const row of rows.mentioning(conv, from, user)) {
    const content = readContent(bodyOf(row)!);
    if (!content) continue;
    if (content.mentions?.includes(user) ?? (name !== null && isNamed(content.text, name))) count++;
  }
  return count;
}

/** A message without a list of mentions mentions whoever is named after an @, up to the end of the name. */
export function isNamed(text: string, name: string): boolean {
  const wanted = `@${name}`.toLowerCase();
  const said = text.toLowerCase();
  for (let at = said.indexOf(wanted); at >= 0; at = said.indexOf(wanted, at + 1)) {
    const [before, after] = [said.slice(0, at), said.slice(at + wanted.length)];
    if (!/[\p{L}\p{N}]$/u.test(before) && !/^[\p{L}\p{N}]/u.test(after)) return true;
  }
  return false;
}
