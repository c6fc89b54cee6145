/** What a body says, as far as this window shows it. Lenient: what does not fit is left out, so that one odd field hides no text. */
import type { Body } from '@matchbook/protocol/entries';
import type { Audience, FileReference, Forwarded } from '@matchbook/protocol/message-body';
import { filesAmong } from '@matchbook/protocol/shown-files';
import { LEGACY_TYPE, MESSAGE_TYPE, shownText } from '@matchbook/protocol/shown-text';

export interface Said {
  text: string;
  reply: number | null;
  mentions: readonly string[];
  /** Those of which the text may have a word. */
  audiences: readonly Audience[];
  files: readonly FileReference[];
  forwarded: Forwarded | null;
}

const NOTHING = { reply: null, mentions: [], audiences: [], files: [], forwarded: null };

/** Null where this version does not know the type. */
export function saidIn(body: Body | null): Said | null {
  if (!body || !('text' in body)) return null;
  if (/^text\/plain\b/i.test(body.type)) return { ...NOTHING, text: body.text };
  if (body.type === LEGACY_TYPE) {
    const text = shownText(body);
    return text === null ? null : { ...NOTHING, text };
  }
  if (body.type !== MESSAGE_TYPE) return null;
  try {
    const content = JSON.parse(body.text) as Record<string, unknown>;
    const { text, reply, mentions, audiences, files, forwarded } = content;
    return {
      text: typeof text === 'string' ? text : '',
      reply: Number.isSafeInteger(reply) ? (reply as number) : null,
      mentions: Array.isArray(mentions)
        ? mentions.filter((one): one is string => typeof one === 'string')
        : [],
      audiences: Array.isArray(audiences) ? audiences.filter(isAudience) : [],
      files: filesAmong(files),
      forwarded: isForwarded(forwarded) ? forwarded : null,
    };
  } catch {
    return null;
  }
}

const isAudience = (value: unknown): value is Audience => {
  const { to, as } = (value ?? {}) as { to?: unknown; as?: unknown };
  return typeof to === 'string' && typeof as === 'string' && as !== '';
};
const isForwarded = (value: unknown): value is Forwarded =>
  typeof value === 'object' && value !== null && typeof (value as { by?: unknown }).by === 'string';
