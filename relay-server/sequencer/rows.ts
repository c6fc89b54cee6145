/** Rows of the log and what becomes of them: items for devices, encoded, and what a batch for the API is made of. */
import { fromBase64Url, toBase64Url } from '@matchbook/protocol/bytes';
import type { AppendEntry, Body } from '@matchbook/protocol/entries';
import { unpackId } from './compact.ts';
import { chainOf, contentOf } from './marks.ts';
import { GONE, KIND, KIND_NAME } from './schema.ts';

/** Type of a profile's row whose body is more than the name. */
export const PROFILE_TYPE = 'json';

/** Columns of `ROW_SELECT`. */
export interface LogRow {
  seq: number;
  marks: Uint8Array;
  kind: number;
  conv: string | null;
  n: number | null;
  m: number | null;
  id: string | Uint8Array | null;
  sender: string | null;
  time: number;
  type: string | null;
  body: string | Uint8Array | null;
  position: number | null;
  target: number | null;
  gone: number;
}

export const ROW_SELECT = `
SELECT log.seq, log.marks, log.kind, conversations.id AS conv, log.n, log.m, log.id, users.id AS sender, log.time,
  log.type, log.body, log.position, log.target, log.gone
FROM log LEFT JOIN conversations ON conversations.key = log.conv LEFT JOIN users ON users.key = log.sender`;

/** What an entry says, in the columns it is stored in. */
export interface Facts {
  type?: string;
  body?: string | Uint8Array;
  target?: number;
  /** A flag: silent, or taken back. */
  position?: number;
}

/** Text as TEXT, data as BLOB, so that a body comes out in the form it came in. */
const storedBody = (body: Body): Pick<Facts, 'type' | 'body'> => ({
  type: body.type,
  body: 'text' in body ? body.text : (fromBase64Url(body.data) ?? new Uint8Array()),
});

export function factsOf(item: AppendEntry): Facts {
  switch (item.kind) {
    case 'create':
      return { type: item.form, body: JSON.stringify(item.members) };
    case 'message':
      return { ...storedBody(item.body), ...(item.silent ? { position: 1 } : {}) };
    case 'edit':
      return { ...storedBody(item.body), target: item.target };
    case 'reaction':
      return { ...storedBody(item.body), target: item.target, ...(item.off ? { position: 1 } : {}) };
    case 'pin':
      return { target: item.target, ...(item.off ? { position: 1 } : {}) };
    case 'delete':
      return { target: item.target };
    case 'rename':
    case 'settings':
      return storedBody(item.body);
    case 'picture':
      return item.body ? storedBody(item.body) : {};
    case 'member_add':
      return { body: JSON.stringify(item.users) };
    case 'member_remove':
      return { body: item.user };
    case 'member_role':
      return { type: item.role, body: item.user };
    case 'member_leave':
      return {};
  }
}

/** What a row says, as far as it is said to everybody alike. `marks` counts where the body is gone. */
type SaidFacts = Pick<LogRow, 'kind' | 'type' | 'body' | 'position' | 'target' | 'gone' | 'marks'>;

/** What stands between `"kind":"..."` and the closing brace of an entry. */
function factsJson(row: SaidFacts): string {
  const { type, body, target } = row;
  const about = target === null ? '' : `,"target":${target}`;
  const off = row.position ? ',"off":true' : '';
  switch (row.kind) {
    case KIND.create:
      return `,"form":"${type}","members":${body as string}`;
    case KIND.message:
      return (row.position ? ',"silent":true' : '') + bodyJson(row);
    case KIND.edit:
      return about + bodyJson(row);
    case KIND.reaction:
      return about + off + bodyJson(row);
    case KIND.pin:
      return about + off;
    case KIND.delete:
      return about;
    case KIND.rename:
    case KIND.settings:
      return bodyJson(row);
    case KIND.picture:
      return type === null ? '' : bodyJson(row);
    case KIND.member_add:
      return `,"users":${body as string}`;
    case KIND.member_remove:
      return `,"user":"${body as string}"`;
    case KIND.member_role:
      return `,"user":"${body as string}","role":"${type}"`;
    default:
      return '';
  }
}

function bodyJson({ type, body, gone, marks }: SaidFacts): string {
  if (gone & GONE.replaced) return `,"hash":"${contentOf(marks)}"`;
  const quoted = JSON.stringify(type);
  return typeof body === 'string'
    ? `,"body":{"type":${quoted},"text":${JSON.stringify(body)}}`
    : `,"body":{"type":${quoted},"data":"${toBase64Url(body ?? new Uint8Array())}"}`;
}

/** Where an entry is, and who said it. Ids and hashes need no escaping. */
export interface Said {
  conv: string;
  n: number;
  m: number;
  h: string;
  id: string;
  sender: string;
  time: number;
}

/** An entry encoded. Its first `cut` characters are what a stub has of it. */
export function entryJson(
  { conv, n, m, h, id, sender, time }: Said,
  kind: string,
  row: SaidFacts,
): { json: string; cut: number } {
  const start = `{"conv":"${conv}","n":${n},"m":${m},"h":"${h}","id":"${id}","time":${time}`;
  return { json: `${start},"sender":"${sender}","kind":"${kind}"${factsJson(row)}}`, cut: start.length };
}

export const stubOf = (json: string, cut: number): string => `${json.slice(0, cut)},"stub":true}`;
/** The id in what `entryJson` made. */
export function idOf(json: string): string {
  const from = json.indexOf(',"id":"') + 7;
  return json.slice(from, json.indexOf('"', from));
}

/** What is left of an entry for those who may not see it. */
export const hiddenOf = (json: string): string => `${json.slice(0, json.indexOf(',"id":'))},"hidden":true}`;

/** As devices receive it, encoded; null for rows that no device receives. */
export function itemJson(row: LogRow): string | null {
  if (row.n !== null) {
    if (row.gone & GONE.trimmed) return null;
    const { conv, n, m, id, sender, time } = row;
    const said = { conv: conv!, n, m: m!, h: chainOf(row.marks), id: unpackId(id!), sender: sender!, time };
    return entryJson(said, KIND_NAME.get(row.kind)!, row).json;
  }
  if (row.gone) return null;
  const common = `"user":"${row.sender}","time":${row.time}`;
  const own = `${common},"v":${row.m}`;
  const conv = `"conv":"${row.conv}"`;
  const reg = `{"reg":"${KIND_NAME.get(row.kind)}"`;
  switch (row.kind) {
    case KIND.delivered:
    case KIND.read:
      return `${reg},${conv},"n":${row.position},"m":${row.m},${common}}`;
    case KIND.profile:
      // The facts of a profile that is more than a name are JSON already.
      return row.type === PROFILE_TYPE
        ? `${reg},${(row.body as string).slice(1, -1)},${common}}`
        : `${reg},"name":${JSON.stringify(row.body)},${common}}`;
    case KIND.draft:
      return `${reg},${conv},${own}${row.type === null ? '' : bodyJson(row)}}`;
    case KIND.mute:
    case KIND.pinned:
    case KIND.archived:
    case KIND.unread:
      return `${reg},${conv},${own},"value":${row.position}}`;
    case KIND.deleted_for_me:
    case KIND.saved:
      return `${reg},${conv},${own},"target":${row.target},"value":${row.position}}`;
    case KIND.block:
      return `${reg},"of":"${row.body as string}",${own},"value":${row.position}}`;
    default:
      return null;
  }
}

/** One item of a batch for the API (`SaveItem`), encoded. */
export const saveJson = (seq: number, hash: string, json: string): string =>
  hash === '' ? `{"seq":${seq},"item":${json}}` : `{"seq":${seq},"hash":"${hash}","item":${json}}`;
