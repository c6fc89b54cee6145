import { processLives, until } from './fixtures/conditions.ts';
import type { Desktop } from './fixtures/desktop.ts';
import { Talk, test } from './fixtures/faulty-test.ts';
import { expect } from './fixtures/test.ts';

/** 10 s without progress, the 2 s of the watch, a new page, and a slow machine. */
const RELOADED = 40_000;

/** Process ids of the session host's page and of the window's. */
const pids = (app: Desktop) =>
  app.electron.evaluate(({ webContents }) => {
    const of = (page: string) =>
      webContents
        .getAllWebContents()
        .find((one) => one.getURL().includes(page))
        ?.getOSProcessId() ?? 0;
    return { host: of('session-host.html'), window: of('index.html') };
  });

test('I3 I5 I8 I11: a session host that spins, is stopped or is killed while messages are under way is replaced, and nothing is lost', async ({
  people,
  desktop,
}) => {
  test.setTimeout(240_000);
  const talk = await Talk.begin(desktop('ann'), await people('Bob'));
  const { app } = talk;

  const faults: [string, (host: number) => Promise<void> | void][] = [
    [
      'spins',
      async () => {
        await app.electron.evaluate(({ webContents }) => {
          const host = webContents.getAllWebContents().find((one) => one.getURL().includes('session-host'));
          void host?.executeJavaScript('for (;;);');
        });
      },
    ],
    ['is stopped', (host) => void process.kill(host, 'SIGSTOP')],
    ['is killed', (host) => void process.kill(host, 'SIGKILL')],
  ];
  for (const [name, wedge] of faults)
    await test.step(name, async () => {
      const before = await pids(app);
      expect(before.host).not.toBe(before.window);
      for (let i = 0; i < 4; i++) {
        await talk.mySay(`${name}, mine ${i}.`);
        talk.theirSay(`${name}, theirs ${i}.`);
        if (i === 1) await wedge(before.host);
      }
      await talk.settled(RELOADED);
      const after = await pids(app);
      expect(after.host).not.toBe(before.host);
      expect(after.window).toBe(before.window);
      await until('the old process to end', () => !processLives(before.host));
      await talk.exchange(`${name}, afterwards`);
    });
  await test.step('loses the process of its network', async () => {
    await app.loseNetwork();
    for (let i = 0; i < 4; i++) {
      await talk.mySay(`without a network, mine ${i}.`);
      talk.theirSay(`without a network, theirs ${i}.`);
    }
    await talk.settled(RELOADED);
    // What main asks by itself as well.
    const { account } = await app.account();
    await until('an answer of the server', () =>
      app.call('account.devices', { account }).then(
        (devices) => devices.length > 0,
        () => false,
      ),
    );
    await talk.exchange('on another network');
  });
  const log = app.logs().find(([file]) => file.endsWith('main.log'))?.[1] ?? '';
  expect(log.match(/session host: no progress for 10 s/g)).toHaveLength(2);
  expect(await talk.faults()).toEqual([]);
});
