/**
 * What the network sees of the embedded servers: one port with TLS 1.3, behind it what the app of somebody else needs, and nothing more. The servers
 * themselves go on listening on this computer alone.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import { createProxyServer } from 'httpxy';

export interface FrontParts {
  /** PEM. */
  key: string;
  certificate: string;
  /** Where the servers listen: `http://127.0.0.1:port`. */
  relay: string;
  api: string;
  log(line: string): void;
}

/** A group of friends has tens of sockets; more than this is somebody who wishes ill. */
const SOCKETS = 500;
const HANDSHAKE = 10_000;
const HEADERS = 10_000;
/** Of the servers, to answer: the longest that they hold a question open themselves is 25 s. */
const ANSWER = 60_000;
const UPGRADE = 15_000;

const RELAY_PATHS = new Set(['/ws', '/send-message', '/entries', '/health-check']);
/** What only the relay asks of the API. */
const SERVICE_PATHS = /^\/api\/messages\/(save|progress)(\/|$)/i;

export function createFront({ key, certificate, relay, api, log }: FrontParts): Server {
  const proxy = createProxyServer({
    changeOrigin: true,
    proxyTimeout: ANSWER,
    upgradeTimeout: UPGRADE,
  });
  const target = (request: IncomingMessage): string | null => {
    const path = pathOf(request.url ?? '/');
    if (path === null) return null;
    if (RELAY_PATHS.has(path)) return relay;
    return path.startsWith('/api/') && !SERVICE_PATHS.test(path) ? api : null;
  };
  const server = createServer(
    {
      ...{ key, cert: certificate, minVersion: 'TLSv1.3', handshakeTimeout: HANDSHAKE },
      // A file is sent in one request, however slow the line: its server bounds what it takes.
      ...{ headersTimeout: HEADERS, requestTimeout: 0 },
    },
    (request, response) => {
      const to = target(request);
      if (to === null) return refuse(response, 404);
      fromOutside(request);
      void proxy.web(request, response, { target: to });
    },
  );
  server.maxConnections = SOCKETS;
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const to = target(request);
    if (to !== relay) return void socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    fromOutside(request);
    void proxy.ws(request, socket, { target: to }, head);
  });
  proxy.on('error', (error, _request, response) => {
    log(`front: ${error.message}`);
    if (!response) return;
    if ('writeHead' in response) refuse(response, 502);
    else response.destroy();
  });
  return server;
}

/** Null for what is no path; a path that hides another behind dots or escapes is not let through. */
function pathOf(url: string): string | null {
  if (!url.startsWith('/')) return null;
  const path = url.split('?', 1)[0]!;
  return /%2e|%2f|%5c|\\|\/\/|\/\.{1,2}(\/|$)/i.test(path) ? null : path;
}

/** Who asks is told by the connection alone, whatever they say themselves: limits by address hold for it. */
function fromOutside(request: IncomingMessage): void {
  for (const name of Object.keys(request.headers))
    if (name === 'forwarded' || name.startsWith('x-forwarded-') || name === 'x-real-ip')
      delete request.headers[name];
  request.headers['x-forwarded-for'] = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  request.headers['x-forwarded-proto'] = 'https';
}

function refuse(response: ServerResponse, status: number): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' });
  response.end();
}
