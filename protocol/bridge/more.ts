/** What a message has besides its text, as windows name it. */
import Type from 'typebox';
import { Id, Place } from '../entries.ts';
import {
  AUDIENCES_PER_MESSAGE,
  Audience,
  FILES_PER_MESSAGE,
  FileReference,
  Forwarded,
  type MessageContent,
  PagePreview,
} from '../message-body.ts';
import { strict } from './calls.ts';

/** The entry that something is about: its place, or the id of one's own message, which may have no place yet. */
export const TargetRef = Type.Union([Place, Type.Object({ id: Id }, strict)]);
export type TargetRef = Type.Static<typeof TargetRef>;

/** `reply` names the message that it answers. */
export const More = Type.Object(
  {
    reply: Type.Optional(TargetRef),
    mentions: Type.Optional(Type.Array(Id, { maxItems: 64 })),
    audiences: Type.Optional(Type.Array(Audience, { maxItems: AUDIENCES_PER_MESSAGE })),
    files: Type.Optional(Type.Array(FileReference, { maxItems: FILES_PER_MESSAGE })),
    preview: Type.Optional(PagePreview),
    forwarded: Type.Optional(Forwarded),
  },
  strict,
);
export type More = Type.Static<typeof More>;

/** What a body says besides its text; null where that is nothing. */
export function moreOf({ text: _, ...more }: MessageContent): More | null {
  return Object.values(more).some((value) => value !== undefined) ? more : null;
}

/** The same as a body may say it: a message without a place can be answered on this device only. */
export function sayable(more: More | null): Omit<MessageContent, 'text'> {
  const { reply, mentions, files, preview, forwarded } = more ?? {};
  return {
    ...(typeof reply === 'number' ? { reply } : {}),
    ...(mentions?.length ? { mentions } : {}),
    ...(files?.length ? { files } : {}),
    ...(preview ? { preview } : {}),
    ...(forwarded ? { forwarded } : {}),
  };
}
