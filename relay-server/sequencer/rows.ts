/** Rows of the log and what becomes of them: items for devices, items for the API. */
import { fromBase64Url, toBase64Url } from '@matchbook/protocol/bytes';
import type { Body, Item } from '@matchbook/protocol/entries';
import type { SaveItem } from '@matchbook/protocol/http';
import { hexOf, unpackId } from './compact.ts';
import { KIND } from './schema.ts';

/** Columns of `ROW_SELECT`. */
export interface LogRow {
  seq: number;
  r: Uint8Array;
  kind: number;
  conv: string | null;
  n: number | null;
  m: number | null;
  h: Uint8Array | null;
  id: string | Uint8Array | null;
  sender: string | null;
  time: number;
  hash: Uint8Array | null;
  type: string | null;
  body: string | Uint8Array | null;
  position: number | null;
  superseded: number;
}

export const ROW_SELECT = `
SELECT log.seq, log.r, log.kind, conversations.id AS conv, log.n, log.m, log.h, log.id, users.id AS sender, log.time,
  log.hash, log.type, log.body, log.position, log.superseded
FROM log LEFT JOIN conversations ON conversations.key = log.conv LEFT JOIN users ON users.key = log.sender`;

/** A body in the columns `type` and `body`: text as TEXT, data as BLOB, so that it comes out in the form it came in. */
export const storedBody = (body: Body): string | Uint8Array =>
  'text' in body ? body.text : (fromBase64Url(body.data) ?? new Uint8Array());

const bodyOf = (row: LogRow): Body =>
  typeof row.body === 'string'
    ? { type: row.type!, text: row.body }
    : { type: row.type!, data: toBase64Url(row.body ?? new Uint8Array()) };

/** As devices receive it; null for rows that no device receives. */
export function itemOf(row: LogRow): Item | null {
  if (row.superseded) return null;
  const { conv, sender, time } = row;
  switch (row.kind) {
    case KIND.create:
      return {
        ...said(row),
        kind: 'create',
        form: row.type as 'direct',
        members: JSON.parse(row.body as string),
      };
    case KIND.message:
      return { ...said(row), kind: 'message', body: bodyOf(row) };
    case KIND.delivered:
    case KIND.read: {
      const reg = row.kind === KIND.read ? 'read' : 'delivered';
      return { reg, conv: conv!, user: sender!, n: row.position!, m: row.m!, time };
    }
    case KIND.profile:
      return { reg: 'profile', user: sender!, name: row.body as string, time };
    default:
      return null;
  }
}

const said = (row: LogRow) => ({
  conv: row.conv!,
  n: row.n!,
  m: row.m!,
  h: hexOf(row.h!),
  id: unpackId(row.id!),
  sender: row.sender!,
  time: row.time,
});

/** As the API saves it; null for rows that it does not get. */
export function saveItemOf(row: LogRow): SaveItem | null {
  const item = itemOf(row);
  if (!item) return null;
  const common = { seq: row.seq, time: row.time };
  if ('reg' in item) {
    const { reg, time: _, ...rest } = item;
    return { ...common, scope: 'register', kind: reg, ...rest } as SaveItem;
  }
  const { time: _, ...rest } = item as Extract<Item, { time: number }>;
  return { ...common, scope: 'conversation', hash: hexOf(row.hash!), ...rest } as SaveItem;
}
