import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './fixtures/conditions.ts';
import { expect, test } from './fixtures/test.ts';

/** Where a database has the version of its schema. */
const SCHEMA_VERSION = 60;

test('keys that cannot be read any more are said to be lost; typing goes on, and the recovery code mends it (I11)', async ({
  desktop,
}) => {
  const app = await desktop('ann').start();
  await app.page.getByTestId('start-here').click();
  await app.page.getByTestId('name-input').fill('Ann');
  await app.page.getByTestId('start-submit').click();
  await expect(app.composer).toBeFocused({ timeout: 45_000 });
  const { code } = (await app.state()).recovery[0]!;
  await app.page.getByTestId('recovery-done').click();
  await app.say('before');
  await app.reached('before', 'sent');
  const { account } = await app.account();
  await app.stop();
  // As a keyring that was replaced leaves them: sealed, and nobody can open them. The servers' own secret too.
  for (const name of [account, 'servers'])
    writeFileSync(join(app.profile, 'secrets', name), `sealed:${Buffer.from('v10gone').toString('base64')}`);

  // And what waited in a composer's tray, as a disk that ended in the middle of it.
  const tray = join(app.profile, 'accounts', account, 'files', 'tray.json');
  writeFileSync(tray, '{"c":[');

  await app.start();
  await app.sees('before');
  await expect(app.page.getByTestId('notice-secrets-lost')).toBeVisible();
  await expect(app.page.getByTestId('notice-tray-mended')).toContainText(`${tray}.damaged-`);
  const field = () => app.page.getByTestId('recovery-input');
  await expect(field()).toBeVisible({ timeout: 20_000 });
  await app.say('while signed out');
  await expect(app.row('while signed out')).toHaveAttribute('data-delivery', 'queued');

  await field().fill('WRONG-CODE');
  await app.page.getByTestId('recovery-submit').click();
  await expect(field()).toHaveAttribute('aria-invalid', 'true');
  await field().fill(code.toLowerCase());
  await app.page.getByTestId('recovery-submit').click();
  await app.reached('while signed out', 'sent');
  await expect(field()).toBeHidden();
  await expect(app.page.getByTestId('notice-secrets-lost')).toBeHidden();
  // The used code is replaced, and the new one shown.
  await expect(app.page.getByTestId('recovery-done')).toBeVisible();
  const [next] = (await app.state()).recovery;
  expect(next!.code).not.toBe(code);
  await app.page.getByTestId('recovery-done').click();

  // What the next start shows first was kept at the end of this one; it is gone once it was shown.
  await app.composer.fill('not sent yet');
  await until('the draft', async () => (await app.draft((await app.state()).accounts[0]!.open!)).text !== '');
  const kept = join(app.profile, 'first-answers');
  await app.stop();
  expect(existsSync(kept)).toBe(true);
  await app.start();
  await app.sees('while signed out');
  await expect(app.composer).toHaveValue('not sent yet');
  await expect.poll(() => existsSync(kept)).toBe(false);
  await app.live();
  await app.composer.press('Enter');
  await app.reached('not sent yet', 'sent');
  await expect(field()).toBeHidden();
});

test('damaged settings are set aside and their copy is taken; an outbox of a newer version is set aside by the person', async ({
  desktop,
}) => {
  const app = await desktop('ann').start();
  await app.startHere('Ann');
  await app.say('before');
  await app.reached('before', 'sent');
  await app.stop();
  const path = join(app.profile, 'settings.json');
  const whole = readFileSync(path, 'utf8');
  writeFileSync(path, whole.slice(0, whole.length / 2));

  await app.start();
  const notice = () => app.page.getByTestId('notice-settings-restored');
  await expect(notice()).toBeVisible();
  await app.sees('before');
  await app.say('after');
  await app.reached('after', 'sent');
  await notice().getByRole('button').click();
  await expect(notice()).toBeHidden();

  // Files that a newer version has written keep the account from being shown, and the app from nothing (I11).
  const { account } = await app.account();
  await app.stop();
  const outbox = join(app.profile, 'accounts', account, 'outbox.db');
  const bytes = readFileSync(outbox);
  bytes.writeUInt32BE(900, SCHEMA_VERSION);
  writeFileSync(outbox, bytes);
  await app.start();
  const shut = app.page.getByTestId('store-fault');
  await expect(shut).toHaveAttribute('data-reason', 'newer');
  await expect(shut).toContainText(outbox);
  await expect(notice()).toBeHidden();
  await app.page.getByTestId('fault-again').click();
  await expect(shut.getByRole('alert')).toBeVisible();
  expect(readFileSync(outbox).equals(bytes)).toBe(true);
  await app.page.getByTestId('fault-aside').click();
  await app.sees('after');
  await expect(shut).toBeHidden();
  await app.say('with a new outbox');
  await app.reached('with a new outbox', 'sent');
});
