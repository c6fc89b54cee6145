/** A line of a timeline as an export tells it: by names and times that a person can read, with everything that the log says of it. */
import type { Quote, SystemSays, TimelineRow } from '@matchbook/protocol/bridge/views';
import type { Body } from '@matchbook/protocol/entries';
import {
  callsEveryone,
  type FileReference,
  type Forwarded,
  type PagePreview,
  readContent,
} from '@matchbook/protocol/message-body';
import { shownText } from '@matchbook/protocol/shown-text';

export interface Told {
  n: number;
  id: string;
  kind: string;
  /** ISO 8601 */
  time: string;
  sender: string;
  senderName: string | null;
  /** Newest; absent where there is none any more, or this version does not know its type. */
  text?: string;
  /** Of a type that this version does not know, as it was received. */
  body?: Body;
  replyTo?: number;
  /** The message that this one answers, as far as it can be shown. */
  quote?: { sender: string; senderName: string | null; text: string | null; state: Quote['state'] };
  forwarded?: Forwarded;
  mentions?: string[];
  mentionsEveryone?: true;
  files?: FileReference[];
  preview?: PagePreview;
  edits?: { time: string; text: string | null }[];
  /** What was sent at first, where it was edited. */
  first?: string | null;
  reactions?: { by: string; byName: string | null; emoji: string | null }[];
  pinned?: true;
  saved?: true;
  deleted?: { time: string; by: string };
  says?: SystemSays;
  /** Whom it speaks of, by name. */
  people?: { user: string; name: string | null }[];
}

export function told(row: TimelineRow, nameOf: (user: string) => string | null): Told {
  const { n, id, kind, sender, body, folded, says, replyTo, quote } = row;
  const content = body ? readContent(body) : null;
  const text = content?.text ?? (body ? shownText(body) : null);
  return {
    ...{ n: n ?? 0, id, kind, time: iso(row.time), sender, senderName: nameOf(sender) },
    ...(text !== null && text !== undefined ? { text } : body ? { body } : {}),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(quote ? { quote: quoted(quote, nameOf) } : {}),
    ...(content?.forwarded ? { forwarded: content.forwarded } : {}),
    ...(content?.mentions?.length ? { mentions: content.mentions } : {}),
    ...(content && callsEveryone(content) ? { mentionsEveryone: true as const } : {}),
    ...(content?.files?.length ? { files: content.files } : {}),
    ...(content?.preview ? { preview: content.preview } : {}),
    ...(folded?.edits.length
      ? {
          first: folded.first ? shownText(folded.first) : null,
          edits: folded.edits.map((edit) => ({ time: iso(edit.time), text: shownText(edit.body) })),
        }
      : {}),
    ...(folded?.reactions.length
      ? {
          reactions: folded.reactions.map(({ by, body: said }) => ({
            ...{ by, byName: nameOf(by), emoji: shownText(said) },
          })),
        }
      : {}),
    ...(folded?.pinned ? { pinned: true as const } : {}),
    ...(row.saved ? { saved: true as const } : {}),
    ...(folded?.deleted ? { deleted: { time: iso(folded.deleted.time), by: folded.deleted.by } } : {}),
    ...(says ? { says, people: spokenOf(says).map((user) => ({ user, name: nameOf(user) })) } : {}),
  };
}

const quoted = ({ sender, text, files, state }: Quote, nameOf: (user: string) => string | null) => ({
  ...{ sender, senderName: sender === '' ? null : nameOf(sender), state },
  text: text || (files?.join(', ') ?? null),
});

/** Without those who began it, who are the members. */
const spokenOf = ({ users, user }: SystemSays): string[] => [
  ...(users ?? []),
  ...(user === undefined ? [] : [user]),
];

export const iso = (at: number): string => new Date(at).toISOString();
