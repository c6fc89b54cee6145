/** Several accounts in one app, conversations in windows of their own, and a profile that was copied. */
import { cpSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { directConversationId } from '@matchbook/protocol/ids';
import type { Page } from '@playwright/test';
import { until } from './fixtures/conditions.ts';
import type { Desktop } from './fixtures/desktop.ts';
import { expect, test } from './fixtures/test.ts';

const kindOf = async (app: Desktop, account: string) => (await app.call('session.state', { account })).kind;
const item = (app: Desktop, account: string) =>
  app.page.locator(`[data-testid="account-item"][data-account="${account}"]`);
const textsOf = async (app: Desktop, account: string, conv: string) => {
  const { rows, waiting } = await app.call('timeline.page', { account, conv, from: 1, limit: 1_000 });
  return [...rows, ...waiting].flatMap(({ body }) => (body && 'text' in body ? [body.text] : []));
};

test('I3 I11: two accounts on two servers at once, one server away, a restart, windows of their own, signing out', async ({
  desktop,
  people,
  servers,
}) => {
  test.setTimeout(240_000);
  const app = await desktop('ann').start();
  await app.startHere('Ann');
  const home = (await app.account()).account;
  await app.say('at home before');
  await app.reached('at home before', 'sent');

  const bob = await people('Bob');
  await app.page.getByTestId('account-menu').click();
  await app.page.getByTestId('account-add-menu').click();
  await expect(app.page.getByTestId('start-here')).toHaveCount(0);
  await app.join(await bob.invitationLink(), 'Ann at work');
  const work = (await app.state()).accounts[1]!;
  const conv = directConversationId(work.user, bob.user);
  const peer = await bob.connect();
  peer.stayConnected();
  const [login, password] = ['ann', 'a long enough password of hers'];
  await app.call('account.setPassword', { account: work.account, login, next: password });
  await expect(app.page.getByTestId('account-item')).toHaveCount(2);
  // Of what is not listed yet the first account would be asked.
  await expect(app.page.locator(`[data-testid="conversation-row"][data-conv="${conv}"]`)).toBeVisible();
  await app.openConversation(conv);
  await app.say('from work');
  await peer.sees(conv, 'from work');

  // The other account goes on while this one is shown, and the other way round.
  await app.page.keyboard.press('Control+1');
  await expect(item(app, home)).toHaveAttribute('aria-current', 'true');
  await expect(app.composer).toHaveAttribute('data-conv', /./);
  await expect(app.composer).not.toHaveAttribute('data-conv', conv);
  peer.say(conv, 'to work');
  await expect(item(app, work.account).locator('.unread')).toHaveText('1');
  await app.say('at home meanwhile');
  await app.reached('at home meanwhile', 'sent');

  // One server is away: only its account is.
  await servers.relay.stop();
  await expect(item(app, work.account)).not.toHaveAttribute('data-tone', 'calm');
  await app.say('at home alone');
  await app.reached('at home alone', 'sent');
  await app.page.keyboard.press('Control+2');
  await expect(app.composer).toHaveAttribute('data-conv', conv);
  await app.say('written while away');
  // Before that it may be a draft again, which is not sent by itself.
  await expect(app.row('written while away')).toHaveAttribute('data-delivery', 'queued');
  await app.restart();
  await expect(app.composer).toHaveAttribute('data-conv', conv);
  await servers.relay.start();
  await peer.sees(conv, 'written while away', 60_000);
  await until('home to be live', async () => (await kindOf(app, home)) === 'live', { within: 60_000 });
  await expect
    .poll(() => textsOf(app, work.account, conv))
    .toEqual(['from work', 'to work', 'written while away']);

  // Who signs in where they are signed in goes on as another device, at once.
  const again = await app.call('account.signIn', { server: work.api, login, password });
  expect(again).toMatchObject({ account: work.account });
  expect(again.device).not.toBe(work.device);
  await app.say('as another device');
  await peer.sees(conv, 'as another device');
  peer.say(conv, 'to another device');
  await expect(app.row('to another device')).toBeVisible();

  // A window of its own: the same draft in both, whoever types.
  const opened = app.electron.waitForEvent('window');
  await app.page.getByTestId('pane-window').click();
  const own: Page = await opened;
  const there = own.getByTestId('composer');
  await expect(there).toBeVisible({ timeout: 30_000 });
  await app.composer.fill('typed in the main window');
  await expect(there).toHaveValue('typed in the main window');
  await there.fill('typed in the main window, and in the other');
  await expect(app.composer).toHaveValue('typed in the main window, and in the other');
  await there.press('Enter');
  await peer.sees(conv, 'typed in the main window, and in the other');
  await expect(app.composer).toHaveValue('');

  // It crashes: the main window does not notice, and it comes back by itself.
  const ended = await app.electron.evaluate(({ BrowserWindow }) => {
    const windows = BrowserWindow.getAllWindows().filter((window) => window.isVisible());
    const one = windows.find((window) => window.webContents.getURL().includes('conv='))!;
    const pids = windows.map((window) => window.webContents.getOSProcessId());
    one.webContents.forcefullyCrashRenderer();
    return { windows: windows.length, processes: new Set(pids).size };
  });
  expect(ended).toEqual({ windows: 2, processes: 2 });
  await app.say('the main window goes on');
  await peer.sees(conv, 'the main window goes on');
  // The other side may see it before its answer is here, without which signing out would ask about it.
  await app.reached('the main window goes on', 'sent');
  await until('the window to be back', () =>
    app.electron.evaluate(({ BrowserWindow }) => {
      const one = BrowserWindow.getAllWindows().find((w) => w.webContents.getURL().includes('conv='));
      return one !== undefined && !one.webContents.isCrashed() && !one.webContents.isLoading();
    }),
  );

  // Signed out: its keys are gone, the server knows, what was said stays; then it is removed.
  await app.call('account.signOut', { account: work.account, keep: true });
  await expect.poll(() => kindOf(app, work.account)).toBe('needs-sign-in');
  expect(await textsOf(app, work.account, conv)).toContain('from work');
  await expect(app.page.getByTestId('again-other-way')).toBeVisible();
  await app.call('account.signOut', { account: work.account, keep: false });
  await expect(app.page.getByTestId('account-rail')).toHaveCount(0);
  expect((await app.state()).accounts.map(({ account }) => account)).toEqual([home]);
  await expect.poll(() => kindOf(app, home)).toBe('live');
});

test('I3 I11: a copied profile stops and asks; one copy goes on, the other becomes a device of its own', async ({
  desktop,
  people,
}) => {
  test.setTimeout(240_000);
  const bob = await people('Bob');
  const a = await desktop('a').start();
  await a.join(await bob.invitationLink(), 'Ann');
  const { account, user } = await a.account();
  const conv = directConversationId(user, bob.user);
  const peer = await bob.connect();
  await a.openConversation(conv);
  await a.say('from the original');
  await peer.sees(conv, 'from the original');

  const copyTo = (app: Desktop, skip: RegExp) => {
    rmSync(app.profile, { recursive: true });
    // It stands still meanwhile: what it writes and renames would be there in one moment and gone in the next.
    const { pid } = a.electron.process();
    process.kill(-pid!, 'SIGSTOP');
    try {
      cpSync(a.profile, app.profile, {
        recursive: true,
        verbatimSymlinks: true,
        filter: (path) => !skip.test(basename(path)),
      });
    } finally {
      process.kill(-pid!, 'SIGCONT');
    }
  };
  const b = desktop('b');
  copyTo(b, /^$/);
  await b.start();
  await expect(b.page.getByTestId('stopped-card')).toHaveAttribute('data-standing', 'copied');
  await expect.poll(() => kindOf(b, account)).toBe('replaced');
  await b.openConversation(conv);
  await b.say('written before anything was decided');
  // It stood still while it was copied.
  await expect.poll(() => kindOf(a, account)).toBe('live');
  await b.page.getByTestId('become-device').click();
  await peer.sees(conv, 'written before anything was decided');
  await a.sees('written before anything was decided');
  await a.say('both of them');
  await b.sees('both of them');
  await expect(b.page.getByTestId('stopped-card')).toHaveCount(0);
  const devices = await a.call('account.devices', { account });
  expect(devices).toHaveLength(2);
  await b.close();

  // A disk that was cloned whole: nothing here tells it from the original, so it connects, and the original stops.
  const c = desktop('c');
  copyTo(c, /^(home\.json|Singleton.*)$/);
  await c.start();
  await c.live();
  await expect(a.page.getByTestId('stopped-card')).toHaveAttribute('data-standing', 'elsewhere');
  await a.say('written while stopped');
  await a.call('session.reconnect', { account });
  await c.say('from the clone');
  await peer.sees(conv, 'from the clone');
  const kinds = async () => [await kindOf(a, account), await kindOf(c, account)];
  await expect.poll(kinds).toEqual(['replaced', 'live']);

  await a.page.getByTestId('take-over').click();
  await peer.sees(conv, 'written while stopped');
  await expect(c.page.getByTestId('stopped-card')).toBeVisible({ timeout: 30_000 });
  await expect.poll(kinds).toEqual(['live', 'replaced']);
  const said = peer.view(conv).rows.map(({ text }) => text);
  expect(new Set(said).size).toBe(said.length);
});
