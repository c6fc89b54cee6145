import { parseInvitation } from '@matchbook/protocol/invitation';
import { expect, test } from './fixtures/test.ts';

test('what is pasted is checked in words; Start here asks one thing and ends where one can type at once; the message is saved, and the invitation leads there (I11)', async ({
  desktop,
  people,
}) => {
  const app = await desktop('ann').start();

  await test.step('what is pasted is checked, nothing that was typed is lost, and the button stays where it is', async () => {
    await app.page.getByTestId('have-invitation').click();
    const field = app.page.getByTestId('invitation-input');
    // Whoever reaches for it while the answer comes must not press beside it.
    const button = () => app.page.getByTestId('join-submit').boundingBox();
    let place = await button();
    // The form comes in, and stands.
    await expect(async () => {
      const before = place;
      place = await button();
      expect(place).toEqual(before);
    }).toPass({ intervals: [100] });
    const inviter = await people('Mira');
    await field.fill(`Come in: ${await inviter.invitationLink()}`);
    await expect(app.page.getByText('Mira invites you')).toBeVisible();
    expect(await button()).toEqual(place);
    await field.fill('not an invitation');
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toHaveAccessibleDescription(/./);
    await expect(field).toHaveValue('not an invitation');
    // Well formed, but nobody answers there.
    const link = `matchbook://join/${Buffer.from(
      JSON.stringify({ v: 1, api: 'http://127.0.0.1:9', secret: 'A'.repeat(43) }),
    ).toString('base64url')}`;
    await field.fill(link);
    await expect(field).toHaveAttribute('aria-invalid', 'true', { timeout: 20_000 });
    await expect(field).toHaveAccessibleDescription(/./);
    await expect(field).toHaveValue(link);
    expect(await button()).toEqual(place);
    expect((await app.state()).accounts).toEqual([]);
    await app.page.getByRole('button', { name: 'Back', exact: true }).click();
  });

  await expect(app.page.getByTestId('have-invitation')).toBeVisible();
  await app.page.getByTestId('start-here').click();
  await expect(app.page.locator('input:visible')).toHaveCount(1);
  await app.page.getByTestId('name-input').fill('Ann');
  await app.page.getByTestId('start-submit').click();

  await expect(app.composer).toBeFocused({ timeout: 45_000 });
  await app.page.keyboard.type('a note');
  await expect(app.composer).toHaveValue('a note');

  const noted = app.page.getByTestId('recovery-done');
  await expect(noted).toBeVisible();
  const { recovery } = await app.state();
  expect(recovery).toHaveLength(1);
  await expect(app.page.locator('body')).toContainText(recovery[0]!.code);
  await noted.click();
  await expect(noted).toBeHidden();
  await expect.poll(async () => (await app.state()).recovery).toEqual([]);

  // Without a click: the focus is back where one writes.
  await expect(app.composer).toBeFocused();
  await app.page.keyboard.press('End');
  await app.page.keyboard.type(' to myself');
  await app.page.keyboard.press('Enter');
  await app.sees('a note to myself');
  await expect(app.composer).toBeEmpty();
  await expect(app.row('a note to myself')).toHaveAttribute('data-own', 'true');
  await app.reached('a note to myself', 'sent');
  await expect(app.row('a note to myself')).toHaveAttribute('data-save', 'saved', { timeout: 30_000 });
  await expect(app.status).toHaveAttribute('data-state', 'live');

  const [notes] = await app.conversations();
  expect(notes).toMatchObject({ self: true, unread: 0 });

  await test.step('the invitation that is copied leads to this server and can be previewed', async () => {
    const link = await app.copiedInvitation();
    const { account, api } = await app.account();
    expect(parseInvitation(link)).toMatchObject({ api });
    const preview = await app.call('account.preview', { invitation: link });
    expect(preview).toMatchObject({ inviter: 'Ann', api });
    expect(preview.expires).toBeGreaterThan(Date.now());
    expect(account).not.toBe('');
  });

  // Shown once: not again after a restart.
  await app.restart();
  await expect(app.composer).toBeVisible();
  await expect(app.page.getByTestId('recovery-done')).toBeHidden();
  await app.sees('a note to myself');
});
