/** Every screen without a mouse and without eyes: axe, Tab, the accessibility tree, zoom, in both themes and in high contrast. */
import { LANGUAGES } from '@matchbook/protocol/bridge/choices';
import { directConversationId } from '@matchbook/protocol/ids';
import type { Page } from '@playwright/test';
import { barriers, unreachable } from './fixtures/barriers.ts';
import type { Desktop } from './fixtures/desktop.ts';
import { NARROW, sized, WIDE } from './fixtures/pictures.ts';
import { expect, test } from './fixtures/test.ts';
import { visitTalk } from './fixtures/visits.ts';

const ROOMS = [
  ...['account', 'accounts', 'notifications', 'appearance', 'language', 'privacy'],
  ...['storage', 'keyboard', 'connection', 'tray', 'about'],
];

async function free(page: Page, screen: string): Promise<void> {
  // All of them at once: a barrier more or less is no reason to stop looking.
  expect.soft(await barriers(page), screen).toEqual([]);
}

test('WCAG 2.2 AA: the first screens, a conversation, settings and dialogs, by keyboard and for readers', async ({
  people,
  desktop,
}) => {
  const first = await people('Mira');
  const app = await desktop('ann').start();
  const { page } = app;

  await free(page, 'the doors');
  expect.soft(await unreachable(page)).toEqual([]);
  for (const door of ['start-here', 'sign-in']) {
    await page.getByTestId(door).click();
    await free(page, door);
    await page.locator('.back').click();
  }
  await page.getByTestId('have-invitation').click();
  await page.getByTestId('invitation-input').fill('nothing');
  await page.getByTestId('invitation-input').blur();
  await expect(page.getByTestId('invitation-input')).toHaveAttribute('aria-invalid', 'true');
  await free(page, 'an error in a form');
  await page.locator('.back').click();
  await app.join(await first.invitationLink(), 'Ann');

  const { user } = await app.account();
  const mira = await first.connect();
  mira.stayConnected();
  const conv = directConversationId(user, first.user);
  await app.openConversation(conv);
  mira.say(conv, 'Are you **still** on for Saturday? https://ferries.example/saturday');
  await app.sees('still on for Saturday');
  await app.say('Yes, at the pier');
  await app.reached('at the pier', 'sent');

  await test.step('a conversation', async () => {
    await free(page, 'a conversation');
    expect.soft(await unreachable(page)).toEqual([]);
    // Where one is: one heading of the first rank, a main part, a list to choose from.
    await expect(page.getByRole('main')).toHaveCount(1);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await expect(page.getByRole('navigation', { name: 'Conversations' })).toBeVisible();
    // Sender, text, time: in this order, as a reader speaks them.
    const spoken = await app.row('still on for Saturday').ariaSnapshot();
    const places = ['Mira', 'still', 'ferries.example', 'time'].map((word) => spoken.indexOf(word));
    expect(places, spoken).toEqual([...places].sort((a, b) => a - b));
    expect(
      places.every((place) => place >= 0),
      spoken,
    ).toBe(true);
  });

  await test.step('from the field to the messages and through them, by keys alone', async () => {
    await page.getByTestId('composer').focus();
    await page.keyboard.press('F6');
    await page.keyboard.press('F6');
    await expect(app.row('at the pier')).toBeFocused();
    await page.keyboard.press('ArrowUp');
    await expect(app.row('still on for Saturday')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('menu')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('menu')).toBeHidden();
  });

  await test.step('what comes in is read out once, politely', async () => {
    mira.say(conv, 'I bring the thermos');
    const heard = page.locator('[aria-live="polite"]').filter({ hasText: 'Mira: I bring the thermos' });
    await expect(heard).toHaveCount(1);
    await expect(page.locator('[aria-live="assertive"]')).toHaveCount(0);
  });

  await test.step('settings, room by room; the focus comes back to where it was', async () => {
    await page.getByTestId('settings-open').focus();
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('settings')).toBeVisible();
    for (const room of ROOMS) {
      await page.getByTestId(`settings-${room}`).click();
      await page.waitForFunction(() => !document.querySelector('.tab-panel .progress'));
      await free(page, `settings: ${room}`);
    }
    expect.soft(await unreachable(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('settings')).toBeHidden();
    await expect(page.getByTestId('settings-open')).toBeFocused();
  });

  await test.step('dialogs and menus', async () => {
    await page.keyboard.press('Control+/');
    await expect(page.getByTestId('shortcuts-dialog')).toBeVisible();
    await free(page, 'shortcuts');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('shortcuts-dialog')).toBeHidden();
    await page.keyboard.press('Control+Shift+O');
    await expect(page.getByTestId('outbox-empty')).toBeVisible();
    await free(page, 'the outbox');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await app.row('at the pier').getByTestId('message-menu').focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('menu')).toBeVisible();
    await free(page, 'the menu of a message');
    await page.keyboard.press('Escape');
    await expect(app.row('at the pier').getByTestId('message-menu')).toBeFocused();
  });

  await test.step('beside the conversation: who is in it, people, emoji', async () => {
    await page.getByTestId('info-open').click();
    await expect(page.getByTestId('info')).toBeVisible();
    await free(page, 'about the conversation');
    await page.getByTestId('info-close').click();
    await page.keyboard.press('Control+k');
    await expect(page.getByTestId('switcher')).toBeVisible();
    await page.keyboard.type('sett');
    await free(page, 'the quick switcher');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('switcher')).toBeHidden();
    await page.keyboard.press('Control+Shift+F');
    await page.getByTestId('search-input').fill('pier');
    await expect(page.getByTestId('search-hit').first()).toBeVisible();
    await free(page, 'search');
    await page.getByTestId('search-close').click();
    await page.keyboard.press('Control+n');
    await expect(page.getByTestId('new-conversation')).toBeVisible();
    await free(page, 'a new conversation');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('new-conversation')).toBeHidden();
    await page.getByTestId('new-open').click();
    await page.getByTestId('new-group-open').click();
    await expect(page.getByTestId('new-group')).toBeVisible();
    await free(page, 'a new group');
    expect.soft(await unreachable(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('new-group')).toBeHidden();
    await page.keyboard.press('Control+Shift+E');
    await expect(page.getByTestId('emoji-picker')).toBeVisible();
    await page.getByTestId('emoji').first().waitFor();
    await free(page, 'emoji');
    await page.keyboard.press('Escape');
  });

  await test.step('filters stand in one line in every language, at the usual size and at 700 by 500', async () => {
    const filters = page.locator('.filters');
    for (const size of [WIDE, NARROW]) {
      await sized(app, page, size);
      for (const language of LANGUAGES) {
        await app.call('settings.set', { language: { language } });
        await expect(page.locator('html')).toHaveAttribute('lang', new RegExp(`^${language}`));
        const lines = () =>
          filters.evaluate(
            (row) => new Set([...row.children].map((one) => (one as HTMLElement).offsetTop)).size,
          );
        await expect.poll(lines, `${language} at ${size.join(' by ')}`).toBe(1);
      }
    }
    await app.call('settings.set', { language: { language: 'en' } });
    await expect(page.locator('html')).toHaveAttribute('lang', /^en/);
    await sized(app, page, WIDE);
  });

  await test.step('a visible ring on what has the focus', async () => {
    await page.getByTestId('settings-open').focus();
    await page.keyboard.press('Tab');
    const ring = () =>
      page.evaluate(() => {
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement!);
        return { outlineStyle, wide: Number.parseFloat(outlineWidth) >= 2 };
      });
    await expect.poll(ring).toEqual({ outlineStyle: 'solid', wide: true });
  });

  await test.step('200 % and the largest text: nothing is cut off, nothing scrolls sideways', async () => {
    await app.call('settings.set', { appearance: { fontSize: 150 } });
    await expect.poll(() => page.evaluate(() => document.documentElement.style.fontSize)).toBe('150%');
    await fits(page);
    // Also the list, where it is narrowest and its words are longest.
    await sized(app, page, NARROW);
    for (const language of ['ja', 'en'] as const) {
      await app.call('settings.set', { language: { language } });
      await expect(page.locator('html')).toHaveAttribute('lang', new RegExp(`^${language}`));
      const beyond = () =>
        page.locator('.conversations').evaluate((list) => list.scrollWidth - list.clientWidth);
      await expect.poll(beyond, language).toBe(0);
      await fits(page);
    }
    await sized(app, page, WIDE);
    await app.call('settings.set', { appearance: { fontSize: 100 } });
    await app.electron.evaluate(({ BrowserWindow }) => {
      for (const window of BrowserWindow.getAllWindows())
        if (window.isVisible()) window.webContents.setZoomFactor(2);
    });
    await expect.poll(() => page.evaluate(() => devicePixelRatio)).toBeGreaterThanOrEqual(2);
    await fits(page);
    // Whatever stands at the foot of the list, there is a conversation to be seen above it.
    const listed = await page.locator('.conversations').boundingBox();
    const row = await page.getByTestId('conversation-row').first().boundingBox();
    expect.soft(listed!.height).toBeGreaterThanOrEqual(row!.height);
    await free(page, 'a conversation at 200 %');
  });

  await test.step('the system asks for less motion, or gives the colours', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce', forcedColors: 'active' });
    await expect(page.locator('html')).toHaveAttribute('data-motion', 'reduced');
    const border = () =>
      page.evaluate(
        () => getComputedStyle(document.querySelector('[data-testid="conversation-row"]')!).outlineStyle,
      );
    await expect.poll(border).toBe('solid');
  });
});

test('WCAG 2.2 AA: what opens from a conversation, the room of the server, and being offline', async ({
  servers,
  people,
  desktop,
}) => {
  test.setTimeout(240_000);
  const mira = await people('Mira Castellanos');
  const others = [
    await people('Maximiliane-Friederike von und zu Hohenstein-Wittelsbach', mira),
    await people('نور الهدى', mira),
  ] as const;
  const app = await desktop('ann').start();
  await visitTalk({
    ...{ app, servers, mira, others },
    at: async (screen) => {
      expect.soft(await barriers(app.page, 'dark'), screen).toEqual([]);
      if (screen === 'offline') await saysAll(app);
    },
  });
});

/** In a window as wide as it is at first, what the connection does is read whole, also in many words. */
async function saysAll(app: Desktop): Promise<void> {
  const { page } = app;
  await sized(app, page, [1_100, 760]);
  await app.call('settings.set', { language: { language: 'de' } });
  const words = page.locator('.pane-head .status-words[data-words="status.waiting"]');
  const cut = () =>
    words.evaluate(
      (one) => Math.max(one.scrollWidth - one.clientWidth, one.scrollHeight - one.clientHeight),
      undefined,
      { timeout: 2_000 },
    );
  // Between two tries it says less.
  await expect(async () => expect(await cut()).toBeLessThanOrEqual(1)).toPass({ timeout: 20_000 });
  await app.call('settings.set', { language: { language: 'en' } });
  await sized(app, page, WIDE);
}

/** The page is as wide as the window, and the field to write in is in it. */
async function fits(page: Page): Promise<void> {
  // What is measured follows the letters with the frames after them.
  await expect(async () => {
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    ).toBeLessThanOrEqual(0);
    const box = await page.getByTestId('composer').boundingBox();
    const size = await page.evaluate(() => ({ width: innerWidth, height: innerHeight }));
    expect(box).not.toBeNull();
    expect(box!.x).toBeGreaterThanOrEqual(0);
    expect(box!.x + box!.width).toBeLessThanOrEqual(size.width + 1);
    expect(box!.y + box!.height).toBeLessThanOrEqual(size.height + 1);
  }).toPass({ timeout: 10_000 });
}
