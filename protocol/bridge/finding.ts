/** Finding things again: what the server answers to a search, and what the quick switcher was used for. */
import Type from 'typebox';
import { Id } from '../entries.ts';
import type { SearchPage } from '../http/history.ts';
import { LIMITS } from '../limits.ts';
import { call, strict } from './calls.ts';

/** How much something was used: one for each use, halved with every week that passed since. */
export interface Use {
  score: number;
  /** Of the last use, wall clock ms. */
  at: number;
}

/** Things whose use is remembered. */
export const USES = 300;
/** After this time a use counts half, ms. */
export const USE_HALVES = 7 * 24 * 60 * 60_000;

export const usedNow = ({ score, at }: Use, now: number): number =>
  score * 2 ** -(Math.max(0, now - at) / USE_HALVES);

/** Calls of windows. */
export const FINDING_CALLS = {
  /** As `search.local`, of everything that the server has saved. */
  'search.server': call<SearchPage>()(
    Type.Object(
      {
        account: Id,
        q: Type.String({ maxLength: 1_000 }),
        zone: Type.Integer({ minimum: -1_440, maximum: 1_440 }),
        limit: Type.Integer({ minimum: 1, maximum: LIMITS.searchHits }),
        cursor: Type.Union([Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), Type.Null()]),
      },
      strict,
    ),
  ),
  'switcher.uses': call<Record<string, Use>>()(Type.Object({}, strict)),
  /** Something was chosen there. */
  'switcher.used': call<null>()(Type.Object({ key: Type.String({ minLength: 1, maxLength: 200 }) }, strict)),
} as const;
