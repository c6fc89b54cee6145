/** Pictures of the settings and of the list of shortcuts, from the real app: into MATCHBOOK_PICTURES. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../scripts/project.mjs';
import { expect, test } from './fixtures/test.ts';

const FOLDER = process.env.MATCHBOOK_PICTURES ?? join(ROOT, 'test-results', 'pictures');
const ROOMS = [
  'account',
  'accounts',
  'appearance',
  'language',
  'privacy',
  'storage',
  'keyboard',
  'tray',
  'about',
];

test('pictures of settings', async ({ people, desktop }) => {
  const first = await people('Mira');
  const app = await desktop('ann').start();
  await app.join(await first.invitationLink(), 'Ann Lindqvist');
  for (const { id } of (await app.state()).notices) await app.call('app.dismissNotice', { id });
  const { page } = app;
  const picture = async (name: string) => {
    mkdirSync(FOLDER, { recursive: true });
    await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
  };
  const sized = async (width: number, height: number) => {
    await app.electron.evaluate(
      ({ BrowserWindow }, size) => {
        for (const window of BrowserWindow.getAllWindows())
          if (window.isVisible()) window.setContentSize(size.width, size.height);
      },
      { width, height },
    );
    await expect.poll(() => page.evaluate(() => innerWidth)).toBe(width);
  };
  const looks = [
    { name: 'light', language: 'en', theme: 'light', width: 1280, height: 800 },
    { name: 'dark', language: 'de', theme: 'dark', width: 1280, height: 800 },
    { name: 'narrow', language: 'fr', theme: 'light', width: 700, height: 500 },
    { name: 'rtl', language: 'ar', theme: 'light', width: 1280, height: 800 },
  ] as const;
  for (const { name, language, theme, width, height } of looks) {
    await sized(width, height);
    await page.emulateMedia({ colorScheme: theme });
    await app.call('settings.set', { language: { language } });
    await expect(page.locator('html')).toHaveAttribute('lang', new RegExp(`^${language}`));
    await picture(`window-${name}`);
    await page.keyboard.press('Control+,');
    for (const room of ROOMS) {
      await page.getByTestId(`settings-${room}`).click();
      await expect(page.locator('.tab-panel')).toBeVisible();
      await page.waitForFunction(() => !document.querySelector('.tab-panel .progress'));
      await picture(`settings-${room}-${name}`);
    }
    await page.getByTestId('settings-search').fill(language === 'ar' ? 'ا' : 'a');
    await picture(`settings-search-${name}`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('settings')).toBeHidden();
  }
});
