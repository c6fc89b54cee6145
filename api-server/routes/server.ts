import type { ServerInfo } from '@matchbook/protocol/http/accounts';
import { Router } from 'express';
import type { Keys } from '../accounts/keys.ts';
import type { Authentication } from '../authentication.ts';
import type { Metrics } from '../metrics.ts';
import { openApi } from './openapi.ts';

/** Facts: for everybody the server, its keys, and whether it lives; metrics for who has the service secret. */
export function serverRoutes({
  info,
  keys,
  ready,
  metrics,
  authentication,
}: {
  info: () => ServerInfo;
  keys: Keys;
  ready: () => Promise<void>;
  metrics: Metrics;
  authentication: Authentication;
}): Router {
  const router = Router();
  router.get('/api/server', (_request, response) => void response.json(info()));
  router.get('/api/auth/keys', (_request, response) => void response.json(keys.published));
  const document = openApi(info().version);
  router.get('/api/openapi.json', (_request, response) => void response.json(document));
  router.get('/livez', (_request, response) => void response.json({ status: 'ok' }));
  router.get('/readyz', async (_request, response) => {
    await ready();
    response.json({ status: 'ok' });
  });
  router.get('/metrics', authentication.service, async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  // The notice of old clients' address: events come by the WebSocket.
  router.get('/api/sse', (_request, response) => {
    const message = 'Server-Sent Events were replaced by a WebSocket. Please update this application.';
    response.json({
      status: 'moved',
      message,
      websocket: `${info().relay}?id={userId}`,
      path: '/ws?id={userId}',
    });
  });
  return router;
}
