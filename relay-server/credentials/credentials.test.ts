import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIMITS } from '@matchbook/protocol/limits';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Api, ApiClient } from '../saving/api-client.ts';
import { Credentials, ticketKey } from './credentials.ts';
import { KeyCache } from './keys.ts';

const HOUR = 3_600_000;
let now: number;
let folder: string;
let asked: number;
let jwks: unknown;
let reachable: boolean;
let sign: (kid: string, expires: number) => Promise<string>;

const api: Api = {
  request: async () => {
    asked += 1;
    return reachable ? { ok: true, status: 200, body: jwks } : { ok: false, status: 0, message: 'away' };
  },
};
const cache = () => new KeyCache({ api, file: join(folder, 'keys.json'), now: () => now });
const credentials = (keys: KeyCache, apiAway = () => false) =>
  new Credentials({ keys, issuer: 'matchbook', ticketKey: new Uint8Array(32), now: () => now, apiAway });

beforeEach(async () => {
  now = 1_000_000 * 1_000;
  asked = 0;
  reachable = true;
  folder = mkdtempSync(join(tmpdir(), 'matchbook-keys-'));
  const { publicKey, privateKey } = await generateKeyPair('EdDSA');
  const jwk = await exportJWK(publicKey);
  jwks = {
    keys: [
      { ...jwk, kid: 'k1' },
      { kty: 'RSA', kid: 'other' },
    ],
  };
  sign = (kid, expires) =>
    new SignJWT({ did: 'd', sid: 's' })
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .setSubject('ann')
      .setIssuer('matchbook')
      .setAudience('matchbook')
      .setIssuedAt(now / 1_000 - 900)
      .setExpirationTime(expires / 1_000)
      .sign(privateKey);
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

describe('keys', () => {
  it('outlive the API and the process: the ones known last go on', async () => {
    const first = cache();
    await first.start();
    first.close();
    reachable = false;
    const second = cache();
    await second.start();
    expect(second.ready).toBe(true);
    expect(await second.key('k1')).not.toBeNull();
    second.close();
    expect(statSync(join(folder, 'keys.json')).mode & 0o777).toBe(0o600);
  });

  it('are asked for when one is unknown, once for all who wait, and every two seconds at most', async () => {
    const keys = cache();
    await keys.start();
    now += 5_000;
    expect(await Promise.all([keys.key('k2'), keys.key('k2'), keys.key('k3')])).toEqual([null, null, null]);
    expect(asked).toBe(2);
    vi.useFakeTimers();
    const answer = vi.fn();
    void keys.key('k2').then(answer);
    const [first] = (jwks as { keys: object[] }).keys;
    jwks = { keys: [{ ...first, kid: 'k2' }] };
    await vi.advanceTimersByTimeAsync(1_999);
    expect([asked, answer.mock.calls.length]).toEqual([2, 0]);
    await vi.advanceTimersByTimeAsync(1);
    vi.useRealTimers();
    await expect.poll(() => answer.mock.calls.length).toBe(1);
    expect(answer.mock.calls[0]![0]).not.toBeNull();
    keys.close();
  });

  it('say nothing about a token while the API has never answered: come back later, do not sign in again', async () => {
    reachable = false;
    const keys = cache();
    await keys.start();
    now += 1_000;
    const verdict = await credentials(keys).check({ token: await sign('k1', now + HOUR), device: 'd' });
    expect(verdict).toMatchObject({ ok: false, failure: { kind: 'internal', retryAfter: 1 } });
    reachable = true;
    now += 1_000;
    expect((await credentials(keys).check({ token: await sign('k1', now + HOUR), device: 'd' })).ok).toBe(
      true,
    );
    keys.close();
  });

  it('are not replaced by an answer that has none, nor read from a damaged file', async () => {
    writeFileSync(join(folder, 'keys.json'), '{"keys":[');
    const keys = cache();
    await keys.start();
    expect(keys.ready).toBe(true);
    jwks = { keys: [] };
    await keys.refresh();
    expect(await keys.key('k1')).not.toBeNull();
    keys.close();
  });
});

describe('P4 P5 credentials', () => {
  it('end a minute after the token, and 12 hours after it while the API is away', async () => {
    const keys = cache();
    await keys.start();
    let away = false;
    const checks = credentials(keys, () => away);
    const token = await sign('k1', now);
    const verdict = async () => (await checks.check({ token, device: 'd' })).ok;
    now += 60_000;
    expect(await verdict()).toBe(true);
    now += 1_000;
    expect(await verdict()).toBe(false);
    away = true;
    expect(await verdict()).toBe(true);
    now += 12 * HOUR - 62_000;
    expect(await verdict()).toBe(true);
    now += 2_000;
    expect(await verdict()).toBe(false);
    keys.close();
  });

  it('come as a ticket for one device, without a signature to verify, and no longer than the token', async () => {
    const keys = cache();
    await keys.start();
    const checks = credentials(keys);
    const verdict = await checks.check({ token: await sign('k1', now + HOUR), device: 'd' });
    if (!verdict.ok) throw new Error(verdict.failure.message);
    const ticket = checks.ticket(verdict.identity);
    expect(ticket.length).toBeLessThanOrEqual(512);
    expect(await checks.check({ ticket, device: 'd' })).toEqual({ ...verdict, byTicket: true });
    expect(await checks.check({ ticket, device: 'e' })).toMatchObject({
      ok: false,
      failure: { kind: 'unauthorized' },
    });
    for (let i = 0; i < ticket.length; i += 7) {
      const changed = `${ticket.slice(0, i)}${ticket[i] === 'A' ? 'B' : 'A'}${ticket.slice(i + 1)}`;
      expect((await checks.check({ ticket: changed, device: 'd' })).ok).toBe(false);
    }
    now += HOUR + 61_000;
    expect((await checks.check({ ticket, device: 'd' })).ok).toBe(false);
    keys.close();
  });

  it('of an ended session are refused for as long as one of them could count, and then forgotten', async () => {
    const keys = cache();
    await keys.start();
    const checks = new Credentials({
      ...{ keys, issuer: 'matchbook', ticketKey: new Uint8Array(32), now: () => now },
      ...{ apiAway: () => true, revoked: ['s'] },
    });
    const longest = await sign('k1', now + LIMITS.accessTokenLongest);
    const ended = { ok: false, failure: { kind: 'session_revoked' } };
    now += LIMITS.accessTokenLongest + LIMITS.tokenGrace - LIMITS.clockLeeway;
    checks.revoke('other');
    expect(await checks.check({ token: longest, device: 'd' })).toMatchObject(ended);
    now += 2 * HOUR;
    const fresh = await sign('k1', now + HOUR);
    expect(await checks.check({ token: fresh, device: 'd' })).toMatchObject(ended);
    checks.revoke('another');
    expect(await checks.check({ token: fresh, device: 'd' })).toMatchObject({ ok: true });
    keys.close();
  });

  it('are refused where a token would count for longer than ended sessions are remembered', async () => {
    const keys = cache();
    await keys.start();
    const until = async (expires: number) =>
      (await credentials(keys).check({ token: await sign('k1', expires), device: 'd' })).ok;
    expect(await until(now + LIMITS.accessTokenLongest)).toBe(true);
    expect(await until(now + LIMITS.accessTokenLongest + 2 * LIMITS.clockLeeway)).toBe(false);
    keys.close();
  });

  it('keep the ticket key of this relay, readable by its owner only', () => {
    const file = join(folder, 'ticket.key');
    const key = ticketKey(file);
    expect(ticketKey(file)).toEqual(key);
    expect(readFileSync(file)).toHaveLength(32);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe('the API', () => {
  it('counts as away when all requests of a minute failed, 5xx included, until one succeeds', async () => {
    let answer: [status: number, body: string] | null = [200, '{}'];
    const server = createServer((request, response) => {
      if (!answer) {
        request.socket.destroy();
        return;
      }
      response.writeHead(answer[0], { location: '/elsewhere' });
      response.end(answer[1]);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const client = new ApiClient({ base: `http://127.0.0.1:${port}`, secret: 's', now: () => now });
    const ask = (timeout = 10_000) => client.request({ method: 'POST', path: '/x', body: '{}', timeout });
    expect(await ask()).toEqual({ ok: true, status: 200, body: {} });
    answer = null;
    expect(await ask()).toMatchObject({ ok: false, status: 0 });
    now += 59_999;
    expect(client.away).toBe(false);
    answer = [503, '{}'];
    await ask();
    now += 1;
    expect(client.away).toBe(true);
    answer = [404, '{}'];
    expect(await ask()).toMatchObject({ ok: true, status: 404 });
    expect(client.away).toBe(false);
    answer = [200, '<html>'];
    expect(await ask()).toMatchObject({ ok: false, status: 200 });
    answer = [302, ''];
    expect(await ask()).toMatchObject({ ok: false, status: 302 });
    server.removeAllListeners('request');
    expect(await ask(500)).toMatchObject({ ok: false, message: 'timeout' });
    server.closeAllConnections();
    server.close();
  });
});
