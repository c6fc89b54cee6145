/** An account is removed while something waits in its outbox: nothing goes without a word. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './fixtures/test.ts';

test('I11: what waits is sent first, exported, or given up by name; never with a click alone', async ({
  people,
  servers,
  desktop,
  folder,
}) => {
  const bob = await people('Bob');
  const app = await desktop('ann').start();
  await app.join(await bob.invitationLink(), 'Ann');
  await app.live();
  const { account } = await app.account();
  // What the joining itself put there is gone: the creations of its conversations.
  await expect.poll(async () => (await app.call('outbox.count', { account })).waiting).toBe(0);
  await servers.stopBoth();
  await app.say('Not sent yet');
  await app.sees('Not sent yet');

  const refused = await app.page.evaluate(
    (id) =>
      (
        globalThis as unknown as { matchbook: { call(n: string, p: unknown): Promise<unknown> } }
      ).matchbook.call('account.signOut', { account: id, keep: false }),
    account,
  );
  expect(refused).toMatchObject({ ok: false, failure: { kind: 'outbox_not_empty' } });

  await app.page.getByTestId('account-menu').click();
  await app.page.getByTestId('account-sign-out').click();
  await expect(app.page.getByTestId('unsent')).toContainText('1 item waits to be sent');
  const remove = app.page.getByTestId('sign-out-remove');
  await expect(remove).toBeDisabled();
  const file = join(folder, 'kept.json');
  await app.electron.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = (async () => ({ canceled: false, filePath: path })) as never;
  }, file);
  await app.page.getByTestId('unsent-export').click();
  await expect(app.page.getByTestId('unsent')).toContainText('Written to');
  expect(JSON.parse(readFileSync(file, 'utf8')).items).toMatchObject([
    { kind: 'message', text: 'Not sent yet' },
  ]);
  expect(existsSync(join(folder, 'kept.txt'))).toBe(true);

  // Sent first: whoever asks for it sees how the connection stands, and with the server nothing is left to ask about.
  await app.page.getByTestId('unsent-send').click();
  await expect(app.page.getByTestId('unsent-status')).toContainText(/./);
  await servers.startBoth();
  await expect(app.page.getByTestId('unsent')).toHaveCount(0, { timeout: 45_000 });
  await expect(remove).toBeEnabled();
  await app.page.keyboard.press('Escape');

  await servers.stopBoth();
  await app.say('Never to be sent');
  await app.sees('Never to be sent');
  await app.page.getByTestId('account-menu').click();
  await app.page.getByTestId('account-sign-out').click();
  await expect(remove).toBeDisabled();
  await app.page.getByTestId('unsent-name').fill('Ann');
  await remove.click();
  await expect(app.page.getByTestId('start-here')).toBeVisible({ timeout: 20_000 });
});
