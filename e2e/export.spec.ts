/** A person takes all of their own data with them, and finds out whether it is whole. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './fixtures/test.ts';

test('an export has every conversation, also what was on no device of one’s own, and a check finds what was changed', async ({
  talking,
  folder,
}) => {
  const { app, peer, conv } = await talking();
  for (let i = 0; i < 320; i++) peer.say(conv, `Message ${i} <b>of Bob</b>`);
  await peer.drained();
  await app.openConversation(conv);
  // Where it was opened while much came, it begins at the first of it.
  const newest = app.page.getByTestId('new-messages');
  await expect(async () => {
    if (await newest.isVisible()) await newest.click({ timeout: 1_000 });
    await app.sees('Message 319', 1_000);
  }).toPass({ timeout: 30_000 });
  await app.say('My own');
  await app.reached('My own', 'sent');

  // Room is made: all but the newest goes from this device, and stays away while nobody looks at it. The export has it all the same.
  const stored = async () => (await app.call('storage.use', {}))[0]?.messages ?? 0;
  await expect.poll(stored).toBe(321);
  await app.openConversation((await app.conversations()).find(({ self }) => self)!.conv);
  await app.page.keyboard.press('Control+,');
  await app.page.getByTestId('settings-storage').click();
  await app.page.getByTestId('history-clear').click();
  await app.page.getByTestId('history-clear-dialog-confirm').click();
  await expect(app.page.getByTestId('settings')).toContainText('Making room; it takes a moment.');
  await expect.poll(stored).toBeLessThan(321);
  await app.page.keyboard.press('Escape');

  const place = join(folder, 'exports');
  mkdirSync(place);
  const choose = (path: string) =>
    app.electron.evaluate(({ dialog }, filePath) => {
      dialog.showOpenDialog = (async () => ({ canceled: false, filePaths: [filePath] })) as never;
    }, path);
  await choose(place);
  const { page } = app;
  await page.getByTestId('account-menu').click();
  await page.getByTestId('account-export').click();
  await page.getByTestId('export-begin').click();
  await expect(page.getByTestId('export-done')).toContainText('321 messages in 2 conversations', {
    timeout: 30_000,
  });

  const [name] = readdirSync(place);
  const whole = join(place, name!);
  const pages = readdirSync(join(whole, 'conversations'));
  const html = pages.find((one) => one.includes('Bob') && one.endsWith('.html'))!;
  const text = readFileSync(join(whole, 'conversations', html), 'utf8');
  expect(text).toContain('Message 0 &lt;b&gt;of Bob&lt;/b&gt;');
  expect(text).toContain('My own');
  expect(text.match(/<article /g)).toHaveLength(321);
  expect(text).not.toContain('<script');

  await choose(whole);
  await page.getByTestId('export-check').click();
  await expect(page.getByTestId('export-checked')).toHaveAttribute('data-faults', '0');
  writeFileSync(join(whole, 'conversations', html), text.replace('My own', 'Not mine'));
  await page.getByTestId('export-check').click();
  await expect(page.getByTestId('export-checked')).toHaveAttribute('data-faults', '1');
  await expect(page.getByTestId('export-checked')).toContainText('was changed');
  await choose(folder);
  await page.getByTestId('export-check').click();
  await expect(page.getByTestId('export-failure')).toContainText('There is no export in this folder.');
});
