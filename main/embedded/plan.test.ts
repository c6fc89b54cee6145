import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Secrets } from '../profile/secrets.ts';
import { openSettings } from '../profile/settings.ts';
import { temporaryFolder } from '../testing/folder.ts';
import { TestKeyring } from '../testing/keyring.ts';
import { EmbeddedServers } from './embedded-servers.ts';
import { keptPlan } from './plan.ts';

function stage() {
  const folder = temporaryFolder();
  const keyring = new TestKeyring();
  let next = 20_000;
  const start = async (name: string | null = null) =>
    keptPlan(
      {
        settings: await openSettings(join(folder, 'settings.json')),
        secrets: new Secrets(join(folder, 'secrets'), keyring),
        freePort: async (taken) => {
          expect(taken).not.toContain(next + 1);
          return ++next;
        },
      },
      name,
    );
  return { folder, keyring, start };
}

describe('the plan of the embedded servers', () => {
  it('is made once and kept: ports, secrets and the name', async () => {
    const { start } = stage();
    const first = await start('Ann’s server');
    expect(first).toMatchObject({ relayPort: 20_001, apiPort: 20_002, serverName: 'Ann’s server' });
    expect(first.serviceSecret).toMatch(/^[\w-]{43}$/);
    expect(first.firstAccountSecret).not.toBe(first.serviceSecret);
    expect(await start()).toEqual(first);
  });

  it('of settings from before the name was kept is taken over', async () => {
    const { folder, start } = stage();
    writeFileSync(join(folder, 'settings.json'), JSON.stringify({ embedded: { relayPort: 7, apiPort: 8 } }));
    expect(await start()).toMatchObject({ relayPort: 7, apiPort: 8, serverName: 'Matchbook' });
  });

  it('cuts a long name between characters', async () => {
    const { serverName } = await stage().start('🧑'.repeat(90));
    expect([...serverName]).toHaveLength(80);
    expect(serverName).not.toMatch(/\p{Surrogate}/u);
  });

  it('has new secrets and the old ports when the keyring is lost: the app starts all the same', async () => {
    const { keyring, start } = stage();
    const first = await start('Ann’s server');
    keyring.key = 'another';
    const second = await start();
    expect(second).toMatchObject({
      relayPort: first.relayPort,
      apiPort: first.apiPort,
      serverName: 'Ann’s server',
    });
    expect(second.serviceSecret).not.toBe(first.serviceSecret);
    expect(await start()).toEqual(second);
  });

  it('reaches both servers as their environment, without what a deployed server is set to', async () => {
    const plan = await stage().start('Ann’s server');
    const environments: Record<string, Record<string, string>> = {};
    const servers = new EmbeddedServers({
      plan,
      front: null,
      directory: '/data',
      inherited: { PATH: '/bin', RELAY_PORT: '9', API_HOST: '0.0.0.0', NOTHING: undefined },
      startProcess: (name, env) => {
        environments[name] = env;
        return { pid: 1, onLine: () => {}, onExit: () => {}, kill: () => {} };
      },
      log: () => {},
      changed: () => {},
      ready: () => {},
      now: Date.now,
      setTimer: () => ({ cancel: () => {} }),
    });
    servers.start();
    expect(environments.relay).toMatchObject({ PATH: '/bin', RELAY_HOST: '127.0.0.1', RELAY_PORT: '20001' });
    expect(environments.api).toMatchObject({ API_HOST: '127.0.0.1', API_PORT: '20002' });
    expect(environments.relay).not.toHaveProperty('NOTHING');
    expect(environments.relay).not.toHaveProperty('API_HOST');
    expect(environments.relay!.RELAY_SERVICE_SECRET).toBe(environments.api!.API_SERVICE_SECRET);
  });
});
