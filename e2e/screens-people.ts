/** Pictures of the list, the search, people, groups and the room of an admin, from the real app: into MATCHBOOK_PICTURES. */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { ROOT } from '../scripts/project.mjs';
import { until } from './fixtures/conditions.ts';
import { request } from './fixtures/person.ts';
import { NARROW, sized, WIDE } from './fixtures/pictures.ts';
import { expect, test } from './fixtures/test.ts';

const FOLDER = process.env.MATCHBOOK_PICTURES ?? join(ROOT, 'test-results', 'pictures');
const picture = (page: Page, name: string) =>
  page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
const PARTS = ['general', 'people', 'conversations', 'reports', 'letters', 'audit'] as const;

test('pictures of people', async ({ servers, people, desktop }) => {
  test.setTimeout(300_000);
  const mira = await people('Mira Castellanos');
  const app = await desktop('ann').start();
  await app.join(await mira.invitationLink(), 'Ann Lindqvist');
  for (const { id } of (await app.state()).notices) await app.call('app.dismissNotice', { id });
  const { user } = await app.account();
  const long = await people('Maximiliane-Friederike von und zu Hohenstein-Wittelsbach', mira);
  const omar = await people('عمر الخيّام', mira);
  const peer = await mira.connect();
  peer.stayConnected();
  const conv = await peer.openDirect(user);
  const other = await long.connect();
  other.stayConnected();
  await other.openDirect(user);
  other.append('g-1', {
    id: 'g-1-c',
    kind: 'create',
    form: 'group',
    members: [long.user, user, mira.user, omar.user],
  });
  other.append('g-1', {
    id: 'g-1-r',
    kind: 'rename',
    body: { type: 'text/plain', text: 'Sailing club of the western harbour' },
  });
  for (let i = 0; i < 40; i++) peer.say(conv, `The harbour opens at ${i}, and the lake is calm`);
  const bad = peer.say(conv, 'You are a fool, and so is your boat');
  other.say('g-1', 'See https://example.org/harbour for the lake');
  await peer.drained();
  await other.drained();
  const place = async () =>
    (await mira.history(conv, 1, 100)).body.items?.find((one) => JSON.stringify(one).includes('a fool'));
  await until('the report', async () => {
    const found = (await place()) as { n?: number; entry?: { n: number } } | undefined;
    const n = found?.n ?? found?.entry?.n;
    if (n === undefined) return false;
    const { status } = await request(`${servers.apiUrl}/api/reports`, {
      token: mira.token,
      body: { conv, n, reason: 'This is rude, and not for the first time.', context: [n - 1] },
    });
    return status === 201;
  });
  expect(bad).toBeTruthy();
  await request(`${servers.apiUrl}/api/admin/users/${user}`, {
    method: 'PATCH',
    token: mira.token,
    body: { admin: true },
  });
  await request(`${servers.apiUrl}/api/admin/settings`, {
    method: 'PATCH',
    token: mira.token,
    body: { registration: 'open' },
  });
  await request(`${servers.apiUrl}/api/admin/users/${omar.user}/sessions`, {
    method: 'DELETE',
    token: mira.token,
  });
  await app.stop();
  await app.start();
  await app.live();
  const { page } = app;
  await app.openConversation(conv);

  for (const [look, size, theme, language] of [
    ['light', WIDE, 'light', 'en'],
    ['dark-narrow', NARROW, 'dark', 'en'],
    ['rtl', WIDE, 'light', 'ar'],
  ] as const) {
    await sized(app, page, size);
    await page.emulateMedia({ colorScheme: theme });
    await app.call('settings.set', { language: { language } });
    await expect(page.locator('html')).toHaveAttribute('lang', new RegExp(`^${language}`));
    // The room of an admin.
    await page.keyboard.press('Control+,');
    await page.getByTestId('settings-server').click();
    for (const part of PARTS) {
      await page.getByTestId(`server-${part}`).click();
      await page.waitForFunction(() => !document.querySelector('.tab-panel .progress'));
      await picture(page, `server-${part}-${look}`);
    }
    if (look === 'light') {
      await page.getByTestId('server-general').click();
      await page.getByTestId('server-fileBytes').fill('0');
      await picture(page, 'server-limit-wrong');
      await page.getByTestId('server-people').click();
      await page.locator(`[data-user="${long.user}"]`).getByTestId('server-user-menu').click();
      await picture(page, 'server-menu');
      await page.getByTestId('server-devices').click();
      await expect(page.getByTestId('server-device').first()).toBeVisible();
      await picture(page, 'server-devices');
      await page.getByTestId('server-end-device').first().click();
      await picture(page, 'server-end-device');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
    }
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('settings')).toBeHidden();
    // The search.
    await page.keyboard.press('Control+Shift+F');
    const field = page.getByTestId('search-input');
    await picture(page, `search-empty-${look}`);
    await field.fill(language === 'ar' ? 'من:' : 'from:');
    await expect(page.getByTestId('search-completion')).toBeVisible();
    await picture(page, `search-completion-${look}`);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await field.fill(language === 'ar' ? 'في:' : 'in:');
    await picture(page, `search-in-${look}`);
    await page.keyboard.press('Escape');
    await field.fill('');
    await page.keyboard.press('Backspace');
    await field.fill('harbour');
    await expect(page.getByTestId('search-hit').first()).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('search-hit').first()).toHaveAttribute('aria-current', 'true');
    await page.keyboard.press('Control+g');
    await page.waitForTimeout(400);
    await picture(page, `search-hits-${look}`);
    await page.keyboard.press('Control+Shift+F');
    await field.fill('nothingofthekind');
    await expect(page.getByTestId('search-none')).toBeVisible();
    await picture(page, `search-none-${look}`);
    await page.getByTestId('search-close').click();
    // A conversation that one marked, a person, a group.
    if (look !== 'dark-narrow') {
      await page.locator('[data-testid="conversation-row"][data-conv="g-1"]').click({ button: 'right' });
      await picture(page, `list-menu-${look}`);
      await page.keyboard.press('Escape');
    }
    await app.openConversation('g-1');
    await page.getByTestId('info-open').click();
    await expect(page.getByTestId('info')).toBeVisible();
    await picture(page, `group-${look}`);
    await page.getByTestId('info-close').click();
    await app.openConversation(conv);
    await page.getByTestId('info-open').click();
    await expect(page.getByTestId('info')).toBeVisible();
    await picture(page, `person-${look}`);
    await page.getByTestId('info-close').click();
    if (look === 'light') {
      await page.locator('[data-testid="conversation-row"][data-conv="g-1"]').click({ button: 'right' });
      await page.getByTestId('mark-unread').click();
      await expect(page.getByTestId('unread-dot')).toBeVisible();
      await picture(page, 'list-marked');
      // A window of its own.
      await page.getByTestId('pane-window').click();
      const own = await until('the other window', () =>
        app.electron.windows().find((one) => one.url().includes('conv=') && one !== page),
      );
      await own.getByTestId('composer').waitFor();
      await own.keyboard.press('Control+f');
      await own.getByTestId('search-input').fill('lake');
      await expect(own.getByTestId('search-hit').first()).toBeVisible();
      await picture(own, 'search-own-window');
      await own.keyboard.press('Enter');
      await picture(own, 'search-own-window-hit');
      await own.close();
    }
  }
});
