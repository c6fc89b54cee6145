/**
 * The connection check: one step after the other through the network stack that the app itself uses, so that its proxies and certificates
 * hold, and to the account's own servers alone. A step answers with what it found; it never throws.
 */
import type { CheckResult, CheckStep } from '@matchbook/protocol/bridge/diagnostics';
import { ServerInfo } from '@matchbook/protocol/http/accounts';
import { Problem } from '@matchbook/protocol/http/fields';
import { Check } from 'typebox/value';
import { asFailure } from '../bridge/local-failure.ts';
import type { Fetch } from '../network/api-client.ts';
import { jsonOf } from '../network/json-body.ts';
import { refusesName } from '../network/reach.ts';

const LIMIT = 10_000;
/** A little longer than the probe itself may take, upgrade and data. */
const PROBE_LIMIT = 16_000;
/** A clock that is further off than this is told: it is what certificates and tokens are judged by. */
const CLOCK_SLACK = 90_000;

export interface CheckedAccount {
  account: string;
  api: string;
  relay: string;
}

export interface ConnectionCheckParts {
  fetch: Fetch;
  isOnline(): boolean;
  /** @param refused the server did not take the last one */
  token(account: string, refused: boolean): Promise<{ token: string }>;
  /** Asks the session host for a probe socket; the answer comes with the same `ref`. */
  askHost(ref: number, account: string): void;
  now(): number;
  /** Steady, ms. */
  clock(): number;
  setTimer(work: () => void, delay: number): { cancel(): void };
}

export class ConnectionCheck {
  #parts: ConnectionCheckParts;
  #ref = 0;
  #waiting = new Map<number, (results: CheckResult[] | null) => void>();
  /** By account, the probe whose second half the next step asks for. */
  #probes = new Map<string, Promise<CheckResult[] | null>>();

  constructor(parts: ConnectionCheckParts) {
    this.#parts = parts;
  }

  /** The session host's answer. */
  probed(ref: number, results: CheckResult[]): void {
    this.#waiting.get(ref)?.(results);
  }

  run(account: CheckedAccount, step: CheckStep): Promise<CheckResult> {
    switch (step) {
      case 'network':
        return this.#timed(step, async () =>
          this.#parts.isOnline() ? { found: 'fine', detail: '' } : { found: 'no-network', detail: '' },
        );
      case 'api':
        return this.#timed(step, () => this.#api(account.api));
      case 'sign-in':
        return this.#timed(step, () => this.#signIn(account));
      case 'relay':
        return this.#timed(step, () => this.#relay(account.relay));
      case 'socket':
      case 'data':
        return this.#probe(account.account, step);
    }
  }

  async #timed(step: CheckStep, work: () => Promise<Found>): Promise<CheckResult> {
    const begun = this.#parts.clock();
    const { found, detail } = await work().catch((error: unknown) => foundIn(error));
    return { step, ok: found === 'fine', ms: this.#parts.clock() - begun, found, detail };
  }

  async #api(api: string): Promise<Found> {
    const response = await this.#get(`${api}/api/server`);
    if (!response.ok) return await refusedBy(response);
    const body: unknown = await jsonOf(response).catch(() => null);
    if (!Check(ServerInfo, body)) return { found: 'not-ours', detail: `HTTP ${response.status}` };
    const served = Date.parse(response.headers.get('date') ?? '');
    const off = Number.isNaN(served) ? 0 : this.#parts.now() - served;
    if (Math.abs(off) > CLOCK_SLACK) return { found: 'clock', detail: String(Math.round(off / 1_000)) };
    return { found: 'fine', detail: `${body.name}, ${body.version}` };
  }

  async #signIn({ account, api }: CheckedAccount): Promise<Found> {
    const ask = async (refused: boolean) => {
      const { token } = await this.#parts.token(account, refused);
      return this.#get(`${api}/api/account`, { authorization: `Bearer ${token}` });
    };
    const first = await ask(false);
    const response = first.status === 401 ? await ask(true) : first;
    if (response.ok) return { found: 'fine', detail: '' };
    const body: unknown = await jsonOf(response).catch(() => null);
    if (response.status === 401)
      return { found: 'signed-out', detail: Check(Problem, body) ? body.kind : '' };
    return { found: statusOf(response.status), detail: `HTTP ${response.status}` };
  }

  async #relay(relay: string): Promise<Found> {
    const { protocol, host } = new URL(relay);
    const base = `${protocol === 'wss:' ? 'https:' : 'http:'}//${host}`;
    const response = await this.#get(`${base}/readyz`);
    if (response.status === 503) return { found: 'not-ready', detail: 'HTTP 503' };
    if (!response.ok) return await refusedBy(response);
    const body: unknown = await jsonOf(response).catch(() => null);
    if (typeof body !== 'object' || body === null)
      return { found: 'not-ours', detail: `HTTP ${response.status}` };
    return { found: 'fine', detail: '' };
  }

  /** One socket answers both steps: that of the upgrade begins it, that of the data reads on. */
  async #probe(account: string, step: 'socket' | 'data'): Promise<CheckResult> {
    const begun = this.#parts.clock();
    if (step === 'socket' || !this.#probes.has(account)) this.#probes.set(account, this.#ask(account));
    const results = await this.#probes.get(account)!;
    const found = results?.find((result) => result.step === step);
    if (found) return found;
    const ms = this.#parts.clock() - begun;
    return { step, ok: false, ms, found: results === null ? 'host-silent' : 'no-data', detail: '' };
  }

  #ask(account: string): Promise<CheckResult[] | null> {
    const ref = ++this.#ref;
    return new Promise((resolve) => {
      const limit = this.#parts.setTimer(() => done(null), PROBE_LIMIT);
      const done = (results: CheckResult[] | null) => {
        limit.cancel();
        this.#waiting.delete(ref);
        resolve(results);
      };
      this.#waiting.set(ref, done);
      this.#parts.askHost(ref, account);
    });
  }

  #get(url: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.#parts.fetch(url, {
      method: 'GET',
      headers,
      redirect: 'manual',
      credentials: 'omit',
      signal: AbortSignal.timeout(LIMIT),
    });
  }
}

type Found = Pick<CheckResult, 'found' | 'detail'>;

async function refusedBy(response: Response): Promise<Found> {
  const detail = `HTTP ${response.status}`;
  if (await refusesName(response)) return { found: 'host-unknown', detail };
  return { found: statusOf(response.status), detail };
}

function statusOf(status: number): CheckResult['found'] {
  if (status === 407) return 'proxy';
  return status >= 500 ? 'server-error' : 'not-ours';
}

/** What the network stack says, as one of the words that the window knows. */
const BY_ERROR: [RegExp, CheckResult['found']][] = [
  [/ERR_(INTERNET_DISCONNECTED|NETWORK_CHANGED|NETWORK_IO_SUSPENDED)/, 'no-network'],
  [/ERR_(NAME_NOT_RESOLVED|NAME_RESOLUTION_FAILED|DNS_)/, 'name'],
  [/ERR_(CERT_|SSL_|TLS_|BAD_SSL)/, 'certificate'],
  [/PROXY|SOCKS|TUNNEL/, 'proxy'],
  [/ERR_CONNECTION_REFUSED/, 'refused'],
  [/TIMED_OUT|TimeoutError|timeout|AbortError/, 'timeout'],
  [/ERR_(ADDRESS_|CONNECTION_|EMPTY_RESPONSE|SOCKET_)/, 'unreachable'],
];

function foundIn(error: unknown): Found {
  const { kind, message } = asFailure(error);
  if (kind === 'host_unknown') return { found: 'host-unknown', detail: '' };
  if (kind === 'session_ended' || kind === 'unauthorized' || kind === 'session_revoked')
    return { found: 'signed-out', detail: kind };
  const told = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const found = BY_ERROR.find(([shape]) => shape.test(told))?.[1] ?? 'other';
  return { found, detail: (/ERR_[A-Z_]+/.exec(told)?.[0] ?? message).slice(0, 200) };
}
