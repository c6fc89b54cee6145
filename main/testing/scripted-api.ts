/**
 * The API server as the desktop's main process sees it, in memory, behind `fetch`: real enough in what it remembers, with replies that get lost on
 * request. Its rules are those of docs/protocol.md; the true server has tests of its own.
 */
import type { Fetch } from '../network/api-client.ts';

interface Account {
  user: string;
  name: string;
  secret: string;
  device: string;
  code: string;
  usedCode: string | null;
}

export const TOKEN_LIFE = 900_000;

export class ScriptedApi {
  readonly accounts: Account[] = [];
  readonly requests: { path: string; body: Record<string, unknown> }[] = [];
  /** What becomes of the next replies, in order: `lost` after the work is done, `down` before it; `error` is what the network stack says. */
  faults: ('lost' | 'down' | 'ok' | { error: string } | { status: number; body: unknown })[] = [];
  time = 5_000_000;
  /** The relay beside it takes its tokens. @property sub whose they are, where that is another one than they are said to be of */
  readonly relay: { takes: boolean; sub?: string } = { takes: true };
  /** People who sign in by password. */
  readonly logins = new Map<string, { user: string; name: string; password: string }>();
  /** Sessions by id: generation of the newest refresh token. */
  readonly sessions = new Map<
    string,
    { user: string; device: string; generation: number; ended: boolean | 'again' }
  >();
  #made = 0;

  readonly fetch: Fetch = async (url, options) => {
    const path = new URL(url).pathname;
    const body = options.body === undefined ? {} : JSON.parse(String(options.body));
    this.requests.push({ path, body });
    const fault = this.faults.shift() ?? 'ok';
    if (fault === 'down') throw new TypeError('connection refused');
    if (typeof fault === 'object' && 'error' in fault) throw new TypeError(fault.error);
    if (typeof fault === 'object') return json(fault.status, fault.body);
    const [status, answer] = this.#answer(path, body);
    if (fault === 'lost') throw new TypeError('connection reset');
    return json(status, answer);
  };

  count(path: string): number {
    return this.requests.filter((request) => request.path === path).length;
  }

  #answer(path: string, body: Record<string, unknown>): [number, unknown] {
    switch (path) {
      case '/api/server':
        return [
          200,
          { name: 'Test', version: '1', relay: 'ws://127.0.0.1:1/ws', registration: 'invitation' },
        ];
      case '/api/accounts':
        return this.#register(body as never);
      case '/api/accounts/recover':
        return this.#recover(body as never);
      case '/api/sessions':
        return this.#signIn(body as never);
      case '/api/sessions/refresh':
        return this.#refresh(body as never);
      case '/api/sessions/sign-out': {
        const session = this.sessions.get((body as { refresh: string }).refresh.split('.')[0]!);
        if (session) session.ended = true;
        return [204, null];
      }
      case '/send-message':
        return this.relay.takes ? problem(400, 'invalid_field') : problem(401, 'unauthorized');
      case '/api/invitations/preview': {
        const inviter = { user: 'user-0', name: 'Ann' };
        return [200, { server: 'Here', inviter, expires: this.time + 1 }];
      }
      case '/api/invitations':
        return [201, { secret: 'i'.repeat(43), expires: this.time + 1 }];
      default:
        return problem(404, 'not_found');
    }
  }

  #register(body: {
    name: string;
    secret: string;
    device: { id: string };
    invitation: string;
  }): [number, unknown] {
    const before = this.accounts.find(({ device }) => device === body.device.id);
    if (before && before.secret !== body.secret) return problem(403, 'forbidden');
    const account = before ?? {
      user: `user-${++this.#made}`,
      name: body.name,
      secret: body.secret,
      device: body.device.id,
      code: '',
      usedCode: null,
    };
    if (!before) this.accounts.push(account);
    account.code = `code-${++this.#made}`;
    return [201, { ...this.#open(account), recoveryCode: account.code }];
  }

  #recover(body: { code: string; secret: string; user?: string }): [number, unknown] {
    const account = this.accounts.find(({ code, usedCode }) => code === body.code || usedCode === body.code);
    const again = account?.usedCode === body.code;
    if (
      !account ||
      (body.user !== undefined && body.user !== account.user) ||
      (again && account.secret !== body.secret)
    )
      return problem(401, 'wrong_secret');
    account.secret = body.secret;
    account.usedCode = body.code;
    account.code = `code-${++this.#made}`;
    return [200, { ...this.#open(account), recoveryCode: account.code }];
  }

  #signIn(body: {
    user: string;
    secret: string;
    login?: string;
    password?: string;
    device: { id: string };
  }): [number, unknown] {
    if (body.login !== undefined) {
      const person = this.logins.get(body.login);
      if (person?.password !== body.password) return problem(401, 'wrong_secret');
      return [
        201,
        this.#open({ ...person!, secret: '', device: '', code: '', usedCode: null }, body.device.id),
      ];
    }
    const account = this.accounts.find(({ user }) => user === body.user);
    if (account?.secret !== body.secret) return problem(401, 'wrong_secret');
    return [201, this.#open(account, body.device?.id ?? account.device)];
  }

  #refresh({ refresh }: { refresh: string }): [number, unknown] {
    const [sid = '', generation = ''] = refresh.split('.');
    const session = this.sessions.get(sid);
    // The one before the newest is what a client shows whose reply was lost.
    if (!session) return problem(401, 'session_ended');
    const reused = Number(generation) < session.generation - 1;
    if (session.ended !== false)
      return problem(401, reused || session.ended === 'again' ? 'session_replaced' : 'session_ended');
    if (reused) {
      session.ended = true;
      return problem(409, 'session_replaced');
    }
    session.generation = Number(generation) + 1;
    return [200, this.#tokens(sid, this.accounts.find(({ user }) => user === session.user)!)];
  }

  #open(account: Account, device = account.device) {
    const sid = `sid${++this.#made}`;
    for (const session of this.sessions.values())
      if (session.user === account.user && session.device === device && session.ended === false)
        session.ended = 'again';
    this.sessions.set(sid, { user: account.user, device, generation: 0, ended: false });
    return this.#tokens(sid, account);
  }

  #tokens(sid: string, { user, name }: Account) {
    return {
      user,
      name,
      access: `access-${++this.#made}.${claims({ sub: this.relay.sub ?? user })}.signed`,
      accessExpires: this.time + TOKEN_LIFE,
      time: this.time,
      refresh: `${sid}.${this.sessions.get(sid)!.generation}`,
    };
  }
}

const claims = (of: object) => Buffer.from(JSON.stringify(of)).toString('base64url');

const problem = (status: number, kind: string): [number, unknown] => [
  status,
  { type: 'about:blank', title: kind, status, detail: kind, kind, message: kind },
];

const json = (status: number, body: unknown) =>
  new Response(status === 204 ? null : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json' },
  });
