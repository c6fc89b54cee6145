import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { FAILURES, type Failure } from '@matchbook/protocol/failures';
import { SUBPROTOCOL } from '@matchbook/protocol/version';
import { WebSocketServer } from 'ws';
import { Connection, type ConnectionParts } from './connection.ts';
import { type HttpFace, hostAllowed, originAllowed } from './http.ts';

const BACKLOG = 4_096;
const SPARE_SOCKETS = 256;
/** Seconds after which clients come back to a relay that stops. */
const DRAIN_RETRY = 1;

/** The listening socket, and which upgrades become connections. */
export class RelayServer {
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #parts: ConnectionParts;
  readonly #connections = new Set<Connection>();
  #count = 0;
  #draining = false;

  constructor(parts: ConnectionParts, face: HttpFace) {
    this.#parts = parts;
    this.#http = createServer(
      { maxHeaderSize: 8_192, headersTimeout: 10_000, requestTimeout: 30_000 },
      (request, response) => void face.handle(request, response),
    );
    // Health checks and refusals need room beside the connections.
    this.#http.maxConnections = parts.config.RELAY_SOCKETS + SPARE_SOCKETS;
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: parts.config.RELAY_FRAME_BYTES,
      maxFragments: 64,
      maxBufferedChunks: 16_384,
      // Known to ws 8.23, not yet to its types: how long a peer may take to answer a close.
      ...{ closeTimeout: 3_000 },
      handleProtocols: () => SUBPROTOCOL,
    });
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#http.on('clientError', (_error, socket) => socket.destroy());
  }

  /** Answers with the port. */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', reject);
      this.#http.listen({ host, port, backlog: BACKLOG }, () => {
        this.#http.off('error', reject);
        resolve();
      });
    });
    return (this.#http.address() as AddressInfo).port;
  }

  /** Sends everybody away, to come back at once: the log began a new epoch. */
  dismiss(): void {
    for (const connection of this.#connections) connection.drain(DRAIN_RETRY);
  }

  /** Takes nobody in any more, tells everybody, and closes the sockets. */
  async close(): Promise<void> {
    this.#draining = true;
    this.dismiss();
    await new Promise<void>((resolve) => {
      this.#http.close(() => resolve());
      this.#http.closeIdleConnections();
    });
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const refusal = this.#refusal(request);
    if (refusal) {
      refuse(socket, refusal.status, refusal.failure);
      return;
    }
    const address = request.socket.remoteAddress ?? '';
    const { admission, log } = this.#parts;
    const full = admission.arrive(address);
    if (full) {
      refuse(socket, 429, full);
      return;
    }
    // The handshake below may still fail; then the address gets its place back.
    let taken = false;
    socket.once('close', () => {
      if (taken) return;
      admission.settle(address);
      admission.depart();
    });
    this.#sockets.handleUpgrade(request, socket, head, (ws) => {
      taken = true;
      const claimed = urlOf(request).searchParams.get('id');
      this.#count += 1;
      const connection = new Connection(
        ws,
        address,
        claimed,
        this.#parts,
        log.child({ connection: this.#count }),
      );
      this.#connections.add(connection);
      ws.once('close', () => this.#connections.delete(connection));
    });
  }

  #refusal(request: IncomingMessage): { status: number; failure: Failure } | null {
    const { RELAY_HOSTS, RELAY_ORIGINS } = this.#parts.config;
    const no = (kind: Failure['kind'], message: string, status = FAILURES[kind].status ?? 400) => ({
      status,
      failure: { kind, message },
    });
    if (this.#draining) return no('draining', 'The relay is stopping.');
    if (!hostAllowed(request.headers.host, RELAY_HOSTS))
      return no('forbidden', 'This host name is not served here.');
    if (!originAllowed(request.headers.origin, RELAY_ORIGINS))
      return no('forbidden', 'This origin is not allowed here.');
    if (urlOf(request).pathname !== '/ws') return no('not_found', 'WebSockets are at /ws.');
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim());
    if (offered.includes(SUBPROTOCOL)) return null;
    const other = offered.some((one) => one.startsWith('matchbook.'));
    return other
      ? no('version_unsupported', `This relay speaks ${SUBPROTOCOL}.`)
      : no('bad_frame', `The subprotocol ${SUBPROTOCOL} is needed.`);
  }
}

const urlOf = (request: IncomingMessage): URL => new URL(request.url ?? '/', 'http://relay');

function refuse(socket: Duplex, status: number, failure: Failure): void {
  const body = JSON.stringify({
    type: 'about:blank',
    title: failure.kind,
    status,
    detail: failure.message,
    ...failure,
  });
  const retry = failure.retryAfter === undefined ? '' : `Retry-After: ${failure.retryAfter}\r\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n` +
      `${retry}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
