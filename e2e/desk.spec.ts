/** What a desk has around a conversation: windows of their own, one app a profile, the way of a message, what waits. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { installedRuntime, launchOptions } from '../scripts/electron-runtime.mjs';
import { ROOT } from '../scripts/project.mjs';
import { bounded, until } from './fixtures/conditions.ts';
import { expect, test } from './fixtures/test.ts';

/** Where MATCHBOOK_PICTURES asks for them. */
const PICTURES = process.env.MATCHBOOK_PICTURES;

test('I11: a conversation in a window of its own outlives the main one; a second start leads back; a message tells its way', async ({
  servers,
  talking,
}) => {
  const { app, account, peer, conv } = await talking('Mira');
  await app.openConversation(conv);
  await app.drained(conv);
  const main = app.page;
  const pictures = async (name: string, page = main) => {
    if (!PICTURES) return;
    mkdirSync(PICTURES, { recursive: true });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(PICTURES, `${name}-${colorScheme}.png`), animations: 'disabled' });
    }
    await page.emulateMedia({ colorScheme: 'light' });
  };

  await test.step('its way: tried, refused, tried again, taken, stored, read', async () => {
    await servers.stopBoth();
    await expect(app.status).not.toHaveAttribute('data-state', 'live', { timeout: 45_000 });
    await app.say('the way of this');
    await main.getByTestId('status-outbox').first().click();
    await expect(
      main.getByTestId('outbox').getByTestId('outbox-item').filter({ hasText: 'the way of this' }),
    ).toBeVisible();
    await pictures('status-outbox');
    await main.keyboard.press('Escape');
    await servers.startBoth();
    await app.reached('the way of this', 'delivered', 60_000);
    await app.row('the way of this').hover();
    await app.row('the way of this').getByTestId('message-menu').click();
    await main.getByTestId('message-details').click();
    const steps = main.getByTestId('passport-steps').locator('li');
    await expect(steps.first()).toHaveAttribute('data-what', 'queued');
    await expect(steps.last()).toHaveAttribute('data-what', 'taken');
    await expect(main.getByTestId('passport-save')).toHaveText('On the server', { timeout: 30_000 });
    await expect(main.getByTestId('passport-people').locator('li')).toHaveAttribute(
      'data-state',
      /delivered|read/,
    );
    await pictures('passport');
    if (PICTURES) {
      await main.setViewportSize({ width: 700, height: 500 });
      await main.screenshot({ path: join(PICTURES, 'passport-narrow.png'), animations: 'disabled' });
    }
    await main.keyboard.press('Escape');
    await expect(main.getByTestId('passport')).toBeHidden();
  });

  await test.step('a window of its own, and the main one closed', async () => {
    await app.call('conversation.window', { account, conv });
    const own = await until('the window', () =>
      app.electron.windows().find((page) => page !== main && /index\.html\?/.test(page.url())),
    );
    await expect(own.getByTestId('composer')).toBeVisible();
    const closed = main.waitForEvent('close');
    await app.electron.evaluate(({ BrowserWindow }) => {
      for (const window of BrowserWindow.getAllWindows())
        if (window.isVisible() && !window.webContents.getURL().includes('?')) window.close();
    });
    await bounded('the main window to close', closed);
    await own.getByTestId('composer').click();
    await own.keyboard.insertText('from the other window');
    await own.keyboard.press('Enter');
    await peer.sees(conv, 'from the other window');
    peer.say(conv, 'to the other window');
    await expect(own.getByTestId('message-row').filter({ hasText: 'to the other window' })).toBeVisible();
  });

  await test.step('a second start ends by itself, and the main window is there again, in front', async () => {
    const runtime = installedRuntime()!;
    const { executablePath, args } = launchOptions(runtime);
    const again = spawn(executablePath, [...args, ROOT, `--user-data-dir=${app.profile}`], {
      stdio: 'ignore',
    });
    const [code] = (await bounded('the second start to end', once(again, 'exit'), 20_000)) as [number];
    expect(code).toBe(0);
    const back = await until('the main window', () =>
      app.electron
        .windows()
        .find((page) => !page.isClosed() && /matchbook\/(index\.html)?$/.test(page.url())),
    );
    await expect(back.getByTestId('composer')).toBeVisible();
    await until('it to be in front', () =>
      app.electron.evaluate(({ BrowserWindow }) => {
        const focused = BrowserWindow.getFocusedWindow();
        return focused !== null && !focused.webContents.getURL().includes('?');
      }),
    );
    await expect(back.getByTestId('message-row').filter({ hasText: 'to the other window' })).toBeVisible();
  });
});
