import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sized } from './fixtures/pictures.ts';
import { expect, test } from './fixtures/test.ts';

/** Where MATCHBOOK_PICTURES asks for them. */
const PICTURES = process.env.MATCHBOOK_PICTURES;

test('I3 I5 I11: what was composed offline is edited, held, cancelled and sent from the outbox, and arrives once and in order', async ({
  servers,
  talking,
}) => {
  const { app, account, peer, conv } = await talking('Mira');
  await app.openConversation(conv);
  await app.drained(conv);
  const picture = async (name: string) => {
    if (!PICTURES) return;
    mkdirSync(PICTURES, { recursive: true });
    await app.page.screenshot({ path: join(PICTURES, `${name}.png`), animations: 'disabled' });
  };
  await app.page.keyboard.press('Control+Shift+O');
  await expect(app.page.getByTestId('outbox-empty')).toContainText('Nothing waits');
  await picture('outbox-empty');
  await app.page.keyboard.press('Escape');

  await servers.stopBoth();
  await expect(app.status).not.toHaveAttribute('data-state', 'live');
  const long = `four, cancelled${'\nand so on'.repeat(15)}`;
  for (const text of ['one', 'two, to be edited', 'three, held', long, 'five']) await app.say(text);
  await expect.poll(async () => (await app.call('outbox.count', { account })).waiting).toBe(5);

  // What can be done about a waiting message is in view, also where its upper edge is not.
  await sized(app, app.page, [700, 500]);
  const waiting = app.row('two, to be edited');
  const view = app.page.locator('.timeline');
  const topOf = async (one: typeof view) => (await one.boundingBox())?.y ?? 0;
  await view.hover();
  await expect(async () => {
    const off = (await topOf(waiting)) - (await topOf(view));
    if (Math.abs(off) >= 8) await app.page.mouse.wheel(0, off);
    expect(Math.abs(off)).toBeLessThan(8);
  }).toPass({ timeout: 20_000 });
  await waiting.hover();
  const back = waiting.getByRole('button', { name: 'Back to the draft' });
  await expect.poll(async () => (await topOf(back)) > (await topOf(view))).toBe(true);
  await sized(app, app.page, [1280, 800]);

  await app.restart();
  await app.openConversation(conv);
  await app.page.getByTestId('outbox-open').click();
  const outbox = app.page.getByTestId('outbox');
  const item = (text: string) => outbox.getByTestId('outbox-item').filter({ hasText: text });
  await expect(outbox.getByTestId('outbox-item')).toHaveCount(5);
  await item('three').getByTestId('outbox.hold').click();
  await expect(item('three')).toContainText('Held by you');
  await item('two').getByTestId('outbox.edit').click();
  await outbox.getByLabel('New text').fill('two, better');
  await outbox.getByTestId('outbox.save').click();
  await expect(item('two, better')).toBeVisible();
  await item('four').getByTestId('outbox.cancel').click();
  await expect(outbox.getByTestId('outbox-item')).toHaveCount(4);
  await picture('outbox-waiting');
  await app.page.emulateMedia({ colorScheme: 'dark' });
  await picture('outbox-dark');
  await app.page.emulateMedia({ colorScheme: 'light' });

  await servers.startBoth();
  await peer.sees(conv, 'five');
  await expect(outbox.getByTestId('outbox-item')).toHaveCount(1);
  await item('three').getByTestId('outbox.sendNow').click();
  await expect(app.page.getByTestId('outbox-empty')).toBeVisible();
  await peer.sees(conv, 'three, held');
  const texts = peer.view(conv).rows.map(({ text }) => text);
  expect(texts).toEqual(['one', 'two, better', 'five', 'three, held']);
});
