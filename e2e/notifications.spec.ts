import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bounded, until } from './fixtures/conditions.ts';
import type { Desktop } from './fixtures/desktop.ts';
import { Peer } from './fixtures/peer.ts';
import { request, signedIn } from './fixtures/person.ts';
import { front } from './fixtures/pictures.ts';
import type { Servers } from './fixtures/servers.ts';
import { expect, test } from './fixtures/with-bus.ts';

/** Of what was read on another device, ms: a moment, on a machine that has other tests to serve as well. */
const WITHDRAWN = 5_000;

/** The person reads on another device: its append, with the account's own token. */
async function readElsewhere(app: Desktop, servers: Servers, conv: string, n: number): Promise<void> {
  const { account } = await app.account();
  const host = app.electron.windows().find((page) => page.url().includes('session-host'))!;
  const token = await host.evaluate(async (id) => {
    const { matchbook } = globalThis as unknown as {
      matchbook: { call(name: string, request: object): Promise<{ value: { token: string } }> };
    };
    return (await matchbook.call('host.token', { account: id, refused: false })).value.token;
  }, account);
  const { status } = await request(
    `${servers.relayUrl.replace('ws:', 'http:').replace('/ws', '')}/send-message`,
    {
      token,
      body: { conv, items: [{ id: randomUUID(), kind: 'read', n }] },
    },
  );
  expect(status).toBe(200);
}

/** One more device of the person whose app this is, connected: by the secret that the app keeps. */
async function furtherDevice(app: Desktop, servers: Servers): Promise<Peer> {
  const { account, user } = await app.account();
  const kept = await readFile(join(app.profile, 'secrets', account), 'utf8');
  const { secret } = JSON.parse(kept.slice('plain:'.length)) as { secret: string };
  const phone = new Peer({ relay: servers.relayUrl, user, ...(await signedIn(servers, user, secret)) });
  await phone.connect();
  return phone;
}

/** In the settings. */
const line = (app: Desktop, setting: string) => app.page.locator(`[data-setting="${setting}"]`);
async function choose(app: Desktop, setting: string, option: string): Promise<void> {
  await line(app, setting).getByRole('combobox').click();
  await app.page.getByRole('option', { name: option, exact: true }).click();
  await expect(line(app, setting).getByRole('combobox')).toHaveText(option);
}

/** How many sounds the app has really begun to play from here on: on this screen nobody hears them. */
async function sounds(app: Desktop): Promise<() => Promise<number>> {
  const host = app.electron.windows().find((page) => page.url().includes('session-host'))!;
  await host.evaluate(() => {
    const { prototype } = HTMLMediaElement;
    const { play } = prototype;
    Object.assign(globalThis, { played: 0 });
    prototype.play = function () {
      const count = () => (globalThis as unknown as { played: number }).played++;
      this.addEventListener('playing', count, { once: true });
      return play.call(this);
    };
  });
  return () => host.evaluate(() => (globalThis as unknown as { played: number }).played);
}

/** The app's person is where it is this hour now. Answers the weekday there. */
async function localHour(app: Desktop, hour: number): Promise<string> {
  const utc = new Date().getUTCHours();
  const ahead = hour - utc < -12 ? hour - utc + 24 : hour - utc > 12 ? hour - utc - 24 : hour - utc;
  // POSIX counts westwards.
  const zone = `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
  const there = await app.electron.evaluate((_electron, tz) => {
    process.env.TZ = tz;
    return new Date().getHours();
  }, zone);
  expect(there).toBe(hour);
  const day = new Date(Date.now() + ahead * 3_600_000);
  return day.toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' });
}

test('a real desktop shows, replaces, withdraws and answers notifications; the tray leads back and out', async ({
  servers,
  people,
  talking,
  bus,
  folder,
}) => {
  await bus.serveNotifications();
  await bus.serveTray();
  const env = { ...bus.env, XDG_CONFIG_HOME: join(folder, 'config') };
  const { app, account, user, other: mira, peer, conv } = await talking('Mira', env);
  await app.live();
  const notes = (await app.conversations()).find(({ self }) => self)!.conv;
  const why = async (n: number) => await app.call('notifications.why', { account, conv, n });
  const headN = async () => (await app.timeline(conv)).headN;
  const reasonOf = async (text: string) => {
    peer.say(conv, text);
    await peer.drained();
    return await until(`"${text}" to be decided`, async () => {
      const { rows } = await app.timeline(conv);
      const n = rows.find(({ body }) => body !== null && 'text' in body && body.text === text)?.n;
      return n ? (await why(n))?.reason : null;
    });
  };

  // Shown, with what stands in it kept from being markup; a click brings the conversation up.
  await front(app);
  await app.openConversation(notes);
  peer.say(conv, 'Hello <b>you</b> & all');
  const first = await bus.newest('Hello');
  expect(first).toMatchObject({ title: 'Mira', body: 'Hello &lt;b&gt;you&lt;/b&gt; &amp; all', replaces: 0 });
  expect(first.actions).toEqual(['default', 'mark-read']);
  bus.press(first.id);
  await expect(app.page.getByRole('heading', { name: 'Mira' })).toBeVisible();
  await expect(app.composer).toBeFocused();

  // Before the person's eyes: none, and the ledger says so.
  await app.sees('Hello');
  // Other apps on this screen may have taken the focus meanwhile.
  await front(app);
  peer.say(conv, 'seen at once');
  await app.sees('seen at once');
  const seen = await headN();
  await expect.poll(async () => (await why(seen))?.reason).toBe('on-screen');
  expect(bus.notified).toHaveLength(1);

  // One a conversation: the next takes its place, and what is read elsewhere goes.
  await app.openConversation(notes);
  peer.say(conv, 'one more');
  const { id } = await bus.newest('one more');
  peer.say(conv, 'and another');
  expect(await bus.newest('and another')).toMatchObject({ id, replaces: id, title: 'Mira · 2 new messages' });
  await readElsewhere(app, servers, conv, await headN());
  await until('the notification to be taken back', () => bus.closed.includes(id), { within: WITHDRAWN });
  await expect.poll(async () => (await why(await headN()))?.withdrawn).toMatchObject({ why: 'read' });

  // In use on another device, by its input alone: that one rings, and this one once it is used again.
  await app.page.mouse.move(200, 300);
  await app.page.mouse.move(220, 320);
  const phone = await furtherDevice(app, servers);
  phone.wire.send({ t: 'activity', active: true });
  // What is said before this device has heard of it rings here too.
  let said = 0;
  await until(
    'a message that does not ring here',
    async () => (await reasonOf(`the other one rings ${++said}`)) === 'active-elsewhere',
    { every: 250 },
  );
  expect(bus.notified.map(({ body }) => body)).not.toContain(`the other one rings ${said}`);
  expect(said).toBeLessThanOrEqual(10);
  phone.close();
  const unread = async () => (await app.conversations()).find((row) => row.conv === conv)?.unread;
  await readElsewhere(app, servers, conv, await headN());
  // Else what is done here next would be older than it.
  await until('it to be read here', async () => (await unread()) === 0);

  // "Mark as read" in the notification itself. Reading elsewhere made the other device the one in use: this one is used again.
  let times = 0;
  await until('it to ring here again', async () => {
    times++;
    await app.page.mouse.move(300, 300 + times);
    await app.page.mouse.move(320, 320 + times);
    return (await reasonOf(`mark me ${times}`)) === 'shown';
  });
  const marked = await bus.newest(`mark me ${times}`);
  bus.press(marked.id, 'mark-read');
  await until('it to be read', async () => (await unread()) === 0);

  // What others at the screen may read is the person's choice.
  await app.page.keyboard.press('Control+,');
  await app.page.getByTestId('settings-notifications').click();
  const played = await sounds(app);
  /** The sound that the desktop is asked for by the test's notification. */
  const tested = async () => {
    const shown = bus.notified.length;
    await app.page.getByTestId('notification-test').click();
    await until('the test', () => bus.notified.length > shown);
    await expect(app.page.getByTestId('notification-test-answer')).toContainText('Test desktop');
    return bus.notified.at(-1)!.sound;
  };
  expect(await tested()).toBeNull();
  await expect.poll(played).toBe(1);
  await choose(app, 'sound', 'The desktop’s');
  expect(await tested()).toBe('message-new-instant');
  await choose(app, 'sound', 'None');
  expect(await tested()).toBeNull();
  await choose(app, 'preview', 'Only that there is a message');
  const shown = bus.notified.length;
  peer.say(conv, 'a secret');
  await until('the next notification', () => bus.notified.length > shown);
  expect(bus.notified.at(-1)).toMatchObject({ title: 'Matchbook', body: 'New message', sound: null });
  await choose(app, 'sound', 'Matchbook’s own');
  await choose(app, 'preview', 'Name and text');
  peer.say(conv, 'heard and read');
  await bus.newest('heard and read');
  await expect.poll(played).toBe(2);

  // And when nobody is to be disturbed: by the clock of where one is, by a switch, and of whom.
  const weekday = await localHour(app, 22);
  await line(app, 'quiet-hours').getByRole('switch').click();
  expect(await reasonOf('it is late')).toBe('quiet-hours');
  await app.page.getByLabel(`${weekday}, from`).fill('23:30');
  expect(await reasonOf('not so late today')).toBe('shown');
  await localHour(app, 3);
  expect(await reasonOf('the night of yesterday')).toBe('quiet-hours');
  await localHour(app, 12);
  expect(await reasonOf('at noon')).toBe('shown');
  await choose(app, 'do-not-disturb', 'Until I switch it off');
  expect(await reasonOf('do not disturb')).toBe('do-not-disturb');
  await choose(app, 'do-not-disturb', 'Off');
  await choose(app, 'direct', 'Nothing');
  expect(await reasonOf('nothing of one person')).toBe('level-none');
  await choose(app, 'direct', 'All messages');
  await line(app, 'notifications').getByRole('switch').click();
  expect(await reasonOf('none at all')).toBe('off');
  await line(app, 'notifications').getByRole('switch').click();
  expect(await reasonOf('all again')).toBe('shown');
  await line(app, 'quiet-hours').getByRole('switch').click();
  // The icon's count is asked of the system, which has none here.
  await app.electron.evaluate(({ app: electron }) => {
    electron.setBadgeCount = (count) => Object.assign(globalThis, { badge: count }) !== null;
  });
  const badge = () => app.electron.evaluate(() => (globalThis as { badge?: number }).badge);
  await line(app, 'badge').getByRole('switch').click();
  await expect.poll(badge).toBe(0);
  await line(app, 'badge').getByRole('switch').click();
  await expect.poll(badge).toBe(await unread());

  // The tray comes and goes, and is what the app hides in.
  await app.page.getByTestId('settings-tray').click();
  await until('the item in the tray', () => bus.items.length > 0);
  const items = bus.items.length;
  await line(app, 'tray').getByRole('switch').click();
  await expect(line(app, 'tray-hide').getByRole('switch')).toBeDisabled();
  await until('the item to go', () =>
    bus.tooltip().then(
      () => false,
      () => true,
    ),
  );
  await line(app, 'tray').getByRole('switch').click();
  await until('the item to come', () => bus.items.length > items);
  await line(app, 'tray-hide').getByRole('switch').click();
  const entries = () => readdir(join(folder, 'config', 'autostart')).catch(() => []);
  await line(app, 'at-login').getByRole('switch').click();
  await expect.poll(entries).toEqual([expect.stringMatching(/^matchbook.*\.desktop$/)]);
  await line(app, 'at-login').getByRole('switch').click();
  await expect.poll(entries).toEqual([]);
  await app.page.keyboard.press('Escape');
  await expect(app.page.getByTestId('settings')).toBeHidden();

  // One conversation has choices of its own, by its bell.
  const ofThisOne = async (group: string, choice: string) => {
    await app.openConversation(conv);
    await app.page.getByTestId('conversation-bell').click();
    await app.page.getByRole('group', { name: group }).getByRole('menuitemradio', { name: choice }).click();
    await expect(app.page.getByRole('menu')).toHaveCount(0);
    await app.openConversation(notes);
  };
  await ofThisOne('Notify on this device', 'Only when I am mentioned');
  expect(await reasonOf('nobody is named')).toBe('level-mentions');
  await ofThisOne('Notify on this device', 'As for all conversations');
  await ofThisOne('Sound on this device', 'The desktop’s');
  expect(await reasonOf('with its own sound')).toBe('shown');
  expect((await bus.newest('with its own sound')).sound).toBe('message-new-instant');
  await ofThisOne('Sound on this device', 'As for all conversations');

  // Muted: none, and a message tells why.
  await app.openConversation(conv);
  await app.page.getByTestId('conversation-bell').click();
  await app.page.getByTestId('mute-ever').click();
  await expect(app.page.getByTestId('conversation-bell')).toHaveAttribute('data-muted', 'true');
  await app.openConversation(notes);
  const before = bus.notified.length;
  peer.say(conv, 'nobody hears me');
  // What was before it may not have been on screen for long enough to be read.
  await until(
    'the message',
    async () =>
      (await app.conversations()).find((row) => row.conv === conv)?.preview?.text === 'nobody hears me',
  );
  await app.openConversation(conv);
  await app.row('nobody hears me').hover();
  await app.row('nobody hears me').getByTestId('message-menu').click();
  await app.page.getByTestId('why-notification').click();
  await expect(app.page.getByTestId('why-reason')).toHaveAttribute('data-reason', 'muted');
  await expect(app.page.getByTestId('why-reason')).toContainText('The conversation was muted.');
  await expect(app.page.getByTestId('why-reason')).toContainText('Unmute it with the bell');
  await app.page.keyboard.press('Escape');
  await app.page.getByTestId('conversation-bell').click();
  await app.page.getByTestId('unmute').click();
  expect(bus.notified).toHaveLength(before);
  await expect(app.page.getByTestId('conversation-bell')).toHaveAttribute('data-muted', 'false');

  // Said without sound: it is counted and calls nobody.
  await app.openConversation(notes);
  const hushed = { type: 'text/plain', text: 'no hurry' };
  peer.append(conv, { kind: 'message', id: 'hushed', body: hushed, silent: true });
  await until('the message', async () => (await unread()) === 1);
  await expect.poll(async () => (await why(await headN()))?.reason).toBe('silent');
  expect(bus.notified).toHaveLength(before);
  await app.openConversation(conv);
  await until('it to be read', async () => (await unread()) === 0);

  // Away: nothing rings until it is caught up, and then once.
  await app.openConversation(notes);
  await app.stop();
  const others = await Promise.all([people('Noor', mira), people('Tom', mira)]);
  const peers = await Promise.all(others.map((one) => one.connect()));
  for (const one of peers)
    for (let i = 0; i < 4; i++) one.say(await one.openDirect(user), `from ${one.user} ${i}`);
  for (let i = 0; i < 4; i++) peer.say(conv, `missed ${i}`);
  await Promise.all([peer, ...peers].map((one) => one.drained()));
  const away = bus.notified.length;
  await app.start();
  expect(await bus.newest('new messages in')).toMatchObject({ title: '12 new messages in 3 conversations' });
  await app.live();
  expect(bus.notified.slice(away)).toHaveLength(1);
  expect(await why(await headN())).toMatchObject({
    reason: 'summarised',
    facts: { messages: 12, conversations: 3 },
  });

  // The tray counts; the last window hides there, and a notification leads back.
  let told = '';
  await until(
    () => `the unread count in the tray, which says ${told}`,
    async () => {
      const unread = (await app.conversations()).reduce((sum, row) => sum + row.unread, 0);
      told = `${await bus.tooltip()} of ${unread}`;
      return unread > 0 && told.includes(`Matchbook: ${unread} unread messages`);
    },
  );
  await app.electron.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) if (window.isVisible()) window.close();
  });
  await until('the window to close', async () =>
    app.electron.evaluate(
      ({ BrowserWindow }) => !BrowserWindow.getAllWindows().some((window) => window.isVisible()),
    ),
  );
  peer.say(conv, 'are you still there?');
  const last = await bus.newest('still there');
  bus.press(last.id);
  // The driver still has the one that goes for a moment.
  const page = await until('the window to come back', async () => {
    for (const one of app.electron.windows())
      if (one.url().endsWith('index.html') && !one.isClosed()) {
        const shown = one.getByRole('heading', { name: 'Mira' }).isVisible();
        if (await shown.catch(() => false)) return one;
      }
    return null;
  });
  await expect(page.getByTestId('message-row').filter({ hasText: 'still there' })).toBeVisible();

  const child = app.electron.process();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await bus.pressMenu('Quit Matchbook');
  expect(await bounded('the app to end', ended)).toBe(0);
});

test('without a notification service or a tray the app says so, offers no hiding, and finds both when they come', async ({
  talking,
  bus,
}) => {
  const { app, account, peer, conv } = await talking('Mira', bus.env);
  await app.live();
  const notes = (await app.conversations()).find(({ self }) => self)!.conv;
  await app.openConversation(notes);
  peer.say(conv, 'nobody shows me');
  await until(
    'the message',
    async () => (await app.conversations()).find((row) => row.conv === conv)?.unread === 1,
  );
  const { headN } = await app.timeline(conv);
  await expect
    .poll(async () => (await app.call('notifications.why', { account, conv, n: headN }))?.reason)
    .toBe('no-service');

  await app.page.getByTestId('settings-open').click();
  await app.page.getByTestId('settings-notifications').click();
  await app.page.getByTestId('notification-test').click();
  await expect(app.page.getByTestId('notification-test-answer')).toContainText('no notification service');
  await app.page.getByTestId('settings-tray').click();
  await expect(app.page.getByTestId('no-tray')).toBeVisible();
  expect(bus.items).toEqual([]);

  await bus.serveTray();
  await expect(app.page.getByTestId('tray-hide')).toBeVisible();
  await until('the item in the tray', () => bus.items.length > 0);
  await bus.serveNotifications();
  await app.page.getByTestId('settings-notifications').click();
  await app.page.getByTestId('notification-test').click();
  await expect(app.page.getByTestId('notification-test-answer')).toContainText('Test desktop');

  // Ctrl+Q ends it, also with the tray and hiding there.
  const child = app.electron.process();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await app.electron.evaluate(({ Menu }) => {
    const items = Menu.getApplicationMenu()!.items.flatMap((item) => item.submenu?.items ?? []);
    items.find((item) => item.role === 'quit')!.click();
  });
  expect(await bounded('the app to end', ended)).toBe(0);
});
