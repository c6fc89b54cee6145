import type { Body } from './entries.ts';

/** Content type of a message that is more than text (message-body.ts). */
export const MESSAGE_TYPE = 'application/vnd.matchbook.message+json';
/** Of the audiences of a message: all who are in the conversation, but for who says it. */
export const EVERYONE = 'everyone';
/** Content type of a message of the first clients that says more than its text: the old fields, as JSON. */
export const LEGACY_TYPE = 'application/vnd.matchbook.legacy+json';

/** What a person can read of a body, or null where this version does not know its type. */
export function shownText(body: Body): string | null {
  if (!('text' in body)) return null;
  if (/^text\/plain\b/i.test(body.type)) return body.text;
  if (body.type === MESSAGE_TYPE) return richText(body.text);
  return body.type === LEGACY_TYPE ? legacyText(body.text) : null;
}

/** Its text, and the names of its files. */
function richText(json: string): string | null {
  try {
    const { text, files } = JSON.parse(json) as { text?: unknown; files?: unknown };
    const names = Array.isArray(files) ? files.map((file) => (file as { name?: unknown } | null)?.name) : [];
    const words = [text, ...names].filter((one): one is string => typeof one === 'string' && one !== '');
    return words.length > 0 ? words.join('\n') : null;
  } catch {
    return null;
  }
}

function legacyText(json: string): string | null {
  try {
    const { content, fileName } = JSON.parse(json) as { content?: unknown; fileName?: unknown };
    const words = [content, fileName].filter((one): one is string => typeof one === 'string' && one !== '');
    return words.length > 0 ? words.join('\n') : null;
  } catch {
    return null;
  }
}
