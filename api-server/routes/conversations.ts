import { Id } from '@matchbook/protocol/entries';
import { FILE_KINDS } from '@matchbook/protocol/http/history';
import { LIMITS } from '@matchbook/protocol/limits';
import { type Request, Router } from 'express';
import type { Kysely } from 'kysely';
import type { Authentication } from '../authentication.ts';
import type { Database } from '../db/schema.ts';
import { files, thread } from '../messages/chosen.ts';
import { conversation, conversations, members, unreadCounts } from '../messages/conversations.ts';
import { type Around, history, messages } from '../messages/history.ts';
import { parsed, problem } from '../problems.ts';
import { integerIn, oneOf } from './query.ts';

const PLACE = { min: 1, max: Number.MAX_SAFE_INTEGER };
const AFTER = { min: 0, max: PLACE.max };
const CHOSEN = { min: 1, max: LIMITS.messagePage, default: 50 };
const TIME = { min: 0, max: Number.MAX_SAFE_INTEGER };
/** Conversations in the list, of one page. */
const LISTED = { min: 1, max: 200, default: 50 };

export function conversationRoutes(parts: { db: Kysely<Database>; authentication: Authentication }): Router {
  const { db, authentication } = parts;
  const router = Router();
  const convOf = (request: Request) => parsed(Id, request.params.conv);

  router.get('/api/conversations', async (request, response) => {
    const { user } = await authentication.person(request);
    const limit = integerIn(request.query, 'limit', LISTED);
    const offset = integerIn(request.query, 'offset', { min: 0, max: 100_000, default: 0 });
    response.json(await conversations(db, user, { limit, offset }));
  });
  router.get('/api/conversations/unread', async (request, response) => {
    const { user } = await authentication.person(request);
    response.json(await unreadCounts(db, user));
  });
  router.get('/api/conversations/:conv', async (request, response) => {
    const { user } = await authentication.person(request);
    response.json(await conversation(db, user, convOf(request)));
  });
  router.get('/api/conversations/:conv/members', async (request, response) => {
    const { user } = await authentication.person(request);
    response.json(await members(db, user, convOf(request)));
  });
  router.get('/api/conversations/:conv/entries', async (request, response) => {
    const { user } = await authentication.person(request);
    const conv = convOf(request);
    const from = integerIn(request.query, 'from', PLACE);
    const to = integerIn(request.query, 'to', PLACE);
    if (to < from) throw problem('invalid_field', 'to: not before from.', { field: 'to', limit: from });
    response.json(await history(db, user, conv, { from, to }));
  });
  router.get('/api/conversations/:conv/messages', async (request, response) => {
    const { user } = await authentication.person(request);
    const conv = convOf(request);
    const limit = integerIn(request.query, 'limit', { min: 1, max: LIMITS.messagePage, default: 50 });
    response.json(await messages(db, user, conv, aroundOf(request), limit));
  });
  router.get('/api/conversations/:conv/threads/:n', async (request, response) => {
    const { user } = await authentication.person(request);
    const conv = convOf(request);
    const n = integerIn(request.params, 'n', PLACE);
    const after = integerIn(request.query, 'after', { ...AFTER, default: 0 });
    const limit = integerIn(request.query, 'limit', CHOSEN);
    response.json(await thread(db, user, conv, { n, after, limit }));
  });
  router.get('/api/conversations/:conv/files', async (request, response) => {
    const { user } = await authentication.person(request);
    const conv = convOf(request);
    const kind = oneOf(request.query, 'kind', FILE_KINDS);
    const limit = integerIn(request.query, 'limit', CHOSEN);
    const { before, after } = request.query;
    if (before !== undefined && after !== undefined)
      throw problem('invalid_field', 'after: not together with before.', { field: 'after' });
    const from =
      after === undefined
        ? { before: integerIn(request.query, 'before', { ...PLACE, default: PLACE.max }) }
        : { after: integerIn(request.query, 'after', AFTER) };
    response.json(await files(db, user, conv, { kind, from, limit }));
  });
  return router;
}

/** Exactly one of the ways to say where; the newest page where none is. */
function aroundOf({ query }: Request): Around {
  const ways = ['before', 'after', 'around', 'date', 'unread'].filter((way) => query[way] !== undefined);
  const [way = 'before', another] = ways;
  if (another !== undefined)
    throw problem('invalid_field', `${another}: not together with ${way}.`, { field: another });
  switch (way) {
    case 'after':
      return { after: integerIn(query, 'after', AFTER) };
    case 'around':
      return { around: integerIn(query, 'around', PLACE) };
    case 'date':
      return { date: integerIn(query, 'date', TIME) };
    case 'unread':
      integerIn(query, 'unread', { min: 1, max: 1 });
      return { unread: true };
    default:
      return { before: integerIn(query, 'before', { ...PLACE, default: PLACE.max }) };
  }
}
