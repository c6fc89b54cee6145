import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { FAILURES, type Failure } from '@matchbook/protocol/failures';
import { networkOf } from '@matchbook/protocol/network-of';
import { SUBPROTOCOL, SUBPROTOCOL_MSGPACK } from '@matchbook/protocol/version';
import { WebSocketServer } from 'ws';
import { Connection, type ConnectionParts } from './connection/connection.ts';
import { targetOf } from './http/answers.ts';
import type { HttpFace } from './http/face.ts';
import { hostAllowed, type Origins, remoteAddress } from './http/origins.ts';
import { LegacyConnection } from './legacy/connection.ts';

const BACKLOG = 4_096;
const SPARE_SOCKETS = 256;
/** Seconds after which the first clients come back to a relay that stops. */
const DRAIN_RETRY = 1;
/** How often what depends on time alone is looked at (ms), and the most connections that one turn looks at. */
const TICK = 250;

type Dialect = 'json' | 'msgpack' | 'legacy';
type Served = Connection | LegacyConnection;

/** The listening socket, and which upgrades become connections. */
export class RelayServer {
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #parts: ConnectionParts;
  readonly #origins: Origins;
  readonly #connections = new Map<number, Served>();
  readonly #timer: NodeJS.Timeout;
  #count = 0;
  #draining = false;

  constructor(parts: ConnectionParts, origins: Origins, face: HttpFace) {
    this.#parts = parts;
    this.#origins = origins;
    const { config } = parts;
    this.#http = createServer(
      {
        maxHeaderSize: 8_192,
        headersTimeout: 10_000,
        requestTimeout: 60_000,
        connectionsCheckingInterval: 5_000,
      },
      (request, response) => void face.handle(request, response),
    );
    // Health checks and refusals need room beside the connections.
    this.#http.maxConnections = config.RELAY_SOCKETS + SPARE_SOCKETS;
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: config.RELAY_COMPRESSION,
      maxPayload: config.RELAY_FRAME_BYTES,
      maxFragments: 64,
      maxBufferedChunks: 16_384,
      // Known to ws 8.23, not yet to its types: how long a peer may take to answer a close.
      ...{ closeTimeout: 3_000 },
      handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : SUBPROTOCOL_MSGPACK),
    });
    this.#http.on('upgrade', (request, socket, head) => {
      this.#upgrade(request, socket, head).catch((error: unknown) => {
        parts.log.error({ error: String(error) }, 'upgrade failed');
        socket.destroy();
      });
    });
    this.#http.on('clientError', (_error, socket) => socket.destroy());
    this.#timer = setInterval(() => this.#tick(), Math.min(TICK, config.RELAY_HEARTBEAT_MS));
  }

  get connections(): Iterable<Served> {
    return this.#connections.values();
  }

  /** Open connections by what they speak. */
  counts(): { protocol: string; count: number }[] {
    let legacy = 0;
    for (const one of this.#connections.values()) if (one instanceof LegacyConnection) legacy += 1;
    return [
      { protocol: 'v1', count: this.#connections.size - legacy },
      { protocol: 'legacy', count: legacy },
    ];
  }

  /** By the number under which the sequencer knows it. */
  connection(peer: number): Served | undefined {
    return this.#connections.get(peer);
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
    for (const connection of this.connections) connection.drain(DRAIN_RETRY, 0);
  }

  /** A session was ended: whoever speaks for it is closed. */
  revoke(session: string): void {
    for (const connection of this.connections)
      if (connection.session === session)
        connection.close({ kind: 'session_revoked', message: 'This session was ended.' });
  }

  /** Takes nobody in any more, tells everybody, and closes the sockets. */
  async close(): Promise<void> {
    this.#draining = true;
    const spread = this.#parts.config.RELAY_DRAIN_SPREAD_MS / 1_000;
    for (const connection of this.connections) connection.drain(DRAIN_RETRY, spread);
    await new Promise<void>((resolve) => {
      this.#http.close(() => resolve());
      this.#http.closeIdleConnections();
    });
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = this.#parts.monotonic();
    for (const connection of this.#connections.values()) connection.tick(now);
    this.#parts.ephemeral.tick();
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const url = targetOf(request);
    const dialect = this.#dialect(request, url?.pathname);
    if (!url || typeof dialect !== 'string') {
      this.#refuse(socket, dialect as Failure);
      return;
    }
    const address = networkOf(remoteAddress(request, this.#origins.proxies));
    const { admission, metrics } = this.#parts;
    const full = admission.arrive(address);
    if (full) {
      this.#refuse(socket, full, 429);
      return;
    }
    // What follows may still fail; then the address gets its place back.
    let taken = false;
    socket.once('close', () => {
      if (taken) return;
      admission.settle(address);
      admission.depart();
    });
    const claimed = url.searchParams.get('id');
    // An old client says who it is before the upgrade, or not at all.
    const identity =
      dialect === 'legacy'
        ? await LegacyConnection.identify(claimed, url.searchParams.get('token'), this.#parts)
        : null;
    if (identity && 'kind' in identity) {
      this.#refuse(socket, identity);
      return;
    }
    if (socket.destroyed) return;
    this.#sockets.handleUpgrade(request, socket, head, (ws) => {
      taken = true;
      const peer = ++this.#count;
      metrics.connects.inc({ protocol: dialect });
      const connection =
        identity === null
          ? new Connection(ws, socket, { peer, codec: dialect as 'json', address, claimed }, this.#parts)
          : new LegacyConnection(ws, socket, { peer, address, identity }, this.#parts);
      this.#connections.set(peer, connection);
      ws.once('close', () => this.#connections.delete(peer));
    });
  }

  #dialect(request: IncomingMessage, pathname: string | undefined): Dialect | Failure {
    const no = (kind: Failure['kind'], message: string): Failure => ({ kind, message });
    if (this.#draining) return no('draining', 'The relay is stopping.');
    if (!hostAllowed(request.headers.host, this.#origins.hosts))
      return no('host_unknown', 'This host name is not served here.');
    if (!this.#origins.allowed(request.headers.origin))
      return no('forbidden', 'This origin is not allowed here.');
    if (pathname === undefined) return no('bad_frame', 'The request target is not understood.');
    const offered = (request.headers['sec-websocket-protocol'] ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean);
    const legacy = this.#parts.config.RELAY_LEGACY && offered.length === 0;
    if (legacy && (pathname === '/ws' || pathname === '/')) return 'legacy';
    if (pathname !== '/ws') return no('not_found', 'WebSockets are at /ws.');
    if (offered.includes(SUBPROTOCOL)) return 'json';
    if (offered.includes(SUBPROTOCOL_MSGPACK)) return 'msgpack';
    return offered.some((one) => one.startsWith('matchbook.'))
      ? no('version_unsupported', `This relay speaks ${SUBPROTOCOL} and ${SUBPROTOCOL_MSGPACK}.`)
      : no('bad_frame', `The subprotocol ${SUBPROTOCOL} is needed.`);
  }

  #refuse(socket: Duplex, failure: Failure, status: number = FAILURES[failure.kind].status ?? 400): void {
    this.#parts.metrics.refusals.inc({ reason: failure.kind });
    const { kind, message, retryAfter } = failure;
    const body = JSON.stringify({ type: 'about:blank', title: kind, status, detail: message, ...failure });
    const retry = retryAfter === undefined ? '' : `Retry-After: ${retryAfter}\r\n`;
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n` +
        `${retry}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
}
