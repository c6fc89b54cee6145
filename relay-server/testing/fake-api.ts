import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SaveItem } from '@matchbook/protocol/http/saving';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

export const SERVICE_SECRET = 'service-secret-of-the-tests-0123456789';
const KID = 'test-key';

export interface Claims {
  sub?: string;
  did?: string;
  sid?: string;
  iss?: string;
  aud?: string;
  /** An admin's. */
  adm?: boolean;
  /** Seconds from now. */
  expiresIn?: number;
}

/** An item that was saved, with its seq and hash beside its own fields. */
export interface SavedByTest extends Record<string, unknown> {
  seq: number;
  id?: string;
  n?: number;
  reg?: string;
}

/** The API as far as the relay sees it: real keys, real tokens, and a store of what was saved. */
export class FakeApi {
  readonly saved: SavedByTest[] = [];
  progress = { epoch: '', seq: 0 };
  /** What it does with the next save: keep it, or answer otherwise. */
  onSave: (items: SavedByTest[]) => { status: number } | { reject: Map<string, string> } | null = () => null;
  /** 409 answers given so far. */
  conflicts = 0;
  readonly #server: Server;
  readonly #privateKey: PrivateKey;
  readonly #jwks: string;
  #port = 0;
  #away = false;

  private constructor(privateKey: PrivateKey, jwks: string) {
    this.#privateKey = privateKey;
    this.#jwks = jwks;
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => {
        // A relay that is killed in the middle of a request says the rest to nobody.
        if (request.complete) throw error;
      });
    });
    this.#server.on('connection', (socket) => {
      if (this.#away) socket.destroy();
    });
  }

  static async start(): Promise<FakeApi> {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA');
    const jwk = { ...(await exportJWK(publicKey)), kid: KID, alg: 'EdDSA', use: 'sig' };
    const api = new FakeApi(privateKey, JSON.stringify({ keys: [jwk] }));
    await new Promise<void>((resolve) => api.#server.listen(0, '127.0.0.1', resolve));
    api.#port = (api.#server.address() as AddressInfo).port;
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Hangs up on everybody, or is there again. It keeps its port meanwhile, which anybody could take else. */
  set away(away: boolean) {
    this.#away = away;
    if (away) this.#server.closeAllConnections();
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const ended = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await ended;
  }

  async token(user: string, device: string, claims: Claims = {}): Promise<string> {
    const { expiresIn = 900, iss = 'matchbook', aud = 'matchbook', ...rest } = claims;
    const now = Math.floor(Date.now() / 1_000);
    return await new SignJWT({ did: device, sid: `s-${user}-${device}`, ...rest })
      .setProtectedHeader({ alg: 'EdDSA', kid: KID })
      .setSubject(claims.sub ?? user)
      .setIssuer(iss)
      .setAudience(aud)
      .setIssuedAt(Math.min(now, now + expiresIn - 1))
      .setExpirationTime(now + expiresIn)
      .sign(this.#privateKey);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    if (request.url === '/api/auth/keys') return void answer(200, this.#jwks);
    if (request.headers.authorization !== `Bearer ${SERVICE_SECRET}`) return void answer(401, {});
    if (request.url === '/api/messages/progress')
      return void answer(200, { kind: 'not_joined', progress: this.progress });
    if (request.url !== '/api/messages/save') return void answer(404, {});
    const batch = JSON.parse(Buffer.concat(chunks).toString()) as {
      epoch: string;
      after: number;
      items: SaveItem[];
      upTo: number;
    };
    const place = this.progress.epoch === batch.epoch ? this.progress.seq : 0;
    if (batch.after !== place) {
      this.conflicts += 1;
      return void answer(409, { kind: 'not_joined', progress: this.progress });
    }
    const items = batch.items.map(({ seq, hash, item }): SavedByTest => ({ hash, ...item, seq }));
    const said = this.onSave(items);
    if (said && 'status' in said) return void answer(said.status, {});
    const verdicts = items.map((item) => {
      const reason = said?.reject.get(item.id ?? '');
      if (reason === undefined) this.saved.push(item);
      return reason === undefined
        ? { seq: item.seq, verdict: 'saved' }
        : { seq: item.seq, verdict: 'rejected', reason };
    });
    this.progress = { epoch: batch.epoch, seq: batch.upTo };
    answer(200, { progress: this.progress, verdicts });
  }
}
