/** The machine sleeps and wakes: told by nobody, or by the login service. */
import { once } from 'node:events';
import { chromium } from '@playwright/test';
import { FakeLogin } from '../main/session-bus/testing/fake-login.ts';
import { bounded, pause, until } from './fixtures/conditions.ts';
import { test as base, Talk } from './fixtures/faulty-test.ts';
import { freePort } from './fixtures/ports.ts';
import { SCALE } from './fixtures/scale.ts';
import { expect } from './fixtures/test.ts';

/** After a wake on a good network; a silent socket alone would be noticed after 45 s. */
const WOKEN = 5_000;
/** Where it is looked at once, on a machine that others use as well. */
const TOLD = 15_000;
const TIMES = 3;
/** Longer than the jump of the clock that is taken for sleep. */
const STOPPED = SCALE > 1 ? 90_000 : 17_000;

const test = base.extend<{ login: FakeLogin }>({
  login: async ({ folder }, use) => {
    const login = await FakeLogin.start(folder);
    await use(login);
    login.close();
  },
  // The bus is there before every app and goes after it: an app whose bus ends aborts.
  desktop: async ({ login: _login, desktop }, use) => use(desktop),
});

test('I12: after sleep what was connected is not trusted, and the device is at the head in moments', async ({
  people,
  desktop,
  login,
  way,
}) => {
  test.setTimeout(120_000 + TIMES * (STOPPED + 30_000));
  const port = await freePort();
  const args = [`--remote-debugging-port=${port}`];
  const talk = await Talk.begin(desktop('ann', { env: login.env, args }), await people('Bob'));
  const { app, conv, peer } = talk;
  const child = app.electron.process();
  await bounded('the app to hear of the login service', login.asked);
  await talk.exchange('before');

  await test.step('nobody says so: the whole app stood still', async () => {
    // 3 s of it are those in which the old connection may answer. What others do on this machine in the rest is not the app's: of some times one counts.
    let took = Number.POSITIVE_INFINITY;
    for (let time = 0; time < TIMES && took > WOKEN; time++) {
      process.kill(-child.pid!, 'SIGSTOP');
      try {
        // While it stood, a router has forgotten the connection.
        way.forget();
        talk.theirSay(`while it stood still ${time}`);
        await pause(STOPPED);
      } finally {
        process.kill(-child.pid!, 'SIGCONT');
      }
      const woken = performance.now();
      await talk.settled();
      await app.live();
      took = performance.now() - woken;
    }
    expect(took).toBeLessThan(WOKEN);
    expect(await talk.faults()).toEqual([]);
  });

  await test.step('the login service says so', async () => {
    const upgrades = way.seen.upgrades;
    await talk.mySay('good night');
    await talk.settled();
    way.forget();
    login.sleep(true);
    talk.theirSay('while it slept');
    login.sleep(false);
    // Chromium lets go of every connection when the machine sleeps, the driver's own included: a new one looks at the window.
    await until('a new connection to the relay', () => way.seen.upgrades > upgrades, { within: TOLD });
    const again = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    const page = await until('the window', () =>
      again
        .contexts()
        .flatMap((context) => context.pages())
        .find((one) => /matchbook\/(index\.html)?$/.test(one.url())),
    );
    const row = page.getByTestId('message-row');
    await expect(row.filter({ hasText: 'while it slept' })).toBeVisible({ timeout: TOLD });
    await expect(page.getByTestId('connection-status')).toHaveAttribute('data-state', 'live', {
      timeout: TOLD,
    });
    await expect(row).toHaveCount(peer.view(conv).rows.length);
    await again.close();
  });

  const ended = child.exitCode === null ? once(child, 'exit') : null;
  child.kill('SIGTERM');
  await bounded('the app to end', Promise.resolve(ended), 15_000);
});
