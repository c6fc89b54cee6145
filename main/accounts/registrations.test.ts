import { join } from 'node:path';
import { formatInvitation, parseInvitation } from '@matchbook/protocol/invitation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LocalError } from '../bridge/local-failure.ts';
import { ApiClient } from '../network/api-client.ts';
import { Secrets } from '../profile/secrets.ts';
import { openSettings } from '../profile/settings.ts';
import { temporaryFolder } from '../testing/folder.ts';
import { TestKeyring } from '../testing/keyring.ts';
import { ScriptedApi } from '../testing/scripted-api.ts';
import { AccountList } from './account-list.ts';
import { Registrations } from './registrations.ts';
import { AccessTokens } from './tokens.ts';

const API = 'http://127.0.0.1:20002';
const INVITATION = formatInvitation({ api: API, secret: 'x'.repeat(43) });

/** A profile whose process can be ended and started as often as one likes, and the one server that it knows. */
function stage(folder = temporaryFolder()) {
  const server = new ScriptedApi();
  const keyring = new TestKeyring();
  const start = async () => {
    const settings = await openSettings(join(folder, 'settings.json'));
    const secrets = new Secrets(join(folder, 'secrets'), keyring);
    const api = new ApiClient(server.fetch);
    const tokens = new AccessTokens(api, secrets, Date.now);
    const adopted: string[] = [];
    const recovered: string[] = [];
    const moved: string[] = [];
    const expected: (string | undefined)[] = [];
    const list = new AccountList({ settings, secrets, deviceName: 'desk', changed: () => {} });
    const accounts = new Registrations({
      settings,
      secrets,
      api,
      tokens,
      list,
      startEmbedded: async () => ({ api: API, firstAccountSecret: 'f'.repeat(43) }),
      adopted: async ({ account }) => void adopted.push(account),
      recovered: async (account) => void recovered.push(account),
      expect: ({ pin }) => void expected.push(pin),
      reachedAt: ({ api, pin }) => ({ api, pin }),
      moved: (account) => void moved.push(account),
      changed: () => {},
      sleep: async () => {},
    });
    const { lost } = await accounts.resume();
    return { accounts, list, settings, secrets, tokens, adopted, recovered, moved, expected, lost };
  };
  return { server, keyring, start };
}
const kindOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no failure',
    (error: unknown) => (error instanceof LocalError ? error.failure.kind : String(error)),
  );

describe('a server that is known by its key', () => {
  const pin = 'p'.repeat(43);
  const invited = (api: string) => formatInvitation({ api, pin, secret: 'x'.repeat(43) });

  it('is expected before it is asked, and its relay is beside it', async () => {
    const { start } = stage();
    const { accounts, list, expected } = await start();
    const { words } = await accounts.preview(invited('https://192.168.1.5:1'));
    expect(words?.split(' ')).toHaveLength(6);
    const { account } = await accounts.join({ invitation: invited('https://192.168.1.5:1'), name: 'Bob' });
    expect(new Set(expected)).toEqual(new Set([pin]));
    expect(list.get(account)).toMatchObject({ pin, relay: 'wss://192.168.1.5:1/ws' });
    const { link } = await accounts.invitation(account);
    expect(parseInvitation(link)).toMatchObject({ api: 'https://192.168.1.5:1', pin });
  });

  it('is found again at a new address by any invitation to it, and not by one with another key', async () => {
    const { server, start } = stage();
    const { accounts, list, moved } = await start();
    const { account } = await accounts.join({ invitation: invited('https://192.168.1.5:1'), name: 'Bob' });
    const other = formatInvitation({
      api: 'https://10.0.0.9:1',
      pin: 'q'.repeat(43),
      secret: 'x'.repeat(43),
    });
    expect((await accounts.preview(other)).accounts).toEqual([]);
    server.faults = ['down'];
    await expect(accounts.preview(invited('https://10.0.0.7:1'))).rejects.toThrow();
    expect(list.get(account).api).toBe('https://192.168.1.5:1');
    const { accounts: here } = await accounts.preview(invited('https://10.0.0.7:1'));
    expect(here).toEqual([account]);
    expect(list.get(account)).toMatchObject({ api: 'https://10.0.0.7:1', relay: 'wss://10.0.0.7:1/ws' });
    expect(moved).toEqual([account]);
  });
});

describe('starting here', () => {
  it('waits for the servers, registers, and shows the recovery code until it was noted', async () => {
    const { server, start } = stage();
    server.faults = ['down', 'down', 'down'];
    const first = await start();
    const { account } = await first.accounts.start({ name: 'Ann' });
    expect(first.adopted).toEqual([account]);
    expect(server.requests.find(({ path }) => path === '/api/accounts')?.body).toMatchObject({
      name: 'Ann',
      invitation: 'f'.repeat(43),
    });
    const codes = [{ account, code: server.accounts[0]!.code }];
    expect(first.accounts.recoveryCodes()).toEqual(codes);
    const second = await start();
    expect(second.accounts.recoveryCodes()).toEqual(codes);
    await second.accounts.recoveryNoted(account);
    expect((await start()).accounts.recoveryCodes()).toEqual([]);
    expect(JSON.stringify(await second.secrets.read(account))).not.toContain(codes[0]!.code);
  });

  it('says so when the servers never come', async () => {
    const { server, start } = stage();
    server.faults = Array.from({ length: 100 }, () => 'down' as const);
    expect(await kindOf((await start()).accounts.start({ name: 'Ann' }))).toBe('embedded_failed');
  });

  it('is one account after two clicks at once', async () => {
    const { server, start } = stage();
    const { accounts, list } = await start();
    const clicks = await Promise.allSettled([
      accounts.start({ name: 'Ann' }),
      accounts.start({ name: 'Ann' }),
    ]);
    expect(clicks.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(server.accounts).toHaveLength(1);
    expect(list.ready()).toHaveLength(1);
  });
});

describe('joining', () => {
  it('refuses what is no invitation before anything is sent', async () => {
    const { server, start } = stage();
    const { accounts } = await start();
    for (const text of ['', 'hello', 'matchbook://join/', `${INVITATION}!`, 'https://example.org/join/abc'])
      expect(
        await kindOf(Promise.resolve().then(() => accounts.join({ invitation: text, name: 'Bob' }))),
      ).toBe('bad_invitation');
    expect(server.requests).toEqual([]);
  });

  it('leaves nothing half made when the server refuses, and another invitation works', async () => {
    const { server, start } = stage();
    const { accounts, list } = await start();
    const refused = {
      type: '',
      title: '',
      status: 410,
      detail: '',
      kind: 'invitation_invalid',
      message: 'used',
    };
    server.faults = [{ status: 410, body: refused }];
    expect(await kindOf(accounts.join({ invitation: INVITATION, name: 'Bob' }))).toBe('invitation_invalid');
    expect(list.ready()).toEqual([]);
    const other = formatInvitation({ api: API, secret: 'y'.repeat(43) });
    await accounts.join({ invitation: other, name: 'Bob' });
    expect((await start()).list.ready()).toHaveLength(1);
  });

  it('begins anew when the keyring lost the secret of a registration that was under way', async () => {
    const { server, keyring, start } = stage();
    server.faults = ['down'];
    await kindOf((await start()).accounts.join({ invitation: INVITATION, name: 'Bob' }));
    keyring.key = 'another';
    const { accounts, settings } = await start();
    await accounts.join({ invitation: INVITATION, name: 'Bob' });
    expect(settings.data.accounts).toHaveLength(1);
  });

  it('is one account on the server and one here, wherever a reply or the process was lost', async () => {
    const faults = fc.array(fc.constantFrom('lost', 'down', 'ok' as const), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        faults,
        fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        async (planned, restarts) => {
          const { server, start } = stage(temporaryFolder());
          server.faults = [...planned];
          let process = await start();
          for (const restart of restarts) {
            if (process.list.ready().length > 0) break;
            await kindOf(process.accounts.join({ invitation: INVITATION, name: 'Bob' }));
            if (restart) process = await start();
          }
          server.faults = [];
          expect(process.list.ready()).toHaveLength(1);
          expect(server.accounts).toHaveLength(1);
          const [ready] = process.list.ready();
          expect(ready).toMatchObject({
            user: server.accounts[0]!.user,
            name: 'Bob',
            relay: 'ws://127.0.0.1:1/ws',
          });
          // The code that is shown is the one that the server knows.
          expect(process.accounts.recoveryCodes()).toEqual([
            { account: ready!.account, code: server.accounts[0]!.code },
          ]);
          await process.tokens.get(process.list.tokenAccount(ready!.account), true);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('recovering', () => {
  async function lostKeyring() {
    const world = stage();
    const { accounts } = await world.start();
    const { account } = await accounts.join({ invitation: INVITATION, name: 'Bob' });
    const { code } = world.server.accounts[0]!;
    world.keyring.key = 'another';
    return { ...world, account, code };
  }

  it('is offered when the keyring does not open the keys any more, and mends it', async () => {
    const { start, server, account, code } = await lostKeyring();
    const { accounts, list, tokens, lost, recovered } = await start();
    expect(lost.map((one) => one.account)).toEqual([account]);
    expect(await kindOf(tokens.get(list.tokenAccount(account), false))).toBe('session_ended');
    await accounts.recover({ account, code });
    expect(recovered).toEqual([account]);
    expect(accounts.recoveryCodes()).toEqual([{ account, code: server.accounts[0]!.code }]);
    await tokens.get(list.tokenAccount(account), true);
    expect((await start()).lost).toEqual([]);
  });

  it('does not touch the old keys before the server has taken the new ones', async () => {
    const { start, keyring, account } = await lostKeyring();
    expect(await kindOf((await start()).accounts.recover({ account, code: 'wrong' }))).toBe('wrong_secret');
    keyring.key = 'k1';
    const { lost, tokens, list } = await start();
    expect(lost).toEqual([]);
    await tokens.get(list.tokenAccount(account), true);
  });

  it('succeeds with the code that the person has, however often the reply is lost', async () => {
    const { start, server, account, code } = await lostKeyring();
    for (let i = 0; i < 4; i++) {
      server.faults = ['lost'];
      const { accounts } = await start();
      expect(await kindOf(accounts.recover({ account, code }))).toBe('server_unreachable');
    }
    const { accounts, list, tokens } = await start();
    await accounts.recover({ account, code });
    await tokens.get(list.tokenAccount(account), true);
    expect(accounts.recoveryCodes()).toEqual([{ account, code: server.accounts[0]!.code }]);
  });

  it('waits for servers of one’s own, which start after the first conversation is on screen', async () => {
    const { server, keyring, start } = stage();
    const { account } = await (await start()).accounts.start({ name: 'Ann' });
    const { code } = server.accounts[0]!;
    keyring.key = 'another';
    server.faults = ['down', 'down', 'down'];
    const { accounts, recovered } = await start();
    await accounts.recover({ account, code });
    expect(recovered).toEqual([account]);
  });

  it('does not use up the code of somebody else', async () => {
    const { start, server, account } = await lostKeyring();
    server.accounts.push({
      ...server.accounts[0]!,
      user: 'other',
      device: 'o',
      code: 'theirs',
      secret: 'kept',
    });
    expect(await kindOf((await start()).accounts.recover({ account, code: 'theirs' }))).toBe('wrong_secret');
    expect(server.accounts[1]).toMatchObject({ code: 'theirs', secret: 'kept' });
  });
});
