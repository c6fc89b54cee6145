import { json } from './answers.ts';
import type { Routes } from './face.ts';

/** What a client of the first server (Server-Sent Events) is told, so that it can tell its user. */
export const movedRoutes: Routes = {
  '/events': {
    GET: (request, response, url) => {
      const id = url.searchParams.get('id') ?? '{userId}';
      const host = request.headers.host ?? '';
      // Where a proxy ends TLS. Whoever says so without one misleads nobody but themselves.
      const scheme = request.headers['x-forwarded-proto'] === 'https' ? 'wss' : 'ws';
      json(response, 200, {
        status: 'moved',
        message: 'Server-Sent Events were replaced by a WebSocket. Please update this application.',
        websocket: `${scheme}://${host}/ws?id=${encodeURIComponent(id)}`,
        path: '/ws?id={userId}',
      });
    },
  },
};
