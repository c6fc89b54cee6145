/** Files and links of a conversation, by the full-text index: it knows which messages have some. */
import type { SharedItem, SharedPage } from '@matchbook/protocol/bridge/people';
import { readContent } from '@matchbook/protocol/message-body';
import { matchOf, term } from '@matchbook/protocol/search-document';
import type { Database } from './database.ts';
import { bodyOf } from './entry-rows.ts';
import type { SearchIndex } from './search-index.ts';

export interface SharedQuestion {
  conv: string;
  what: 'file' | 'link';
  before: number | null;
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

export function sharedThings(
  db: Database,
  account: string,
  index: SearchIndex,
  { conv, what, before, limit }: SharedQuestion,
): SharedPage {
  const key = index.known([conv]).get(conv);
  if (key === undefined) return { items: [], next: null };
  const match = matchOf({ terms: [], facts: [[term.conversation(key)], [term[what]]] });
  const found = db.all<Found>(
    `SELECT doc, n, sender, time,
       (SELECT body FROM entry AS shown WHERE shown.account = entry.account AND shown.conv = entry.conv AND shown.n = entry.doc_n) AS body
     FROM search_words CROSS JOIN entry ON entry.doc = search_words.rowid
     WHERE search_words MATCH ? AND search_words.rowid < ? AND entry.account = ?
       AND NOT EXISTS (SELECT 1 FROM own_register AS gone WHERE gone.account = entry.account AND gone.reg = 'deleted_for_me'
         AND gone.conv = entry.conv AND gone.about = CAST(entry.n AS TEXT) AND gone.value = 1)
     ORDER BY search_words.rowid DESC LIMIT ?`,
    ...[match, before ?? Number.MAX_SAFE_INTEGER, account, limit + 1],
  );
  const shown = found.slice(0, limit);
  return {
    items: shown.map(itemOf),
    next: found.length > limit ? (shown.at(-1)?.doc ?? null) : null,
  };
}

function itemOf({ n, sender, time, body }: Found): SharedItem {
  const content = body === null ? null : readContent(bodyOf({ body })!);
  const links = [...(content?.text.matchAll(LINK) ?? [])]
    .slice(0, LINKS)
    // A sentence ends, and not the address.
    .map(([url]) => url.replace(/[.,;:!?]+$/u, ''));
  return { n, sender, time, files: content?.files ?? [], links };
}
