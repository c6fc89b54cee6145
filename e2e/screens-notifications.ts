/** Pictures of the settings, the bell and "Why was there no notification?", from the real app: into MATCHBOOK_PICTURES. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { directConversationId } from '@matchbook/protocol/ids';
import { ROOT } from '../scripts/project.mjs';
import { expect, test } from './fixtures/test.ts';

const FOLDER = process.env.MATCHBOOK_PICTURES ?? join(ROOT, 'test-results', 'pictures');
const ROOMS = ['notifications', 'appearance', 'connection', 'tray'];

test('pictures of notifications', async ({ people, desktop }) => {
  const first = await people('Mira');
  const app = await desktop('ann').start();
  await app.join(await first.invitationLink(), 'Ann Lindqvist');
  for (const { id } of (await app.state()).notices) await app.call('app.dismissNotice', { id });
  const { user } = await app.account();
  const mira = await first.connect();
  const conv = directConversationId(user, first.user);
  await mira.openDirect(user);
  mira.stayConnected();
  await app.openConversation(conv);
  const notes = (await app.conversations()).find(({ self }) => self)!.conv;
  const { page } = app;
  await page.getByTestId('conversation-bell').click();
  await page.getByTestId('mute-hour').click();
  await expect(page.getByTestId('conversation-bell')).toHaveAttribute('data-muted', 'true');
  await app.openConversation(notes);
  mira.say(conv, 'Are you still on for the lighthouse walk on Saturday?');
  await app.openConversation(conv);
  await app.sees('lighthouse');
  await app.call('settings.set', {
    notifications: {
      quiet: {
        on: true,
        days: Array.from({ length: 7 }, (_, i) => (i === 3 ? null : { from: 1320, to: 420 })),
      },
    },
  });

  const picture = async (name: string) => {
    mkdirSync(FOLDER, { recursive: true });
    await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
  };
  const looks = [
    { name: 'light', theme: 'light', width: 1180, height: 760, dir: 'ltr' },
    { name: 'dark', theme: 'dark', width: 1180, height: 760, dir: 'ltr' },
    { name: 'narrow', theme: 'light', width: 700, height: 500, dir: 'ltr' },
    { name: 'rtl', theme: 'light', width: 1180, height: 760, dir: 'rtl' },
  ] as const;
  for (const { name, theme, width, height, dir } of looks) {
    await page.emulateMedia({ colorScheme: theme });
    await app.electron.evaluate(
      ({ BrowserWindow }, size) => {
        for (const window of BrowserWindow.getAllWindows())
          if (window.isVisible()) window.setContentSize(size.width, size.height);
      },
      { width, height },
    );
    await expect.poll(() => page.evaluate(() => innerWidth)).toBe(width);
    await page.evaluate((value) => {
      document.documentElement.dir = value;
    }, dir);

    await page.getByTestId('conversation-bell').click();
    await expect(page.getByTestId('unmute')).toBeVisible();
    await picture(`bell-${name}`);
    await page.keyboard.press('Escape');

    await app.row('lighthouse').hover();
    await picture(`row-${name}`);
    await app.row('lighthouse').getByTestId('message-menu').click();
    await page.getByTestId('why-notification').click();
    await expect(page.getByTestId('why-reason')).toBeVisible();
    await picture(`why-${name}`);
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('why')).toBeHidden();

    await page.keyboard.press('Control+,');
    for (const room of ROOMS) {
      await page.getByTestId(`settings-${room}`).click();
      await picture(`settings-${room}-${name}`);
      if (room !== 'notifications') continue;
      await page.getByTestId('notification-test').click();
      await expect(page.getByTestId('notification-test-answer')).not.toContainText('Shows one');
      await picture(`settings-${room}-end-${name}`);
    }
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('settings')).toBeHidden();
  }
});
