import { json } from './answers.ts';
import type { Routes } from './face.ts';

/** What a client of the first server (Server-Sent Events) is told, so that it can tell its user. */
export const movedRoutes: Routes = {
  '/events': {
    GET: (request, response, url) => {
      const id = url.searchParams.get('id') ?? '{userId}';
      const host = request.headers.host ?? '';
      json(response, 200, {
        status: 'moved',
        message: 'Server-Sent Events were replaced by a WebSocket. Please update this application.',
        websocket: `ws://${host}/ws?id=${encodeURIComponent(id)}`,
        path: '/ws?id={userId}',
      });
    },
  },
};
