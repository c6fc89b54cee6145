/** An item of the outbox: what was composed and is not in the log yet. */
import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { AppendContent, Hold } from '@matchbook/protocol/bridge/waiting';
import type { Body, EntryKind } from '@matchbook/protocol/entries';
import { isEntryKind } from '@matchbook/protocol/entries';
import { bodyOf, readContent } from '@matchbook/protocol/message-body';
import { isWhole } from '../files/row-sums.ts';
import { RowDamage, StoreError } from '../files/store-error.ts';

export type Content = AppendContent;
export type EntryContent = Extract<Content, { kind: EntryKind }>;

/** An item with all that the store knows of it. Times are wall clock ms. */
export interface Item {
  id: string;
  conv: string;
  place: number;
  content: Content;
  /** Id of the own message that it is about and that has no place yet: until then `content` names none. */
  target: string | null;
  created: number;
  frozen: boolean;
  failed: boolean;
  failure: LocalFailure | null;
  /** Bits of HOLD. */
  hold: number;
  /** How often it was put on a wire, and when last. */
  attempts: number;
  tried: number | null;
  /** Not before this time is it tried again. */
  next: number | null;
}

/** Why an item waits although nothing is in its way. `behind`: what it is about is held. */
export const HOLD = { person: 1, upload: 2, behind: 4 } as const;

export const holdsOf = ({ hold }: Item): Hold[] =>
  (['person', 'upload'] as const).filter((why) => (hold & HOLD[why]) !== 0);

export interface ItemRow {
  place: number;
  id: string;
  conv: string;
  content: string;
  target: string | null;
  created: number;
  frozen: number;
  failed: number;
  failure: string | null;
  hold: number;
  attempts: number;
  tried: number | null;
  next: number | null;
  /** 0: it is not what was written. */
  whole: number;
}

export const ITEM_COLUMNS = `place, id, conv, content, target, created, frozen, failed, failure, hold, attempts, tried, next, ${isWhole('item')} AS whole`;

/** @throws RowDamage: nothing that is not what was written leaves the store, and the next opening shows it as damaged */
export function itemOf({ content, frozen, failed, failure, whole, ...row }: ItemRow): Item {
  if (whole !== 1) throw new RowDamage(`item ${row.place} of the outbox`);
  return {
    ...row,
    content: JSON.parse(content) as Content,
    frozen: frozen === 1,
    failed: failed === 1,
    failure: failure === null ? null : (JSON.parse(failure) as LocalFailure),
  };
}

export const isEntry = (content: Content): content is EntryContent => isEntryKind(content.kind);

export const bodyIn = (content: Content): Body | null => ('body' in content && content.body) || null;

/** Files that a message has, as the person knows them; size in bytes. */
export function filesNamed(content: Content): { name: string; size: number }[] {
  const body = bodyIn(content);
  if (content.kind !== 'message' || !body || !('text' in body)) return [];
  return readContent(body)?.files?.map(({ name, size }) => ({ name, size })) ?? [];
}

/** What a person wrote of it; null where it has no words of its own. */
export function textOf(content: Content): string | null {
  const body = bodyIn(content);
  if (!body || !('text' in body)) return null;
  if (content.kind === 'message' || content.kind === 'edit') return readContent(body)?.text ?? null;
  return content.kind === 'rename' || content.kind === 'reaction' ? body.text : null;
}

/** The same with other words; null where it has none. */
export function withText(content: Content, text: string): Content | null {
  switch (content.kind) {
    case 'message':
    case 'edit': {
      const before = readContent(content.body);
      return before && { ...content, body: bodyOf({ ...before, text }) };
    }
    case 'rename':
      return { ...content, body: { type: 'text/plain', text } };
    default:
      return null;
  }
}

/** The place of what it is about is known now. */
export function withTarget(content: Content, n: number): Content {
  if (content.kind !== 'message') return { ...content, target: n } as Content;
  const before = readContent(content.body);
  return before ? { ...content, body: bodyOf({ ...before, reply: n }) } : content;
}

/** What nobody waits for and no list shows: the app itself keeps it up. */
export const QUIET = ['read', 'draft', 'unread'] as const;
export type QuietContent = Extract<Content, { kind: 'read' | 'draft' }> | { kind: 'unread'; value: number };
export const isQuiet = (content: Content): content is QuietContent =>
  (QUIET as readonly string[]).includes(content.kind);

/** Deletes, or takes a reaction or a pin back: where the message is gone already nothing of it is left to do. */
export const takesAway = (content: Content): boolean =>
  content.kind === 'delete' || ('off' in content && content.off === true);

/** What an item takes the place of, as long as that was not sent: the same register, the other position of the same switch. */
export function slotOf(content: Content, target: string | null): string | null {
  const about = target ?? ('target' in content ? content.target : '');
  switch (content.kind) {
    case 'reaction':
      return JSON.stringify([content.kind, about, content.body]);
    case 'pin':
    case 'rename':
    case 'picture':
    case 'settings':
    case 'mute':
    case 'pinned':
    case 'archived':
    case 'deleted_for_me':
    case 'saved':
      return JSON.stringify([content.kind, about]);
    case 'block':
      return JSON.stringify([content.kind, content.of]);
    default:
      return null;
  }
}

export const idConflict = () =>
  new StoreError({ kind: 'id_conflict', message: 'Another message already has this id.' });
export const noSuchItem = () =>
  new StoreError({ kind: 'no_such_item', message: 'The message is not waiting any more.' });
