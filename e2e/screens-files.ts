/** Pictures of files in messages, the composer, the gallery and the export, from the real app: into MATCHBOOK_PICTURES. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../scripts/project.mjs';
import { bring, landscape } from './fixtures/brought-files.ts';
import { expect, test } from './fixtures/test.ts';

const FOLDER = process.env.MATCHBOOK_PICTURES ?? join(ROOT, 'test-results', 'pictures');
const MESSAGE_TYPE = 'application/vnd.matchbook.message+json';

test('pictures of files', async ({ people, desktop, servers, folder }) => {
  test.setTimeout(180_000);
  const mira = await people('Mira Castellanos');
  const app = await desktop('ann', { args: ['--use-fake-device-for-media-stream'] }).start();
  await app.join(await mira.invitationLink(), 'Ann Lindqvist');
  for (const { id } of (await app.state()).notices) await app.call('app.dismissNotice', { id });
  const { user, account } = await app.account();
  const peer = await mira.connect();
  const conv = await peer.openDirect(user);
  peer.stayConnected();
  const { page } = app;
  await app.openConversation(conv);

  const say = (id: string, text: string, more: object) =>
    peer.append(conv, {
      ...{ kind: 'message', id },
      body: { type: MESSAGE_TYPE, text: JSON.stringify({ text, ...more }) },
    });
  const pictures = [];
  for (const [i, hue] of [205, 20, 140].entries()) {
    const bytes = await landscape(hue);
    const about = { type: 'image/png', size: bytes.length, width: 1200, height: 800 };
    pictures.push({ hash: await bring(servers, mira, bytes), name: `Shore ${i + 1}.png`, ...about });
  }
  const waveform = Array.from({ length: 48 }, (_, i) =>
    Math.round(90 + 120 * Math.abs(Math.sin(i * 0.7) * Math.cos(i * 0.23))),
  );
  say('one', 'This is where the path ends.', { files: [pictures[0]] });
  say('three', '', { files: pictures });
  say('voice', '', {
    files: [
      {
        hash: 'a'.repeat(64),
        name: 'voice.webm',
        type: 'audio/webm',
        size: 24_000,
        duration: 14_000,
        waveform,
      },
    ],
  });
  say('cards', 'Both for Saturday:', {
    files: [
      {
        hash: 'b'.repeat(64),
        name: 'Packing list for the whole weekend at the old lighthouse, final version 3.pdf',
        type: 'application/pdf',
        size: 1_834_000,
      },
      { hash: 'c'.repeat(64), name: 'قائمة.zip', type: 'application/zip', size: 920 },
    ],
  });
  say('link', 'See https://example.org/tides', {
    preview: {
      url: 'https://example.org/tides',
      title: 'Tides of the north shore',
      description: 'High and low water for every day of the year, with the light that there will be.',
      siteName: 'Harbour office',
    },
  });
  await app.sees('See https://example.org/tides');

  const picture = async (name: string) => {
    mkdirSync(FOLDER, { recursive: true });
    await page.screenshot({ path: join(FOLDER, `files-${name}.png`), animations: 'disabled' });
  };
  const face = join(folder, 'face.png');
  writeFileSync(face, await landscape(280, 500, 400));
  await page.getByTestId('account-menu').click();
  await page.getByTestId('account-open').click();
  await page.getByTestId('picture-input').setInputFiles(face);
  await expect(page.getByTestId('square-dialog')).toBeVisible();
  await picture('square');
  await page.getByTestId('square-use').click();
  await expect(page.getByTestId('account-section').getByTestId('avatar-picture')).toBeVisible();
  await picture('own-picture');
  await page.keyboard.press('Escape');

  const report = join(folder, 'Minutes of the meeting.txt');
  writeFileSync(report, 'x'.repeat(40_000));
  const hand = async (name: string, bytes: Buffer) => {
    await page.evaluate(
      async ([to, called, data]) => {
        await (
          globalThis as unknown as { matchbook: { call(n: string, p: unknown): Promise<unknown> } }
        ).matchbook.call('files.hand', { ...to, name: called, bytes: new Uint8Array(data) });
      },
      [{ account, conv }, name, [...bytes]] as const,
    );
  };
  await hand('Sunset.png', await landscape(340, 600, 400));
  await hand('Minutes of the meeting.txt', Buffer.from('x'.repeat(40_000)));
  await app.openConversation((await app.conversations()).find(({ self }) => self)!.conv);
  await app.openConversation(conv);
  await expect(page.getByTestId('tray-file')).toHaveCount(2);
  await app.composer.fill('Here they are');

  const looks = [
    { name: 'light', theme: 'light', width: 1180, height: 860, dir: 'ltr' },
    { name: 'dark', theme: 'dark', width: 1180, height: 860, dir: 'ltr' },
    { name: 'narrow', theme: 'light', width: 700, height: 500, dir: 'ltr' },
    { name: 'rtl', theme: 'light', width: 1180, height: 860, dir: 'rtl' },
  ] as const;
  const look = async (to: (typeof looks)[number]) => {
    await page.emulateMedia({ colorScheme: to.theme });
    await app.electron.evaluate(
      ({ BrowserWindow }, size) => {
        for (const window of BrowserWindow.getAllWindows())
          if (window.isVisible()) window.setContentSize(size.width, size.height);
      },
      { width: to.width, height: to.height },
    );
    await expect.poll(() => page.evaluate(() => innerWidth)).toBe(to.width);
    await page.evaluate((dir) => {
      document.documentElement.dir = dir;
    }, to.dir);
  };
  for (const one of looks) {
    await look(one);
    await picture(one.name);
    await page.getByTestId('message-row').last().hover();
    await page.mouse.wheel(0, -520);
    await page.waitForTimeout(300);
    await picture(`${one.name}-above`);
    await page.mouse.wheel(0, 2_000);
  }
  await look(looks[0]);
  await page.mouse.wheel(0, -900);
  await page.locator('[data-message-id="one"]').getByTestId('picture').click();
  await expect(page.getByTestId('gallery-picture')).toBeVisible();
  await page.waitForTimeout(400);
  await picture('gallery');
  await look(looks[2]);
  await picture('gallery-narrow');
  await look(looks[3]);
  await picture('gallery-rtl');
  await page.keyboard.press('Escape');
  await look(looks[0]);

  for (const left of [1, 0]) {
    await page.getByTestId('tray-file').first().getByRole('button').click();
    await expect(page.getByTestId('tray-file')).toHaveCount(left);
  }
  await app.composer.fill('');
  await page.getByTestId('voice-record').click();
  await page.waitForTimeout(1_500);
  await picture('recording');
  await page.getByTestId('voice-stop').click();
  await page.waitForTimeout(300);
  await picture('listening');
  await page.getByTestId('voice-discard').click();

  const place = join(folder, 'exports');
  mkdirSync(place);
  await app.electron.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = (async () => ({ canceled: false, filePaths: [path] })) as never;
  }, place);
  await page.getByTestId('account-menu').click();
  await page.getByTestId('account-export').click();
  await expect(page.getByTestId('export')).toBeVisible();
  await picture('export');
  await page.getByTestId('export-begin').click();
  await expect(page.getByTestId('export-done')).toBeVisible({ timeout: 60_000 });
  await picture('export-done');
});
