/** The settings and the list of shortcuts, in several languages, as docs/design shows them. */
import { NARROW, picture, sized, WIDE } from './fixtures/pictures.ts';
import { expect, test } from './fixtures/test.ts';

/** By look, the rooms that are shown. */
const LOOKS = [
  {
    name: 'light',
    language: 'en',
    theme: 'light',
    size: WIDE,
    rooms: ['account', 'appearance', 'privacy', 'storage', 'keyboard', 'about'],
  },
  {
    name: 'dark',
    language: 'de',
    theme: 'dark',
    size: WIDE,
    rooms: ['appearance', 'notifications', 'language'],
  },
  { name: 'narrow', language: 'fr', theme: 'light', size: NARROW, rooms: ['appearance', 'keyboard'] },
  { name: 'rtl', language: 'ar', theme: 'light', size: WIDE, rooms: ['appearance', 'keyboard'] },
] as const;

test('pictures of settings', async ({ people, desktop }) => {
  const first = await people('Mira');
  const app = await desktop('ann').start();
  await app.join(await first.invitationLink(), 'Ann Lindqvist');
  for (const { id } of (await app.state()).notices) await app.call('app.dismissNotice', { id });
  const { page } = app;
  for (const { name, language, theme, size, rooms } of LOOKS) {
    await sized(app, page, size);
    await page.emulateMedia({ colorScheme: theme });
    await app.call('settings.set', { language: { language } });
    await expect(page.locator('html')).toHaveAttribute('lang', new RegExp(`^${language}`));
    await page.keyboard.press('Control+,');
    for (const room of rooms) {
      await page.getByTestId(`settings-${room}`).click();
      await expect(page.locator('.tab-panel')).toBeVisible();
      await page.waitForFunction(() => !document.querySelector('.tab-panel .progress'));
      await picture(page, `settings-${room}-${name}`);
    }
    if (name === 'light') {
      await page.getByTestId('settings-search').fill('sound');
      await picture(page, 'settings-search');
      await page.keyboard.press('Escape');
    }
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('settings')).toBeHidden();
  }
});
