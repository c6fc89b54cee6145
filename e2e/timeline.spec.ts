import { expect, test } from './fixtures/test.ts';

test('a window that is made narrower and wider stays at the newest, and where one was reading when one was', async ({
  desktop,
}) => {
  const app = await desktop('ann').start();
  await app.startHere('Ann');
  const long = 'words that are broken into more lines the narrower the window is, '.repeat(4);
  for (let i = 0; i < 12; i++) await app.say(`${i} ${long}`);
  await app.reached('11 words', 'sent');
  const jump = app.page.getByTestId('new-messages');
  const resize = async (width: number) => {
    await app.electron.evaluate(({ BrowserWindow }, to) => {
      BrowserWindow.getAllWindows()
        .find((window) => window.isVisible())!
        .setContentSize(to, 700);
    }, width);
    await expect.poll(() => app.page.evaluate(() => innerWidth)).toBe(width);
  };
  /** px below the last message. */
  const bottom = async () => {
    const box = await app.row('11 words').boundingBox();
    const frame = await app.page.getByTestId('timeline').boundingBox();
    return box && frame
      ? Math.round(frame.y + frame.height - (box.y + box.height))
      : Number.POSITIVE_INFINITY;
  };
  const atRest = await bottom();
  /** Half pixels are rounded either way. */
  const off = async () => Math.abs((await bottom()) - atRest);
  for (const width of [420, 900, 380, 1_100, 640]) {
    await resize(width);
    await expect.poll(off).toBeLessThanOrEqual(2);
    await expect(jump).toBeHidden();
  }

  await app.page.getByTestId('timeline').hover();
  await app.page.mouse.wheel(0, -400);
  await expect(jump).toBeVisible();
  for (const width of [420, 1_000]) {
    await resize(width);
    await expect(jump).toBeVisible();
  }
  await jump.click();
  await expect.poll(off).toBeLessThanOrEqual(2);
  await expect(jump).toBeHidden();
});
