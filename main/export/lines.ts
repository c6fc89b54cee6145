/** All that was said in a conversation, line by line: read in pages, and from the server where this device has holes. */
import type { ConversationRow, TimelinePage } from '@matchbook/protocol/bridge/views';
import type { HistoryPage } from '@matchbook/protocol/http/history';
import { LIMITS } from '@matchbook/protocol/limits';
import { LocalError } from '../bridge/local-failure.ts';
import type { LocalStore } from '../local-store/local-store.ts';
import type { Chapter } from './chapters.ts';
import { type Told, told } from './told.ts';

/** Lines of one question to the store. */
const PAGE = 500;
/** Times that what is missing of a page is asked for: room may be made on this device meanwhile. */
const FILLS = 3;

/** Places from..to. */
export interface Range {
  from: number;
  to: number;
}

export interface LinesParts {
  store: Pick<LocalStore, 'timelinePage' | 'storeFrames'>;
  /** A range of entries from the account's server. @throws LocalError */
  fetchEntries(conv: string, from: number, to: number): Promise<HistoryPage>;
  signal: AbortSignal;
}

/** JSON and page are made of the same lines. @param missing ranges that could not be had */
export async function* linesOf(
  parts: LinesParts,
  { row, nameOf }: Chapter,
  missing: Range[],
): AsyncGenerator<Told> {
  for await (const page of pagesOf(parts, row, missing)) for (const line of page) yield told(line, nameOf);
}

/** All lines of a conversation, oldest first, what is not here from the server. @param missing ranges that could not be had */
async function* pagesOf(
  parts: LinesParts,
  { account, conv, headN }: ConversationRow,
  missing: Range[],
): AsyncGenerator<TimelinePage['rows']> {
  const { store, signal } = parts;
  const given = new Set<number>();
  for (let after = 1; after <= headN; ) {
    mustGoOn(signal);
    const read = () => store.timelinePage({ account, conv, after, limit: PAGE });
    let page = await read();
    let answers = true;
    for (let fills = 0; answers && fills < FILLS; fills++) {
      const holes = page.holes.filter(({ from }) => !given.has(from));
      if (holes.length === 0) break;
      for (const hole of holes) answers = (await fill(parts, conv, account, hole)) && answers;
      page = await read();
    }
    for (const hole of page.holes) {
      if (given.has(hole.from)) continue;
      given.add(hole.from);
      missing.push({ from: hole.from, to: Math.min(hole.to, headN) });
    }
    // What came since it began is for the next one: page and JSON say the same.
    yield page.rows.filter(({ n }) => n !== null && n <= headN);
    const last = page.rows.at(-1)?.n;
    if (last === undefined || last === null) return;
    after = last + 1;
  }
}

/** As far as the server has it. That it cannot be asked is no failure of the export: it is answered with false, and what is missing is named. */
async function fill(parts: LinesParts, conv: string, account: string, hole: Range): Promise<boolean> {
  const { store, fetchEntries, signal } = parts;
  for (let from = hole.from; from <= hole.to; from += LIMITS.pageEntries) {
    mustGoOn(signal);
    const to = Math.min(hole.to, from + LIMITS.pageEntries - 1);
    try {
      const page = await fetchEntries(conv, from, to);
      const raw = Buffer.from(JSON.stringify({ t: 'page', ref: 0, ...page }));
      await store.storeFrames({ account, raws: [new Uint8Array(raw)] });
      // The newest part of what was asked for comes first: the rest is asked for again.
      if (page.from > from && !(await fill(parts, conv, account, { from, to: page.from - 1 }))) return false;
    } catch (error) {
      if (signal.aborted) throw error;
      return false;
    }
  }
  return true;
}

export function mustGoOn(signal: AbortSignal): void {
  if (signal.aborted) throw new LocalError('cancelled', 'The export was cancelled.');
}
