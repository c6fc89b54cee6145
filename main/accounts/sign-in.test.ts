import { join } from 'node:path';
import { formatInvitation } from '@matchbook/protocol/invitation';
import { describe, expect, it } from 'vitest';
import { LocalError } from '../bridge/local-failure.ts';
import { ApiClient } from '../network/api-client.ts';
import { Secrets } from '../profile/secrets.ts';
import { openSettings } from '../profile/settings.ts';
import { Clock } from '../testing/clock.ts';
import { temporaryFolder } from '../testing/folder.ts';
import { TestKeyring } from '../testing/keyring.ts';
import { ScriptedApi } from '../testing/scripted-api.ts';
import { CertificatePins } from '../trust/certificate-pins.ts';
import { accountParts } from './account-parts.ts';
import { serverAddress } from './server-address.ts';
import type { AccountSecret } from './tokens.ts';

const API = 'http://127.0.0.1:20002';
const INVITATION = formatInvitation({ api: API, secret: 'x'.repeat(43) });

function stage() {
  const server = new ScriptedApi();
  const folder = temporaryFolder();
  const clock = new Clock();
  const start = async (at = folder) => {
    const settings = await openSettings(join(at, 'settings.json'));
    const secrets = new Secrets(join(at, 'secrets'), new TestKeyring());
    const happened: string[] = [];
    const parts = accountParts({
      ...{ settings, secrets, api: new ApiClient(server.fetch), deviceName: 'desk' },
      pins: new CertificatePins({
        accounts: () => settings.data.accounts,
        others: () => [],
        renew: () => {},
        uptime: clock.monotonic,
      }),
      letIn: () => null,
      moved: () => {},
      startEmbedded: async () => ({ api: API, firstAccountSecret: 'f'.repeat(43) }),
      adopted: async ({ account }) => void happened.push(`adopted ${account}`),
      introduced: async () => {},
      resumed: async (account) => void happened.push(`resumed ${account}`),
      stopped: (account) => void happened.push(`stopped ${account}`),
      erase: async ({ account }) => void happened.push(`erased ${account}`),
      openInBrowser: async () => {},
      changed: () => {},
      log: () => {},
      now: clock.now,
      uptime: clock.monotonic,
      sleep: async () => {},
      setTimer: clock.setTimer,
    });
    await parts.registrations.resume();
    await parts.signOuts.resume();
    await parts.signOuts.flush();
    const secretOf = (account: string) => secrets.read<AccountSecret>(account);
    const token = (account: string) => parts.tokens.get(parts.list.tokenAccount(account), true);
    return { ...parts, settings, secrets, secretOf, token, happened };
  };
  return { server, clock, start };
}

/** An account, and a second profile that is a copy of the first: they share what is kept, and then go apart. */
async function copied() {
  const { server, clock, start } = stage();
  const first = await start();
  const { account } = await first.registrations.join({ invitation: INVITATION, name: 'Ann' });
  const other = await start(temporaryFolder());
  await other.settings.update((all) => {
    all.accounts = structuredClone(first.settings.data.accounts);
  });
  await other.secrets.write(account, await first.secretOf(account));
  await other.list.secretOf(account);
  return { server, clock, first, other, account };
}
const kindOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no failure',
    (error: unknown) => (error instanceof LocalError ? error.failure.kind : String(error)),
  );

describe('a copied profile', () => {
  it('that lags behind stops, does not use the secret by itself, and the other goes on', async () => {
    const { server, first, other, account } = await copied();
    for (let i = 0; i < 3; i++) await first.token(account);
    const signIns = server.count('/api/sessions');
    expect(await kindOf(other.token(account))).toBe('session_replaced');
    await expect.poll(() => other.list.standing(account)).toBe('elsewhere');
    expect(other.list.active()).toEqual([]);
    await expect.poll(() => other.happened).toContain(`stopped ${account}`);
    expect(server.count('/api/sessions')).toBe(signIns);
    // The reuse ended the session: who holds the newest token begins a new one without being asked.
    expect((await first.token(account)).token).toMatch(/^access-/);
    expect(first.list.standing(account)).toBe('active');
    expect(await kindOf(other.token(account))).toBe('session_replaced');
    expect((await first.token(account)).token).toMatch(/^access-/);
  });

  it('becomes a device of its own, with keys that the other can end', async () => {
    const { first, other, account } = await copied();
    await first.token(account);
    await other.list.update(account, { standing: 'copied' });
    await other.signIns.becomeDevice(account);
    expect(other.list.standing(account)).toBe('active');
    expect(other.list.get(account).device).not.toBe(first.list.get(account).device);
    expect(await other.secretOf(account)).not.toHaveProperty('secret');
    for (let i = 0; i < 3; i++)
      for (const one of [first, other]) expect((await one.token(account)).token).toMatch(/^access-/);
  });

  it('that takes over stops the other, for good and without a fight', async () => {
    const { server, first, other, account } = await copied();
    for (let i = 0; i < 3; i++) await first.token(account);
    await other.list.update(account, { standing: 'elsewhere' });
    await other.signIns.takeOver(account);
    expect(await kindOf(first.token(account))).toBe('session_replaced');
    await expect.poll(() => first.list.standing(account)).toBe('elsewhere');
    const signIns = server.count('/api/sessions');
    for (let i = 0; i < 3; i++) expect((await other.token(account)).token).toMatch(/^access-/);
    expect(server.count('/api/sessions')).toBe(signIns);
  });
});

it('a copy of a profile with servers in it goes on with them as soon as they answer, at the first click', async () => {
  const { server, first, other, account } = await copied();
  await other.list.update(account, { standing: 'copied' });
  await other.settings.update((all) => {
    for (const one of all.accounts) one.embedded = true;
  });
  server.faults = Array(20).fill('down');
  await other.signIns.takeOver(account);
  expect(other.list.standing(account)).toBe('active');
  expect((await other.token(account)).token).toMatch(/^access-/);
  expect(await kindOf(first.token(account))).toBe('session_replaced');
});

describe('signing in', () => {
  it('by login is one account, found again by whoever signs in once more', async () => {
    const { server, start } = stage();
    server.logins.set('ann', { user: 'u1', name: 'Ann', password: 'correct horse' });
    const { signIns, list, settings } = await start();
    const request = { server: '127.0.0.1:20002', login: ' Ann ', password: 'correct horse' };
    expect(await kindOf(signIns.signIn({ ...request, password: 'no' }))).toBe('wrong_secret');
    expect(list.ready()).toEqual([]);
    const { account } = await signIns.signIn(request);
    expect((await signIns.signIn(request)).account).toBe(account);
    expect(settings.data.accounts).toHaveLength(1);
    expect(list.get(account)).toMatchObject({ name: 'Ann', api: API, embedded: false });
  });

  it('at a new address of the same server is the same account, which is there from now on', async () => {
    const { server, start } = stage();
    server.logins.set('ann', { user: 'u1', name: 'Ann', password: 'correct horse' });
    const { signIns, list, settings, happened } = await start();
    const request = { login: 'ann', password: 'correct horse' };
    const { account } = await signIns.signIn({ ...request, server: '127.0.0.1:20002' });
    await signIns.signIn({ ...request, server: 'http://localhost:20003' });
    expect(settings.data.accounts).toHaveLength(1);
    expect(list.get(account)).toMatchObject({ account, api: 'http://localhost:20003' });
    expect(happened.at(-1)).toBe(`resumed ${account}`);
  });

  it('at a new address with a certificate of an authority is known by its key no more', async () => {
    const { server, start } = stage();
    server.logins.set('ann', { user: 'u1', name: 'Ann', password: 'correct horse' });
    const { signIns, list } = await start();
    const request = { login: 'ann', password: 'correct horse' };
    const { account } = await signIns.signIn({ ...request, server: '127.0.0.1:20002' });
    await list.update(account, { pin: 'p'.repeat(43) });
    await signIns.signIn({ ...request, server: 'https://chat.example' });
    expect(list.get(account)).toMatchObject({ api: 'https://chat.example' });
    expect(list.get(account).pin).toBeUndefined();
  });

  it.each([
    ['', undefined],
    [' of one that is known by its key', 'p'.repeat(43)],
  ])(
    'at a server that only says so of itself%s is another account, and what waits in the first one goes nowhere',
    async (_name, pin) => {
      const { server, start } = stage();
      server.logins.set('ann', { user: 'u1', name: 'Ann', password: 'correct horse' });
      const { signIns, list, settings } = await start();
      const request = { login: 'ann', password: 'correct horse' };
      const { account } = await signIns.signIn({ ...request, server: '127.0.0.1:20002' });
      await settings.update((all) => {
        for (const one of all.accounts) if (pin !== undefined) one.pin = pin;
      });
      server.relay.takes = false;
      const other = await signIns.signIn({ ...request, server: 'http://localhost:20003' });
      expect(other.account).not.toBe(account);
      expect(settings.data.accounts.map(({ api }) => api)).toEqual([API, 'http://localhost:20003']);
      expect(list.get(account).api).toBe(API);
    },
  );

  it('at a server that shows a token of its own maker on the same relay is another account', async () => {
    const { server, start } = stage();
    server.logins.set('ann', { user: 'u1', name: 'Ann', password: 'correct horse' });
    const { signIns, list } = await start();
    const request = { login: 'ann', password: 'correct horse' };
    const { account } = await signIns.signIn({ ...request, server: '127.0.0.1:20002' });
    server.relay.sub = 'eve';
    const other = await signIns.signIn({ ...request, server: 'http://localhost:20003' });
    expect(other.account).not.toBe(account);
    expect(list.get(account).api).toBe(API);
  });

  it('at a new address, while the relay cannot be asked, changes nothing and leaves no session behind', async () => {
    const { server, start } = stage();
    server.logins.set('ann', { user: 'u1', name: 'Ann', password: 'correct horse' });
    const { signIns, settings } = await start();
    const request = { login: 'ann', password: 'correct horse' };
    await signIns.signIn({ ...request, server: '127.0.0.1:20002' });
    server.faults = ['ok', 'ok', 'down'];
    await expect(signIns.signIn({ ...request, server: 'http://localhost:20003' })).rejects.toMatchObject({
      failure: { kind: 'server_unreachable' },
    });
    expect(settings.data.accounts.map(({ api }) => api)).toEqual([API]);
    await expect.poll(() => server.count('/api/sessions/sign-out')).toBe(1);
  });

  it('by an invitation of another key on the host of an account asks nobody', async () => {
    const { server, start } = stage();
    const { signIns, registrations, settings } = await start();
    const pinned = (port: number, pin: string) =>
      formatInvitation({ api: `https://10.0.0.5:${port}`, pin: pin.repeat(43), secret: 'x'.repeat(43) });
    await registrations.join({ invitation: pinned(1, 'p'), name: 'Ann' });
    const asked = server.requests.length;
    const invitation = pinned(2, 'q');
    for (const attempt of [
      () => registrations.preview(invitation),
      async () => registrations.join({ invitation, name: 'Ann' }),
      () => signIns.lookUp(invitation),
      () => signIns.signIn({ server: invitation, login: 'ann', password: 'correct horse' }),
      () => signIns.signInElsewhere(invitation),
    ])
      await expect(attempt()).rejects.toMatchObject({
        failure: { kind: 'certificate_other_key', field: 'server' },
      });
    expect(server.requests).toHaveLength(asked);
    expect(settings.data.accounts).toHaveLength(1);
  });

  it('again with the login of somebody else is refused, and leaves no session behind', async () => {
    const { server, start } = stage();
    for (const [login, user] of [
      ['ann', 'u1'],
      ['eve', 'u2'],
    ] as const)
      server.logins.set(login, { user, name: login, password: 'correct horse' });
    const { signIns, list } = await start();
    const { account } = await signIns.signIn({ server: API, login: 'ann', password: 'correct horse' });
    const answer = signIns.signIn({ server: API, login: 'eve', password: 'correct horse', account });
    expect(await kindOf(answer)).toBe('wrong_secret');
    await expect.poll(() => server.count('/api/sessions/sign-out')).toBe(1);
    expect(list.ready()).toHaveLength(1);
  });

  it.each([
    ['chat.example.org', 'https://chat.example.org'],
    [' chat.example.org:8443/matchbook/ ', 'https://chat.example.org:8443/matchbook'],
    ['localhost:3000', 'http://localhost:3000'],
    ['http://chat.example.org', 'http://chat.example.org'],
  ])('reads %s as %s', (text, address) => {
    expect(serverAddress(text)).toEqual({ api: address });
  });

  it.each(['', 'ftp://x.org', 'javascript://x', 'https://a:b@x.org', 'https://x.org/?q', 'a b'])(
    'takes %j for no server',
    (text) => {
      expect(() => serverAddress(text)).toThrow(LocalError);
    },
  );
});

describe('signing out', () => {
  it('erases the keys at once, and tells the server when it is back, also after a restart', async () => {
    const { server, start, clock } = stage();
    const first = await start();
    const { account } = await first.registrations.join({ invitation: INVITATION, name: 'Ann' });
    const { refresh } = (await first.secretOf(account))!;
    server.faults = ['down', 'down'];
    await first.signOuts.signOut(account, true);
    await first.signOuts.flush();
    expect(await first.secretOf(account)).toBeNull();
    expect(first.list.standing(account)).toBe('signed-out');
    expect(server.sessions.get(refresh!.split('.')[0]!)?.ended).toBe(false);
    expect(first.settings.data.endings).toHaveLength(1);
    const second = await start();
    expect(second.list.standing(account)).toBe('signed-out');
    clock.advance(3_600_000);
    await second.signOuts.flush();
    expect(server.sessions.get(refresh!.split('.')[0]!)?.ended).toBe(true);
    expect(second.settings.data.endings).toEqual([]);
  });

  it('is not forgotten by a clock that jumps a year ahead, and is given up after 90 days of asking', async () => {
    const { server, start, clock } = stage();
    const first = await start();
    const { account } = await first.registrations.join({ invitation: INVITATION, name: 'Ann' });
    const { refresh } = (await first.secretOf(account))!;
    const down = () => {
      server.faults = ['down'];
    };
    down();
    await first.signOuts.signOut(account, true);
    await first.signOuts.flush();
    clock.wall += 365 * 86_400_000;
    down();
    await first.signOuts.flush();
    expect(first.settings.data.endings).toHaveLength(1);
    clock.wall -= 365 * 86_400_000;
    await first.signOuts.flush();
    expect(server.sessions.get(refresh!.split('.')[0]!)?.ended).toBe(true);
    expect(first.settings.data.endings).toEqual([]);

    // Nor by a network that has no way, or answers with a page of its own.
    for (const error of [
      'net::ERR_INTERNET_DISCONNECTED',
      'net::ERR_NAME_NOT_RESOLVED',
      'Redirect was cancelled',
    ]) {
      await first.signOuts.end({ api: 'https://gone.example' }, 'refresh');
      server.faults = [{ error }];
      await first.signOuts.flush();
      expect(first.settings.data.endings, error).toHaveLength(1);
      await first.signOuts.flush();
      expect(first.settings.data.endings).toEqual([]);
    }
    await first.signOuts.end({ api: 'https://gone.example' }, 'refresh');
    for (let day = 0; day < 91; day++) {
      down();
      await first.signOuts.flush();
      expect(first.settings.data.endings, `day ${day}`).toHaveLength(1);
      clock.wall += 86_400_000;
    }
    down();
    await first.signOuts.flush();
    expect(first.settings.data.endings).toEqual([]);
  });

  it('with removal leaves nothing of the account, also where the process ended in between', async () => {
    const { start } = stage();
    const first = await start();
    const { account } = await first.registrations.join({ invitation: INVITATION, name: 'Ann' });
    await first.list.update(account, { standing: 'signed-out', removing: true });
    const second = await start();
    expect(second.happened).toContain(`erased ${account}`);
    expect(second.settings.data.accounts).toEqual([]);
    expect(await second.secretOf(account)).toBeNull();
  });

  it('with removal, while a server that is known by its key is away, keeps its key for the end of the session', async () => {
    const { server, start } = stage();
    const first = await start();
    const known = { api: 'https://10.0.0.5:1', pin: 'p'.repeat(43) };
    const invitation = formatInvitation({ ...known, secret: 'x'.repeat(43) });
    const { account } = await first.registrations.join({ invitation, name: 'Ann' });
    server.faults = ['down'];
    await first.signOuts.signOut(account, false);
    await first.signOuts.flush();
    const { accounts, endings } = first.settings.data;
    expect([accounts, endings]).toMatchObject([[], [known]]);
  });

  it('of a copy leaves the session of the other alone', async () => {
    const { server, first, other, account } = await copied();
    await other.list.update(account, { standing: 'copied' });
    await other.signOuts.signOut(account, false);
    await other.signOuts.flush();
    expect(server.count('/api/sessions/sign-out')).toBe(0);
    expect((await first.token(account)).token).toMatch(/^access-/);
  });
});
