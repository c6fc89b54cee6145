/** The diagnostics window on the real app: what it shows is what happens, also while another part of the app stands still. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { LANGUAGES } from '@matchbook/protocol/bridge/choices';
import { directConversationId } from '@matchbook/protocol/ids';
import type { Locator, Page } from '@playwright/test';
import { until } from './fixtures/conditions.ts';
import type { Desktop } from './fixtures/desktop.ts';
import { sized } from './fixtures/pictures.ts';
import { expect, test } from './fixtures/test.ts';

const DIAGNOSTICS = /^app:\/\/matchbook\/diagnostics\.html/;
const HOST = /^app:\/\/matchbook\/session-host\.html/;

const pageOf = (app: Desktop, address: RegExp): Promise<Page> =>
  until(`the page ${address}`, () => app.electron.windows().find((page) => address.test(page.url())));

const rowsOf = (page: Page, type: string): Locator =>
  page.locator(`[data-testid="log-row"][data-type="${type}"]`);

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds against WCAG 2.2 A and AA, in both themes. */
async function barriers(page: Page): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(AXE);
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
      const result = await axe.run({ runOnly: tags });
      return result.violations.map(({ id, nodes }) => ({
        id,
        nodes: nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)),
      }));
    });
    found.push(...violations.map((violation) => ({ colorScheme, ...violation })));
  }
  return found;
}

/** Ctrl+Shift+D in the main window. Not by the driver, whose keys pass the browser process by. */
async function pressKeys(app: Desktop): Promise<void> {
  await app.electron.evaluate(({ webContents }) => {
    const main = webContents.getAllWebContents().find((one) => /index\.html$/.test(one.getURL()));
    main?.sendInputEvent({ type: 'keyDown', keyCode: 'D', modifiers: ['control', 'shift'] });
  });
}

/** The page of a window spins, so that nothing it should do is done, until the promise is called. */
async function wedge(page: Page): Promise<void> {
  // Nobody waits for the answer: there is none while it spins.
  page
    .evaluate(() => {
      const end = Date.now() + 25_000;
      while (Date.now() < end);
    })
    .catch(() => {});
  await until('the page to stand still', async () => {
    const answer = page.evaluate(() => 1).catch(() => 1);
    return (
      (await Promise.race([answer, new Promise((done) => setTimeout(() => done('late'), 500))])) === 'late'
    );
  });
}

test('the diagnostics window tells frames, states and attempts, reconnects around a wedged window, and lets no secret out', async ({
  servers,
  people,
  desktop,
  folder,
}) => {
  const mira = await people('Mira');
  const app = await desktop('ann').start();
  await app.join(await mira.invitationLink(), 'Ann');
  await app.live();
  const { user } = await app.account();
  const conv = directConversationId(user, mira.user);
  await app.openConversation(conv);

  // Opened by keys; from the menu and the status it is the same window.
  await pressKeys(app);
  const page = await pageOf(app, DIAGNOSTICS);
  await app.electron.evaluate(({ Menu }) =>
    Menu.getApplicationMenu()?.getMenuItemById('diagnostics')?.click(),
  );
  await app.page.getByTestId('open-diagnostics').click();
  expect(app.electron.windows().filter((one) => DIAGNOSTICS.test(one.url()))).toHaveLength(1);

  const card = page.getByTestId('link-card');
  await expect(card).toHaveAttribute('data-state', 'live');
  await expect(page.getByTestId('counts')).toContainText('1 connection');
  expect(await barriers(page)).toEqual([]);

  // Frames of a message that goes out and of one that comes in, with their ids.
  await page.getByTestId('tab-log').click();
  await app.say('sent into the log');
  await app.reached('sent into the log', 'sent');
  const [sent] = (await app.view(conv)).rows.filter(({ text }) => text === 'sent into the log');
  const peer = await mira.connect();
  peer.say(conv, 'received into the log');
  await app.sees('received into the log');
  const filter = page.getByTestId('log-filter');
  await filter.fill(sent!.id);
  await expect(rowsOf(page, 'append')).toHaveCount(1);
  await expect(rowsOf(page, 'ack')).toHaveCount(1);
  await filter.fill('');
  await expect(rowsOf(page, 'entries').last()).toBeVisible();
  await expect(page.getByTestId('log-rows')).not.toContainText('into the log');

  // Paused: what comes is counted, and nothing moves.
  await page.getByTestId('log-pause').click();
  const held = await page.getByTestId('log-rows').getAttribute('data-count');
  peer.say(conv, 'while paused');
  await app.sees('while paused');
  await expect(page.getByTestId('log-count')).not.toHaveAttribute('data-missed', '0');
  await expect(page.getByTestId('log-rows')).toHaveAttribute('data-count', held!);
  await page.getByTestId('log-pause').click();
  await expect(page.getByTestId('log-rows')).not.toHaveAttribute('data-count', held!);

  // Contents only while they are switched on, and never a token.
  await page.getByTestId('log-options').click();
  await page.getByTestId('log-contents').click();
  await expect(page.getByTestId('log-contents')).toBeChecked();
  await page.keyboard.press('Escape');
  peer.say(conv, 'seen with contents');
  await app.sees('seen with contents');
  await filter.fill('seen with contents');
  await expect(page.getByTestId('log-rows')).toHaveAttribute('data-count', '1');
  await rowsOf(page, 'entries').click();
  await expect(page.getByTestId('event-contents')).toContainText('seen with contents');
  expect(await barriers(page)).toEqual([]);
  await filter.fill('');

  // The main window spins: a click here still makes a new connection.
  const connections = () => page.getByTestId('counts').textContent();
  await page.getByTestId('tab-connection').click();
  const before = await connections();
  await wedge(app.page);
  await page.getByTestId('reconnect-now').click();
  await expect.poll(connections).not.toBe(before);
  await expect(page.getByTestId('counts')).toContainText('2 connections');
  await expect(card).toHaveAttribute('data-state', 'live');
  await expect(page.getByTestId('last-end')).toContainText('this app');

  // Off and on by hand.
  await page.getByTestId('go-offline').click();
  await expect(card).toHaveAttribute('data-state', 'resting');
  await page.getByTestId('go-online').click();
  await expect(card).toHaveAttribute('data-state', 'live');

  // A check of a connection that works.
  await page.getByTestId('tab-check').click();
  await page.getByTestId('check-run').click();
  for (const step of ['network', 'api', 'sign-in', 'relay', 'socket', 'data'])
    await expect(page.getByTestId(`check-${step}`)).toHaveAttribute('data-result', 'ok');

  // The relay dies: attempts climb, the end is told in words, and the check names the door that is shut.
  await servers.relay.stop();
  await page.getByTestId('tab-connection').click();
  await expect(page.getByTestId('last-end')).toContainText('Code 1', { timeout: 20_000 });
  const attempts = async () =>
    Number.parseInt((await page.getByTestId('attempts').locator('dd').textContent()) ?? '', 10);
  await expect.poll(attempts, { timeout: 30_000 }).toBeGreaterThanOrEqual(3);
  await page.getByTestId('tab-check').click();
  await page.getByTestId('check-run').click();
  await expect(page.getByTestId('check-api')).toHaveAttribute('data-result', 'ok');
  await expect(page.getByTestId('check-relay')).toHaveAttribute('data-result', 'bad');
  await expect(page.getByTestId('check-socket')).toHaveAttribute('data-result', 'bad', { timeout: 20_000 });
  expect(await barriers(page)).toEqual([]);
  await servers.relay.start();
  await page.getByTestId('tab-connection').click();
  await page.getByTestId('reconnect-now').click();
  await expect(card).toHaveAttribute('data-state', 'live');

  // What leaves: shown before it does, with nothing secret in it, and the same in the file.
  await page.getByTestId('tab-log').click();
  await page.getByTestId('log-export').click();
  await expect(page.getByTestId('export-redactions')).toContainText('never');
  expect(await barriers(page)).toEqual([]);
  await page.getByTestId('export-contents').click();
  const path = join(folder, 'exported.jsonl');
  await app.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [filePath] });
  }, path);
  await page.getByTestId('export-save').click();
  await expect(page.getByTestId('export-done')).toContainText('exported.jsonl');
  const exported = readFileSync(path, 'utf8');
  expect(exported).toContain('seen with contents');
  expect(exported).not.toContain('sent into the log');
  expect(exported).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]+/);
  for (const [, field, value] of exported.matchAll(/\\"(token|ticket)\\":\\"([^"\\]*)/g))
    expect([field, value]).toEqual([field, '[hidden]']);
  expect(exported).toMatch(/\\"(token|ticket)\\":\\"\[hidden\]/);
  expect(exported).not.toContain(servers.relayUrl);
  await page.keyboard.press('Escape');

  // The same file opened again, as somebody else would.
  await page.getByTestId('log-open').click();
  await expect(page.getByTestId('file-banner')).toContainText('exported.jsonl');
  await expect(rowsOf(page, 'append').first()).toBeVisible();
  await page.getByTestId('file-close').click();

  // At the least size its parts stand in one line, and the buttons of the log in two, in every language.
  await sized(app, page, [700, 500]);
  const linesOf = (what: string) =>
    page
      .locator(what)
      .evaluateAll((all) => new Set(all.map((one) => Math.round(one.getBoundingClientRect().top))).size);
  for (const language of LANGUAGES) {
    await app.call('settings.set', { language: { language } });
    await expect(page.locator('html')).toHaveAttribute('lang', new RegExp(`^${language}`));
    await expect.soft(page.getByRole('tab'), language).toHaveCount(4);
    await expect.poll(() => linesOf('[role="tab"]'), `parts, ${language}`).toBe(1);
    await expect.poll(() => linesOf('.log-bar .button'), `buttons, ${language}`).toBeLessThanOrEqual(2);
  }
  await app.call('settings.set', { language: { language: 'en' } });
  await expect(page.locator('html')).toHaveAttribute('lang', /^en/);
  await sized(app, page, [1080, 800]);

  // The session host spins: what main knows is shown all the same, and one click replaces it.
  const host = await pageOf(app, HOST);
  await page.getByTestId('tab-connection').click();
  await wedge(host);
  await expect(page.getByTestId('session-part')).toContainText('No report', { timeout: 15_000 });
  await page.getByTestId('reconnect-now').click();
  await expect(card).toHaveAttribute('data-state', 'live', { timeout: 20_000 });
  await expect(page.getByTestId('session-part')).toContainText('Working');

  // Closed, and opened again by keys in a window that spins: contents are off and forgotten, the log is not.
  await page.close();
  await wedge(app.page);
  await pressKeys(app);
  const again = await pageOf(app, DIAGNOSTICS);
  await again.getByTestId('tab-log').click();
  await again.getByTestId('log-filter').fill('seen with contents');
  await expect(again.getByTestId('log-rows')).toHaveAttribute('data-count', '0');
  await again.getByTestId('log-filter').fill(sent!.id);
  await expect(rowsOf(again, 'append')).toHaveCount(1);
});
