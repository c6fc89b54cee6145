/** What a text that begins with a slash does instead of being sent. Whatever is no command is sent as it is. */

export const COMMANDS = ['shrug', 'silent', 'schedule', 'mute', 'unmute', 'leave', 'date'] as const;
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

/** Those that begin like this and can be used here; leaving needs a group. */
export const commandsLike = (word: string, group: boolean): Command[] =>
  COMMANDS.filter((command) => command.startsWith(word) && (command !== 'leave' || group));
