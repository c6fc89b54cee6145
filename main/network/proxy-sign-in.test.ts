import { describe, expect, it } from 'vitest';
import { Secrets } from '../profile/secrets.ts';
import { temporaryFolder } from '../testing/folder.ts';
import { TestKeyring } from '../testing/keyring.ts';
import { type Challenge, type Credentials, ProxySignIn } from './proxy-sign-in.ts';

const ASKED: Challenge = { isProxy: true, host: 'proxy.office', port: 8080, realm: 'Office' };
const RIGHT: Credentials = { user: 'ann', password: 'right' };

/** A proxy, and Chromium's memory of what it was answered. */
function office(folder = temporaryFolder(), sealed = true) {
  const keyring = new TestKeyring();
  keyring.available = sealed;
  const world = {
    known: false,
    asks: ASKED,
    right: RIGHT,
    told: [] as string[],
    requests: 0,
    given: [] as Credentials[],
  };
  const signIn = new ProxySignIn({
    request: async (_url, login) => {
      world.requests += 1;
      for (let i = 0; i < 10; i++) {
        if (world.known) return true;
        const given = await login(world.asks);
        if (!given) return false;
        world.given.push(given);
        world.known = given.user === world.right.user && given.password === world.right.password;
      }
      return world.known;
    },
    secrets: new Secrets(folder, keyring),
    log: (line) => world.told.push(line),
  });
  signIn.onTold(
    () => world.told.push(signIn.question ? `asked${signIn.question.wrong ? ' again' : ''}` : 'closed'),
    () => world.told.push('through'),
  );
  const fetch = signIn.through(async () =>
    world.known ? Response.json({ fine: true }) : new Response('no', { status: 407 }),
  );
  const ask = () => fetch('http://api.test:81/api/account', {}).then(({ status }) => status, String);
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { world, signIn, ask, settled, folder };
}
const TURNED_AWAY = 'Error: net::ERR_PROXY_AUTH_REQUESTED (407)';

describe('a proxy that wants a password', () => {
  it('is answered by the person, who is told what was wrong; nobody waits for them; the answer is kept for the next start', async () => {
    const { world, signIn, ask, settled, folder } = office();
    expect(await Promise.all([ask(), ask()])).toEqual([TURNED_AWAY, TURNED_AWAY]);
    expect(world.requests).toBe(1);
    expect(signIn.question).toEqual({
      place: 'proxy.office:8080',
      realm: 'Office',
      asked: 1,
      wrong: false,
      kept: true,
    });
    signIn.signIn({ user: 'ann', password: 'wrong' });
    await settled();
    expect(signIn.question?.wrong).toBe(true);
    signIn.signIn(RIGHT);
    await expect.poll(() => world.told).toEqual(['asked', 'asked again', 'through', 'closed']);
    expect(await ask()).toBe(200);

    const later = office(folder);
    expect(await later.ask()).toBe(200);
    expect(later.world.told).toEqual(['through']);
    const changed = office(folder);
    changed.world.right = { user: 'ann', password: 'changed since' };
    expect(await changed.ask()).toBe(TURNED_AWAY);
    expect(changed.signIn.question?.wrong).toBe(true);
  });

  it('leaves a person alone who will not, until they want a connection or are in another network', async () => {
    const { world, signIn, ask, settled } = office();
    await ask();
    signIn.cancel();
    await settled();
    expect([signIn.question, await ask(), world.requests]).toEqual([null, TURNED_AWAY, 1]);
    signIn.wanted();
    await ask();
    expect(signIn.question).not.toBeNull();
    signIn.networkChanged();
    await settled();
    expect(signIn.question).toBeNull();
    await ask();
    expect([signIn.question === null, world.requests]).toEqual([false, 3]);
  });

  it('is the only one to get its password: a server that asks for one gets none, and the person is not asked', async () => {
    const { world, signIn, ask } = office();
    world.asks = { ...ASKED, isProxy: false };
    expect(await ask()).toBe(TURNED_AWAY);
    expect([world.given, signIn.question]).toEqual([[], null]);
    world.asks = ASKED;
    await ask();
    signIn.signIn(RIGHT);
    await expect.poll(() => world.known).toBe(true);
    world.known = false;
    world.asks = { ...ASKED, isProxy: false };
    await ask();
    expect(world.given).toEqual([RIGHT]);
  });

  it('is not kept where there is no keyring, and known until the app ends', async () => {
    const { world, signIn, ask, folder } = office(undefined, false);
    await ask();
    expect(signIn.question?.kept).toBe(false);
    signIn.signIn(RIGHT);
    await expect.poll(() => world.told.at(-1)).toBe('closed');
    world.known = false;
    expect(await ask()).toBe(200);
    expect(await office(folder, false).ask()).toBe(TURNED_AWAY);
  });

  it('is no matter of what failed otherwise', async () => {
    const { world, signIn } = office();
    const failing = signIn.through(() => Promise.reject(new Error('net::ERR_NAME_NOT_RESOLVED')));
    await expect(failing('http://api.test/', {})).rejects.toThrow('NAME_NOT_RESOLVED');
    expect(world.requests).toBe(0);
    const tunnel = signIn.through(() => Promise.reject(new Error('net::ERR_TUNNEL_CONNECTION_FAILED')));
    await expect(tunnel('https://api.test/', {})).rejects.toThrow('TUNNEL');
    expect([world.requests, signIn.question?.place]).toEqual([1, 'proxy.office:8080']);
  });
});
