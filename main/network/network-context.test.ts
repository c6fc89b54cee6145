import { expect, it } from 'vitest';
import { NetworkContext } from './network-context.ts';

function context() {
  const log: string[] = [];
  const network = new NetworkContext<string>({
    first: 'first',
    make: (name) => name,
    log: (line) => log.push(line),
  });
  return { network, log };
}

it('gives each session what each is given, and none is asked in before it has all', async () => {
  const { network } = context();
  const given: string[] = [];
  let finish = () => {};
  network.equip((session) => {
    given.push(`a ${session}`);
  });
  expect(await network.ready()).toBe('first');
  network.equip(async (session) => {
    given.push(`b ${session}`);
    if (session !== 'first')
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
  });
  const renewed: string[] = [];
  network.onRenewed((reason) => renewed.push(`${reason} ${network.session}`));
  expect(network.renew('for a test')).toBe(true);
  expect(renewed).toEqual(['for a test network-1']);
  expect(given).toEqual(['a first', 'b first', 'a network-1', 'b network-1']);
  let ready: string | null = null;
  const waiting = network.ready().then((session) => {
    ready = session;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(ready).toBeNull();
  finish();
  await waiting;
  expect(ready).toBe('network-1');
});

it('whoever waited for one that was replaced meanwhile gets the next one', async () => {
  const { network } = context();
  const waiting = network.ready();
  network.renew('for a test');
  expect(await waiting).toBe('network-1');
});

it('nobody waits for one that was replaced before it had all, and never will', async () => {
  const { network } = context();
  network.equip((session) => (session === 'network-1' ? new Promise<void>(() => {}) : undefined));
  network.renew('its process ended');
  const waiting = network.ready();
  await new Promise((resolve) => setImmediate(resolve));
  network.renew('its process ended once more');
  expect(await waiting).toBe('network-2');
});

it('serves with what it has where something could not be given, and says so', async () => {
  const { network, log } = context();
  network.equip(() => Promise.reject(new Error('no proxies')));
  expect(await network.ready()).toBe('first');
  expect(log.join()).toContain('no proxies');
});

it('is begun anew a hundred times, and stays as it is then', async () => {
  const { network, log } = context();
  for (let i = 0; i < 100; i++) expect(network.renew('for a test')).toBe(true);
  expect(network.renew('for a test')).toBe(false);
  expect(network.session).toBe('network-100');
  expect(log.at(-1)).toContain('until the app starts again');
});
