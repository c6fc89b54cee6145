/** All that was said in a conversation, line by line, read in pages from this device. */
import type { ConversationRow, TimelinePage } from '@matchbook/protocol/bridge/views';
import { LocalError } from '../bridge/local-failure.ts';
import type { LocalStore } from '../local-store/local-store.ts';
import type { Chapter } from './chapters.ts';
import { type Told, told } from './told.ts';

/** Lines of one question to the store. */
const PAGE = 500;

/** Places from..to. */
export interface Range {
  from: number;
  to: number;
}

export interface LinesParts {
  store: Pick<LocalStore, 'timelinePage'>;
  signal: AbortSignal;
}

/** JSON and page are made of the same lines. @param missing ranges that are not here, noted as they are come to */
export async function* linesOf(
  parts: LinesParts,
  { row, nameOf }: Chapter,
  missing: Range[],
): AsyncGenerator<Told> {
  for await (const page of pagesOf(parts, row, missing)) for (const line of page) yield told(line, nameOf);
}

/** Oldest first. */
async function* pagesOf(
  { store, signal }: LinesParts,
  { account, conv, headN }: ConversationRow,
  missing: Range[],
): AsyncGenerator<TimelinePage['rows']> {
  for (let after = 1; after <= headN; ) {
    mustGoOn(signal);
    const { rows, holes } = await store.timelinePage({ account, conv, after, limit: PAGE });
    for (const { from, to } of holes) if (from <= headN) missing.push({ from, to: Math.min(to, headN) });
    // What came since it began is for the next one: page and JSON say the same.
    yield rows.filter(({ n }) => n !== null && n <= headN);
    const last = rows.at(-1)?.n;
    if (last === undefined || last === null) return;
    after = last + 1;
  }
}

export function mustGoOn(signal: AbortSignal): void {
  if (signal.aborted) throw new LocalError('cancelled', 'The export was cancelled.');
}
