import { SaveBatch } from '@matchbook/protocol/http';
import { json, Router } from 'express';
import type { Authentication } from '../authentication.ts';
import type { Store } from '../db/store.ts';
import { progressOf, saveBatch } from '../messages/save.ts';
import { parsed } from '../problems.ts';
import type { SearchIndex } from '../search/index-port.ts';

/** 256 bodies of 64 KiB, each character at worst six bytes of JSON, would be 100 MB; real batches stay far below. */
export const SAVE_BYTES = 128 * 1024 * 1024;

/** The relay's persister, by service secret only. */
export function messageRoutes(parts: {
  store: Store;
  index: SearchIndex;
  authentication: Authentication;
  now: () => number;
}): Router {
  const { store, index, authentication, now } = parts;
  const router = Router();
  // The credential is checked before the body is read: nobody else makes this server parse megabytes.
  router.post(
    '/api/messages/save',
    authentication.service,
    json({ limit: SAVE_BYTES }),
    async (request, response) => {
      const batch = parsed(SaveBatch, request.body) as unknown as SaveBatch;
      const outcome = await saveBatch(store, index, batch, now());
      if (outcome.joined) response.json(outcome.result);
      else response.status(409).json({ kind: 'not_joined', progress: outcome.progress });
    },
  );
  router.get('/api/messages/progress', authentication.service, async (_request, response) => {
    response.json(await progressOf(store.db));
  });
  return router;
}
