/** Files and links of a conversation, by the full-text index: it knows which messages have some, in the order of time. */
import type { SharedItem, SharedKind, SharedPage } from '@matchbook/protocol/bridge/people';
import { type FileReference, readContent } from '@matchbook/protocol/message-body';
import { matchOf, term } from '@matchbook/protocol/search-document';
import { bodyOf } from '../entries/entry-row.ts';
import type { Database } from '../files/database.ts';
import type { SearchIndex } from './search-index.ts';

export interface SharedQuestion {
  conv: string;
  what: SharedKind;
  /** Older than this place in the list; the newest where all are absent. */
  before?: number | null | undefined;
  /** Newer than this place in the list. */
  after?: number | undefined;
  /** The message at this place of the conversation, and older. */
  at?: number | undefined;
  limit: number;
}

interface Found {
  doc: number;
  n: number;
  sender: string;
  time: number;
  body: string;
}

const LINK = /\bhttps?:\/\/[^\s<>"')\]]+/giu;
/** Links of one message that are listed. */
const LINKS = 20;

/** Which files of a message are meant, and what a body with such files must have in it, so that it need not be read to be passed over. */
const FILES: Record<
  Exclude<SharedKind, 'link'>,
  { parts: readonly string[]; is: (file: FileReference) => boolean }
> = {
  file: { parts: [], is: () => true },
  media: {
    parts: ['%image/%', '%video/%'],
    is: ({ type, waveform }) => !waveform && /^(?:image|video)\//.test(type),
  },
  sound: {
    parts: ['%audio/%', '%waveform%'],
    is: ({ type, waveform }) => waveform !== undefined || type.startsWith('audio/'),
  },
  other: {
    parts: [],
    is: ({ type, waveform }) => !waveform && !/^(?:image|video|audio)\//.test(type),
  },
};

export function sharedThings(
  db: Database,
  account: string,
  index: SearchIndex,
  question: SharedQuestion,
): SharedPage {
  const { conv, what, limit } = question;
  const missing = missingIn(db, account, conv);
  const key = index.known([conv]).get(conv);
  if (key === undefined) return { items: [], next: null, missing };
  const facts = [[term.conversation(key)], [term[what === 'link' ? 'link' : 'file']]];
  const match = matchOf({ terms: [], facts });
  const newer = question.after !== undefined;
  const from = newer ? question.after! : upperEnd(db, account, question);
  const parts = what === 'link' ? [] : FILES[what].parts;
  const found: SharedItem[] = [];
  let place = from;
  let more = true;
  // Of a message with files none may be of this kind: so many are looked at until the page is full.
  while (more && found.length < limit) {
    const rows = db.all<Found>(
      `SELECT doc, n, sender, time, body FROM (
         SELECT entry.doc, entry.n, entry.sender, entry.time,
           (SELECT body FROM entry AS shown WHERE shown.account = entry.account AND shown.conv = entry.conv AND shown.n = entry.doc_n) AS body
         FROM search_words CROSS JOIN entry ON entry.doc = search_words.rowid
         WHERE search_words MATCH ? AND search_words.rowid ${newer ? '>' : '<'} ? AND entry.account = ?
           AND NOT EXISTS (SELECT 1 FROM own_register AS gone WHERE gone.account = entry.account AND gone.reg = 'deleted_for_me'
             AND gone.conv = entry.conv AND gone.about = CAST(entry.n AS TEXT) AND gone.value = 1)
         ORDER BY search_words.rowid ${newer ? 'ASC' : 'DESC'})
       ${parts.length > 0 ? `WHERE ${parts.map(() => 'body LIKE ?').join(' OR ')}` : ''} LIMIT ?`,
      ...[match, place, account, ...parts, limit + 1],
    );
    more = rows.length > limit;
    for (const row of rows.slice(0, limit)) {
      place = row.doc;
      const item = itemOf(row, what);
      if (item.files.length > 0 || item.links.length > 0) found.push(item);
      if (found.length === limit) break;
    }
    more ||= rows.length > 0 && place !== rows.at(-1)!.doc;
  }
  const last = found.at(-1)?.place ?? null;
  return { items: newer ? found.reverse() : found, next: more ? last : null, missing };
}

function upperEnd(db: Database, account: string, { conv, at, before }: SharedQuestion): number {
  if (at === undefined) return before ?? Number.MAX_SAFE_INTEGER;
  const row = db.get<{ doc: number | null }>(
    'SELECT doc FROM entry WHERE account = ? AND conv = ? AND n = ?',
    ...[account, conv, at],
  );
  return row?.doc ? row.doc + 1 : Number.MAX_SAFE_INTEGER;
}

/** Messages of the conversation that are not on this device. */
function missingIn(db: Database, account: string, conv: string): number {
  return db.get<{ missing: number }>(
    'SELECT coalesce(sum(to_n - from_n + 1), 0) AS missing FROM hole WHERE account = ? AND conv = ?',
    ...[account, conv],
  )!.missing;
}

function itemOf({ doc: place, n, sender, time, body }: Found, what: SharedKind): SharedItem {
  const content = body === null ? null : readContent(bodyOf({ body })!);
  if (what !== 'link')
    return { place, n, sender, time, files: (content?.files ?? []).filter(FILES[what].is), links: [] };
  const links = [...(content?.text.matchAll(LINK) ?? [])]
    .slice(0, LINKS)
    // A sentence ends, and not the address.
    .map(([url]) => url.replace(/[.,;:!?]+$/u, ''));
  return { place, n, sender, time, files: [], links };
}
