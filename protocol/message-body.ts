/**
 * What people write. Plain text is `text/plain`; whatever has more than text is one JSON object of the type below, so that everything human stays inside of
 * the body, which no part of the relay reads.
 */
import Type from 'typebox';
import { Check } from 'typebox/value';
import { type Body, Id, Place } from './entries.ts';
import { LIMITS } from './limits.ts';
import { EVERYONE, LEGACY_TYPE, MESSAGE_TYPE, shownText } from './shown-text.ts';
import { asFileName } from './text.ts';

export { EVERYONE, MESSAGE_TYPE } from './shown-text.ts';
export const TEXT_TYPE = 'text/plain';

/** Files that one message may have. */
export const FILES_PER_MESSAGE = 32;
const Pixels = Type.Integer({ minimum: 1, maximum: 100_000 });

/** A file of the API server, addressed by what is in it. */
export const FileReference = Type.Object({
  /** SHA-256, hex. */
  hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  name: Type.String({ minLength: 1, maxLength: 255 }),
  type: Type.String({ minLength: 3, maxLength: 127 }),
  /** Bytes. */
  size: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  width: Type.Optional(Pixels),
  height: Type.Optional(Pixels),
  /** github.com/woltapp/blurhash */
  blurhash: Type.Optional(Type.String({ minLength: 6, maxLength: 128 })),
  /** Of sound and video, ms. */
  duration: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Of a voice message: loudness 0 to 255, evenly over its duration. */
  waveform: Type.Optional(Type.Array(Type.Integer({ minimum: 0, maximum: 255 }), { maxItems: 128 })),
});
export type FileReference = Type.Static<typeof FileReference>;

/** What a web page said about itself when the message was written: who reads it asks nobody. */
export const PagePreview = Type.Object({
  url: Type.String({ pattern: '^https?://', maxLength: 2_048 }),
  title: Type.Optional(Type.String({ maxLength: 300 })),
  description: Type.Optional(Type.String({ maxLength: 600 })),
  siteName: Type.Optional(Type.String({ maxLength: 100 })),
});
export type PagePreview = Type.Static<typeof PagePreview>;

/** Who wrote what is passed on, as the one who passed it on saw them. */
export const Forwarded = Type.Object({
  by: Type.String({ minLength: 1, maxLength: LIMITS.nameLength }),
  user: Type.Optional(Id),
  /** When it was written, ms. */
  time: Type.Optional(Type.Integer({ minimum: 0 })),
});
export type Forwarded = Type.Static<typeof Forwarded>;

/**
 * Whom a message mentions without a list of ids. Open to more: who does not know a `to` ignores it, so nothing here may make a message unreadable that
 * another version can write.
 */
export const Audience = Type.Object({
  to: Type.String({ minLength: 1, maxLength: 32 }),
  /** The word that stands for them in the text after an @: in the language of who wrote it. */
  as: Type.Optional(Type.String({ minLength: 1, maxLength: LIMITS.nameLength })),
});
export type Audience = Type.Static<typeof Audience>;
export const AUDIENCES_PER_MESSAGE = 8;

export const MessageContent = Type.Object({
  /** Markdown's subset; empty where the files say it all. */
  text: Type.String(),
  /** Place of the message that this one answers, in the same conversation. */
  reply: Type.Optional(Place),
  mentions: Type.Optional(Type.Array(Id, { maxItems: 64 })),
  audiences: Type.Optional(Type.Array(Audience, { maxItems: AUDIENCES_PER_MESSAGE })),
  files: Type.Optional(Type.Array(FileReference, { maxItems: FILES_PER_MESSAGE })),
  preview: Type.Optional(PagePreview),
  forwarded: Type.Optional(Forwarded),
});
export type MessageContent = Type.Static<typeof MessageContent>;

/** What a body says; null where it is of another type, or does not hold what its type promises. */
export function readContent(body: Body): MessageContent | null {
  if (!('text' in body)) return null;
  if (body.type === TEXT_TYPE) return { text: body.text };
  const shown = body.type === LEGACY_TYPE ? shownText(body) : null;
  if (shown !== null) return { text: shown };
  if (body.type !== MESSAGE_TYPE) return null;
  try {
    const content: unknown = JSON.parse(body.text);
    if (!Check(MessageContent, content)) return null;
    return content.files
      ? { ...content, files: content.files.map((file) => ({ ...file, name: asFileName(file.name) })) }
      : content;
  } catch {
    return null;
  }
}

/** Whether it mentions all who are there. */
export const callsEveryone = ({ audiences = [] }: Pick<MessageContent, 'audiences'>): boolean =>
  audiences.some(({ to }) => to === EVERYONE);

/** The body of a message: plain where text is all that there is. */
export function bodyOf(content: MessageContent): Body {
  const { text, ...more } = content;
  return Object.keys(more).length === 0
    ? { type: TEXT_TYPE, text }
    : { type: MESSAGE_TYPE, text: JSON.stringify(content) };
}
