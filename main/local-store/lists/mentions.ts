/** Who is mentioned by a message as it reads now: what it lists, everybody, or who is named. */
import type { Body } from '@matchbook/protocol/entries';
import { callsEveryone, type MessageContent, readContent } from '@matchbook/protocol/message-body';
import { bodyOf, type EntryRow } from '../entries/entry-row.ts';
import type { EntryRows } from '../entries/entry-rows.ts';

/** Of what is unread, the newest places are looked at, and so many edits: a list must not read a long history. */
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
  const now = new NewestTexts(rows, conv, from);
  let count = 0;
  for (const row of rows.mentioning(conv, from, user, now.edited)) {
    const content = readContent(now.of(row)!);
    if (content && isMentioned(content, user, name)) count++;
  }
  return count;
}

/** Of somebody else's message: whether it mentions a user. */
export const isMentioned = (content: MessageContent, user: string, name: string | null): boolean =>
  callsEveryone(content) ||
  (content.mentions?.includes(user) ?? (name !== null && isNamed(content.text, name)));

/** What others' messages from a place on say, edited as they are; cheaper than all that was said about them (`foldsOf`). */
export class NewestTexts {
  /** By target, ascending. */
  readonly #edits = new Map<number, EntryRow[]>();

  constructor(rows: EntryRows, conv: string, from: number) {
    for (const edit of rows.editsAfter(conv, from, LOOKED_AT)) {
      const same = this.#edits.get(edit.target!);
      if (same) same.push(edit);
      else this.#edits.set(edit.target!, [edit]);
    }
  }

  get edited(): number[] {
    return [...this.#edits.keys()];
  }

  /** Null where nothing is left. Nobody changes what another wrote (I2). */
  of(row: Pick<EntryRow, 'n' | 'sender' | 'body'>): Body | null {
    const edit = this.#edits.get(row.n)?.findLast(({ sender, n }) => sender === row.sender && n > row.n);
    return bodyOf(edit ?? row);
  }
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
