/** The living sheet of docs/design: what people see every day, taken from the real app on real servers. */
import { directConversationId } from '@matchbook/protocol/ids';
import { front, NARROW, picture, pictureOfWindow, sized, WIDE } from './fixtures/pictures.ts';
import { expect, test } from './fixtures/test.ts';

const LONG = 'Maximiliane-Friederike von und zu Hohenstein-Wittelsbach (Fahrdienst)';

test('pictures of every day', async ({ servers, people, desktop }) => {
  test.setTimeout(240_000);
  const app = await desktop('ann').start();
  const { page } = app;
  const themed = (colorScheme: 'light' | 'dark') => page.emulateMedia({ colorScheme });
  const spoken = async (language: 'en' | 'ar') => {
    await app.call('settings.set', { language: { language } });
    await expect(page.locator('html')).toHaveAttribute('lang', new RegExp(`^${language}`));
  };
  await themed('light');
  await sized(app, page, WIDE);
  await picture(page, 'first-screen');
  await themed('dark');
  await picture(page, 'first-screen-dark');
  await themed('light');
  await page.getByTestId('have-invitation').click();
  await page.getByTestId('invitation-input').fill('matchbook://join/something-else');
  await page.getByTestId('invitation-input').blur();
  await expect(page.getByTestId('invitation-input')).toHaveAttribute('aria-invalid', 'true');
  await picture(page, 'error');

  const first = await people('Mira');
  await page.getByTestId('invitation-input').fill(await first.invitationLink());
  await page.getByTestId('name-input').fill('Ann Lindqvist');
  await page.getByTestId('join-submit').click();
  await expect(page.getByTestId('recovery-done')).toBeVisible({ timeout: 30_000 });
  // What this machine lacks is not what a picture is about.
  for (const { id } of (await app.state()).notices) await app.call('app.dismissNotice', { id });
  await expect(page.locator('[data-testid^="notice-"]')).toHaveCount(0);
  await front(app);
  await picture(page, 'recovery-code');
  await page.getByTestId('recovery-done').click();
  await picture(page, 'empty');
  const { user } = await app.account();

  const mira = await first.connect();
  mira.stayConnected();
  const conv = directConversationId(user, first.user);
  await app.openConversation(conv);
  await front(app);
  const lines: [who: 'ann' | 'mira', text: string][] = [
    ['mira', 'Are you still on for the **lighthouse walk** on Saturday?'],
    ['ann', 'Yes! The ferry leaves at 9:40, so let us meet at the pier at half past nine.'],
    ['mira', 'Perfect. I will bring the thermos 🫖'],
    ['ann', 'And I the map.\nThe old one, with the path along the cliffs.'],
    ['mira', 'This is the timetable: https://ferries.example/saturday'],
    ['ann', 'Got it. See you there'],
  ];
  for (const [who, text] of lines) {
    const seen = text.split('\n')[0]!.replaceAll('**', '');
    if (who === 'mira') {
      mira.say(conv, text);
      await app.sees(seen);
    } else {
      await app.say(text);
      await app.reached(seen, 'sent');
    }
  }
  await mira.read(conv, (await app.timeline(conv)).headN);
  await app.reached('Got it.', 'read');

  const long = await people(LONG, first);
  const noor = await people('نور الهدى', first);
  for (const [person, said] of [
    [long, 'The van is booked for eight, with room for everybody and for the two bicycles.'],
    [noor, 'مرحبا! هل نلتقي غدًا في الساعة العاشرة؟'],
  ] as const) {
    const peer = await person.connect();
    const other = await peer.openDirect(user);
    peer.say(other, said);
    await peer.drained();
    await app.openConversation(other);
    await app.sees(said);
    await front(app);
    await expect(page.locator('[aria-current] .unread')).toHaveCount(0);
    if (person === noor) {
      await app.say('نعم، بكل سرور. See you at 10!');
      await app.reached('بكل سرور', 'sent');
      await spoken('ar');
      await picture(page, 'right-to-left');
      await spoken('en');
    } else await picture(page, 'long-name');
  }

  await app.openConversation(conv);
  await front(app);
  await expect(page.locator('.conversations .unread')).toHaveCount(0);
  await picture(page, 'conversation');
  await themed('dark');
  await picture(page, 'conversation-dark');
  await themed('light');
  await sized(app, page, NARROW);
  await picture(page, 'narrow');
  await themed('dark');
  await picture(page, 'narrow-dark');
  await themed('light');
  await sized(app, page, WIDE);

  for (const [name, appearance] of [
    ['contrast', { contrast: 'more' }],
    ['compact', { density: 'compact', accent: 'sea' }],
    ['large-text', { fontSize: 150 }],
  ] as const) {
    await app.call('settings.set', { appearance });
    await page.waitForTimeout(150);
    await picture(page, name);
    await app.call('settings.set', {
      appearance: { contrast: 'system', density: 'comfortable', accent: 'ember', fontSize: 100 },
    });
  }
  await page.locator('html[data-accent="ember"]').waitFor();

  await page.getByTestId('info-open').click();
  await expect(page.getByTestId('info')).toBeVisible();
  await picture(page, 'about-conversation');
  await page.getByTestId('info-close').click();
  await page.keyboard.press('Control+Shift+E');
  await page.getByTestId('emoji').first().waitFor();
  await picture(page, 'emoji');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await expect(page.getByTestId('switcher')).toBeVisible();
  await page.keyboard.type('mi');
  await page.waitForTimeout(300);
  await picture(page, 'switcher');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+F');
  await page.getByTestId('search-input').fill('pier');
  await expect(page.getByTestId('search-hit').first()).toBeVisible();
  await picture(page, 'search');
  await page.getByTestId('search-close').click();
  await page.getByTestId('new-open').click();
  await page.getByTestId('new-group-open').click();
  await expect(page.getByTestId('new-group')).toBeVisible();
  await picture(page, 'new-group');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+/');
  await expect(page.getByTestId('shortcuts-dialog')).toBeVisible();
  await picture(page, 'shortcuts');
  await page.keyboard.press('Escape');
  await app.row('at the pier').hover();
  await app.row('at the pier').getByTestId('message-menu').click();
  await expect(page.getByRole('menu')).toBeVisible();
  await picture(page, 'message-menu');
  await page.keyboard.press('Escape');

  await servers.relay.stop();
  await expect(app.status).not.toHaveAttribute('data-state', 'live');
  await app.say('Written while nobody was there; it goes out by itself');
  await app.sees('Written while nobody was there');
  await picture(page, 'offline');

  // 40 % longer words than English has: what is cut off, or stands in no catalogue, shows.
  await app.electron.evaluate(({ app: main }) => {
    main.getPreferredSystemLanguages = () => ['en-XA'];
  });
  await app.call('settings.set', { language: { language: 'system' } });
  await expect(page.getByTestId('invitation-open')).toContainText('[');
  await picture(page, 'long-words');
  await page.keyboard.press('Control+,');
  await page.getByTestId('settings-appearance').click();
  await picture(page, 'long-words-settings');
  await page.keyboard.press('Escape');
  await app.electron.evaluate(({ app: main, BrowserWindow }) => {
    main.getPreferredSystemLanguages = () => ['en'];
    for (const window of BrowserWindow.getAllWindows())
      if (window.isVisible()) window.webContents.setZoomFactor(2);
  });
  await app.call('settings.set', { language: { language: 'en' } });
  await expect(page.getByTestId('invitation-open').or(page.getByTestId('composer')).first()).toBeVisible();
  await front(app);
  await pictureOfWindow(app, 'zoom-200');
});
