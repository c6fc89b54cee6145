import type { ServerInfo } from '@matchbook/protocol/http';
import { Router } from 'express';
import type { Keys } from '../accounts/keys.ts';

/** Public facts: the server, its keys, and whether it lives. */
export function serverRoutes({
  info,
  keys,
  ready,
}: {
  info: () => ServerInfo;
  keys: Keys;
  ready: () => Promise<void>;
}): Router {
  const router = Router();
  router.get('/api/server', (_request, response) => void response.json(info()));
  router.get('/api/auth/keys', (_request, response) => void response.json(keys.published));
  router.get('/livez', (_request, response) => void response.json({ status: 'ok' }));
  router.get('/readyz', async (_request, response) => {
    await ready();
    response.json({ status: 'ok' });
  });
  return router;
}
