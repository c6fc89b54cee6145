import type { Page } from '@playwright/test';
import { until } from './fixtures/conditions.ts';
import type { Desktop } from './fixtures/desktop.ts';
import { Talk, test } from './fixtures/faulty-test.ts';
import { expect } from './fixtures/test.ts';

/** Heartbeats and pings come every 20 s; 10 s later what they show is told. And the pulse of a second, and a slow machine. */
const STALE_BOUND = 36_000;
/** I12: 30 s at most to the first attempt, 30 s more. */
const BACK_BOUND = 60_000;

const clock = /\d{1,2}:\d{2}:\d{2}/;

/** What stands in the window, of which the state alone would be no proof. */
async function says(app: Desktop, words: RegExp, within = 15_000): Promise<void> {
  await expect(app.status).toHaveText(words, { timeout: within });
}

async function upToDate(app: Desktop, within = BACK_BOUND): Promise<void> {
  await says(app, /^Up to date$/, within);
  await expect(app.status).toHaveAttribute('title', /^Complete up to \d{1,2}:\d{2}:\d{2}/);
}

/** The button goes where the connection is back by itself in that moment, which takes nothing from what follows. */
async function reconnect(app: Desktop): Promise<void> {
  await app.page
    .getByTestId('reconnect')
    .click({ timeout: 5_000 })
    .catch(() => expect(app.status).toHaveAttribute('data-state', 'live', { timeout: BACK_BOUND }));
}

const focus = (app: Desktop) =>
  app.electron.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) if (window.isVisible()) window.emit('focus');
  });

/** Where MATCHBOOK_PICTURES names a folder: each state, light and dark. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.MATCHBOOK_PICTURES;
  if (!folder) return;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${folder}/${name}-${colorScheme}.png`, animations: 'disabled' });
  }
}

test('I3 I5 I8: a line that is slow, sliced, and breaks within frames', async ({ people, desktop, way }) => {
  const talk = await Talk.begin(desktop('ann'), await people('Bob'));
  const { app } = talk;
  await upToDate(app);
  await picture(app.page, 'up-to-date');
  way.with({ slice: 64, latency: 20 });
  await talk.exchange('sliced');
  await upToDate(app);
  way.heal();
  for (let i = 0; i < 4; i++) {
    await until('a socket', () => way.sockets > 0);
    way.resetMidFrame();
    await talk.exchange(`broken ${i}`, BACK_BOUND);
  }
  await upToDate(app);
  expect(await talk.faults()).toEqual([]);
});

test('I3 I5 I12: what stands still is told as stale and replaced, whatever is answered; what nobody answers too', async ({
  people,
  desktop,
  way,
}) => {
  test.setTimeout(330_000);
  const talk = await Talk.begin(desktop('ann'), await people('Bob'));
  const { app } = talk;
  await upToDate(app);

  await test.step('heartbeats and pongs come, data does not', async () => {
    way.with({ swallowData: true });
    talk.theirSay('swallowed.');
    await says(app, /^Stale since \d{1,2}:\d{2}:\d{2}/, STALE_BOUND);
    expect((await app.session()).kind).toBe('live');
    await picture(app.page, 'stale');
    way.heal();
    await reconnect(app);
    await talk.settled();
    await upToDate(app);
  });

  await test.step('nothing comes from the relay', async () => {
    way.with({ silent: 'down' });
    talk.theirSay('into the void.');
    // What waits for its ack gives the socket up as soon as the ping does: either is told.
    await says(app, /^(Stale since|Connecting)/, STALE_BOUND);
    way.heal();
    await talk.settled(BACK_BOUND);
    await upToDate(app);
  });

  await test.step('nothing gets to the relay', async () => {
    way.with({ silent: 'up' });
    await talk.mySay('nobody hears this yet.');
    await says(app, /^(Stale since|Connecting)/, STALE_BOUND);
    way.heal();
    await talk.settled(BACK_BOUND);
    await upToDate(app);
  });

  await test.step('a hole that swallows everything: doubted at once where somebody looks', async () => {
    way.with({ silent: 'both' });
    talk.theirSay('out of the hole.');
    await focus(app);
    await expect(app.status).not.toHaveAttribute('data-state', 'live', { timeout: 8_000 });
    way.heal();
    await talk.settled(BACK_BOUND);
    await upToDate(app);
  });
  expect(await talk.faults()).toEqual([]);
});

test('I3 I5: WebSockets blocked or cut, HTTP passes: by HTTP, in words, and back to the socket', async ({
  people,
  desktop,
  way,
}) => {
  test.setTimeout(240_000);
  const talk = await Talk.begin(desktop('ann'), await people('Bob'));
  const { app } = talk;
  await upToDate(app);

  await test.step('blocked', async () => {
    way.with({ refuseUpgrade: true });
    way.reset();
    await talk.mySay('on the way over.');
    talk.theirSay('on the way over to you.');
    await says(app, /^Up to date; WebSockets are blocked here$/, BACK_BOUND);
    await expect(app.status).toHaveAttribute('title', /by HTTP.*let WebSockets through/);
    expect((await app.session()).kind).toBe('polling');
    await picture(app.page, 'blocked');
    const { appends } = way.seen;
    await talk.exchange('by HTTP', 20_000, 5);
    expect(way.seen.appends).toBeGreaterThan(appends);
    // Both ways at the moment of the change.
    await talk.mySay('just before the change.');
    talk.theirSay('just before it too.');
    way.heal();
    await talk.mySay('just after it.');
    await upToDate(app);
    await talk.exchange('by socket again');
  });

  await test.step('cut right after opening', async () => {
    way.with({ cutAfter: 300 });
    way.reset();
    await says(app, /^Up to date; WebSockets are cut off here$/, BACK_BOUND);
    await picture(app.page, 'cut');
    await talk.exchange('cut');
    way.heal();
    await upToDate(app, 90_000);
    await talk.exchange('whole again');
  });

  await test.step('Reconnect while by HTTP is a hard reset', async () => {
    way.with({ refuseUpgrade: true });
    way.reset();
    await until('polling', async () => (await app.session()).kind === 'polling', { within: BACK_BOUND });
    way.heal();
    await app.call('session.reconnect', { account: (await app.account()).account });
    await until('live', async () => (await app.session()).kind === 'live', { within: 5_000 });
  });
  expect(await talk.faults()).toEqual([]);
});

test('I12: no server: attempts are counted, then offline; the button, the setting and the rest do what they say', async ({
  people,
  desktop,
  way,
}) => {
  test.setTimeout(240_000);
  const talk = await Talk.begin(desktop('ann'), await people('Bob'));
  const { app } = talk;
  const { account } = await app.account();
  await upToDate(app);

  await way.down();
  await says(app, /^Connecting, next try in \d+ s \(attempt \d+\)$/, 30_000);
  await picture(app.page, 'waiting');
  await expect(app.status).toHaveAttribute('title', /Since .*Nothing answers at the server’s address/);
  // The setting takes effect at once: no restart, no new session.
  await app.page.keyboard.press('Control+,');
  await app.page.getByTestId('settings-connection').click();
  await app.page.getByTestId('attempt-limit').fill('1');
  await app.page.keyboard.press('Escape');
  await expect(app.page.getByTestId('settings')).toBeHidden();
  await says(app, /^Offline, next try at/, 45_000);
  await picture(app.page, 'offline');
  await expect(app.call('session.setAttemptLimit', { attemptLimit: -1 })).rejects.toThrow(/1 to 1000/);
  await talk.mySay('written while nobody is there.');
  await way.up();
  await reconnect(app);
  await upToDate(app, 10_000);
  await talk.settled();

  await test.step('at rest until told otherwise, also after a restart', async () => {
    await app.call('session.rest', { account });
    await says(app, /^Offline, as you asked$/);
    await expect(app.status).toHaveAttribute('title', clock);
    await picture(app.page, 'resting');
    talk.theirSay('while you rest.');
    await app.restart();
    await app.openConversation(talk.conv);
    await says(app, /^Offline, as you asked$/);
    await focus(app);
    await talk.mySay('said at rest.');
    expect((await app.session()).kind).toBe('resting');
    expect(way.sockets).toBe(0);
    // Who writes while it is being connected is here as soon as they write on.
    way.with({ latency: 700 });
    await app.page.getByRole('button', { name: 'Go online' }).click();
    await until('it to be live', async () => {
      if ((await app.session()).kind === 'live') return true;
      await app.page.keyboard.press('Shift');
      return false;
    });
    await app.page.keyboard.press('Shift');
    const { user } = await app.account();
    await until('them to be here', () => talk.presence(user) === 'online');
    way.heal();
    await upToDate(app, 10_000);
    await talk.settled();
  });

  for (const { code, kind, words, button } of [
    {
      code: 4409,
      kind: 'session_replaced',
      words: /^Another copy of Matchbook took over/,
      button: 'Use it here',
    },
    { code: 4426, kind: 'version_unsupported', words: /speaks another version/, button: 'Try again' },
  ])
    await test.step(`the server says ${kind}`, async () => {
      way.close(code, { kind });
      await says(app, words);
      await picture(app.page, kind);
      // In the status, and where there is room for all of the words.
      await app.page.getByRole('button', { name: button }).last().click();
      await upToDate(app, 10_000);
    });
  await talk.exchange('at the end');
  expect(await talk.faults()).toEqual([]);
});
