/** What a text that begins with a slash does instead of being sent. What only looks like a command is asked about before it is sent as it is. */

const COMMANDS = ['shrug', 'silent', 'schedule', 'mute', 'unmute', 'leave', 'date'] as const;
export type Command = (typeof COMMANDS)[number];

export interface Commanded {
  command: Command;
  /** What stands behind it. */
  rest: string;
}

/** A backslash and an underscore mean something else in Markdown. */
export const SHRUG = '¯\\\\\\_(ツ)\\_/¯';

export function commandIn(text: string): Commanded | null {
  const found = /^\/([a-z]+)(?:\s+([\s\S]*))?$/i.exec(text);
  const command = found?.[1]?.toLowerCase();
  return COMMANDS.some((one) => one === command)
    ? { command: command as Command, rest: (found?.[2] ?? '').trim() }
    : null;
}

/** The word of a text that looks like a command and is none: whoever mistypes one tells nobody. A path, a fraction or a comment (`/usr/bin`, `/ 2`, `// TODO`) looks like none. @param group as of `commandsLike` */
export function mistakenIn(text: string, group: boolean): string | null {
  const word = /^\/([a-z]{2,})(?!\S)/i.exec(text)?.[1] ?? null;
  const known =
    word === null || COMMANDS.some((one) => one === word.toLowerCase() && (one !== 'leave' || group));
  return known ? null : word;
}

/** Those that begin like this and can be used here; leaving needs a group. */
export const commandsLike = (word: string, group: boolean): Command[] =>
  COMMANDS.filter((command) => command.startsWith(word) && (command !== 'leave' || group));
