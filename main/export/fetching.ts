/**
 * What of the conversations is not on this device comes from the server before anything is written: a line is told with all that was said about it later, wherever that stands.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { FAILURES, isFailureKind } from '@matchbook/protocol/failures';
import type { HistoryPage } from '@matchbook/protocol/http/history';
import { LIMITS } from '@matchbook/protocol/limits';
import { asFailure } from '../bridge/local-failure.ts';
import type { LocalStore } from '../local-store/local-store.ts';
import type { Chapter } from './chapters.ts';
import { mustGoOn, type Range } from './lines.ts';

/** Times in a row that a server may ask for patience, and the longest that it is waited for, s. */
const PATIENCE = 10;
const LONGEST_WAIT = 60;

export interface FetchingParts {
  store: Pick<LocalStore, 'missingPlaces' | 'storeFrames'>;
  /** A range of entries from the account's server. @throws LocalError */
  fetchEntries(conv: string, from: number, to: number): Promise<HistoryPage>;
  signal: AbortSignal;
}

/** How the server answers: it may have what is missing where it is away, or where the person has to sign in before it answers. */
export type Answers = 'all' | 'away' | 'sign-in';

/** What a failure says of what was asked for: that the server refuses it, or that it did not answer for it. */
export function answersBy(kind: string): 'refused' | 'away' | 'sign-in' {
  if (!isFailureKind(kind)) return 'away';
  const { action } = FAILURES[kind];
  return action === 'give-up' ? 'refused' : action === 'sign-in' ? 'sign-in' : 'away';
}

/**
 * What the server refuses stays missing, and the next conversation is asked for.
 *
 * @throws LocalError `cancelled`, or what the store could not do with the answer
 */
export async function fetchMissing(
  parts: FetchingParts,
  chapters: readonly Chapter[],
  progress: (done: number, of: number) => void,
): Promise<Answers> {
  const { store } = parts;
  const missing: { account: string; conv: string; hole: Range }[] = [];
  for (const { row } of chapters) {
    const { account, conv, headN } = row;
    for (const hole of await store.missingPlaces({ account, conv, to: headN }))
      missing.push({ account, conv, hole });
  }
  const of = missing.reduce((sum, { hole }) => sum + hole.to - hole.from + 1, 0);
  let done = 0;
  const refused = new Set<string>();
  for (const { account, conv, hole } of missing) {
    for (let { to } = hole; to >= hole.from && !refused.has(conv); ) {
      progress(done, of);
      const from = Math.max(hole.from, to - LIMITS.pageEntries + 1);
      const page = await asked(parts, conv, from, to);
      if (page === 'away' || page === 'sign-in') return page;
      if (page === 'refused') {
        refused.add(conv);
        break;
      }
      await store.storeFrames({ account, raws: [frameOf(page)] });
      // Of what was asked for the newest part may come first: the rest is asked for again.
      const next = Math.max(from, Math.min(page.from, to)) - 1;
      done += to - next;
      to = next;
    }
  }
  return 'all';
}

const frameOf = (page: HistoryPage): Uint8Array =>
  new Uint8Array(Buffer.from(JSON.stringify({ t: 'page', ref: 0, ...page })));

async function asked(
  { fetchEntries, signal }: FetchingParts,
  conv: string,
  from: number,
  to: number,
): Promise<HistoryPage | ReturnType<typeof answersBy>> {
  for (let waits = 0; ; waits++) {
    mustGoOn(signal);
    try {
      return await fetchEntries(conv, from, to);
    } catch (error) {
      const { kind, retryAfter } = asFailure(error);
      if (retryAfter === undefined) return answersBy(kind);
      if (waits === PATIENCE || retryAfter > LONGEST_WAIT) return 'away';
      await pause(retryAfter * 1_000, null, { signal }).catch(() => {});
    }
  }
}
