import { LIMITS } from '@matchbook/protocol/limits';
import { QUERY_LIMITS } from '@matchbook/protocol/search-query';
import { Router } from 'express';
import type { Kysely } from 'kysely';
import type { RateLimit } from '../accounts/rate-limit.ts';
import type { Authentication } from '../authentication.ts';
import type { Database } from '../db/schema.ts';
import type { SearchIndex } from '../search/index-port.ts';
import { search } from '../search/search.ts';
import { integerIn, oneOf, textIn } from './query.ts';

/** Time zones reach from UTC-12 to UTC+14. */
const ZONE = { min: -12 * 60, max: 14 * 60 };

export function searchRoutes(parts: {
  db: Kysely<Database>;
  index: SearchIndex;
  authentication: Authentication;
  perUser: RateLimit;
}): Router {
  const { db, index, authentication, perUser } = parts;
  const router = Router();
  router.get('/api/search', async (request, response) => {
    const { user } = await authentication.person(request);
    perUser.take(user);
    const q = textIn(request.query, 'q', QUERY_LIMITS.length);
    const page = await search(db, index, {
      ...{ user, q },
      zone: integerIn(request.query, 'zone', { ...ZONE, default: 0 }),
      order: oneOf(request.query, 'order', ['newest', 'relevance'] as const),
      limit: integerIn(request.query, 'limit', { min: 1, max: LIMITS.searchHits, default: 20 }),
      cursor: integerIn(request.query, 'cursor', { min: 0, max: Number.MAX_SAFE_INTEGER, default: null }),
    });
    response.json(page);
  });
  return router;
}
