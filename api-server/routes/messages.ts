import { SaveBatch } from '@matchbook/protocol/http/saving';
import { json, Router } from 'express';
import type { Authentication } from '../authentication.ts';
import type { Store } from '../db/store.ts';
import { isLegacySave, legacySave } from '../messages/legacy-save.ts';
import { progressOf, saveBatch } from '../messages/save.ts';
import type { Metrics } from '../metrics.ts';
import type { RelayClient } from '../outbound/relay-client.ts';
import { fitted } from '../problems.ts';
import type { SearchIndex } from '../search/index-port.ts';

/** 256 bodies of 64 KiB, each character at worst six bytes of JSON, would be 100 MB; real batches stay far below. */
const SAVE_BYTES = 128 * 1024 * 1024;

/** The relay's persister, by service secret only. */
export function messageRoutes(parts: {
  store: Store;
  index: SearchIndex;
  metrics: Metrics;
  relay: RelayClient;
  authentication: Authentication;
  now: () => number;
}): Router {
  const { store, index, metrics, relay, authentication, now } = parts;
  const router = Router();
  // The credential is checked before the body is read: nobody else makes this server parse megabytes.
  router.post(
    '/api/messages/save',
    authentication.service,
    json({ limit: SAVE_BYTES }),
    async (request, response) => {
      if (isLegacySave(request.body))
        return void response.status(201).json(await legacySave(relay, request.body, now()));
      const batch = fitted(SaveBatch, request.body) as unknown as SaveBatch;
      const outcome = await saveBatch(store, index, batch, now());
      if (outcome.joined) {
        const rejected = outcome.result.verdicts.filter(({ verdict }) => verdict === 'rejected').length;
        metrics.batch.observe(batch.items.length);
        metrics.saved.inc(batch.items.length - rejected);
        metrics.rejected.inc(rejected);
        response.json(outcome.result);
      } else {
        const { progress, rejected } = outcome;
        response.status(409).json({ kind: 'not_joined', progress, rejected });
      }
    },
  );
  router.get('/api/messages/progress', authentication.service, async (_request, response) => {
    response.json(await progressOf(store.db));
  });
  return router;
}
