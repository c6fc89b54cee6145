/** One person with two devices and one draft. */
import { directConversationId } from '@matchbook/protocol/ids';
import { until } from './fixtures/conditions.ts';
import { expect, test } from './fixtures/test.ts';

test('I11: a text begun on one device goes on on the other; what both changed is shown, and nothing of it is lost', async ({
  desktop,
  people,
}) => {
  test.setTimeout(240_000);
  const bob = await people('Bob');
  const peer = await bob.connect();
  const first = await desktop('first').start();
  await first.join(await bob.invitationLink(), 'Ann');
  const { account, user, api } = await first.account();
  const conv = directConversationId(user, bob.user);
  const [login, password] = ['ann', 'a long enough password of hers'];
  await first.call('account.setPassword', { account, login, next: password });
  const second = await desktop('second').start();
  await second.page.getByTestId('sign-in').click();
  await second.page.getByTestId('server-input').fill(api);
  await second.page.getByTestId('login-input').fill(login);
  await second.page.getByTestId('password-input').fill(password);
  await second.page.getByTestId('sign-in-submit').click();
  const there = await second.account();
  await expect(second.composer).toBeVisible({ timeout: 30_000 });
  await first.openConversation(conv);
  await second.openConversation(conv);

  // Begun here, gone on with there.
  await first.composer.fill('Shall we meet');
  await expect(second.composer).toHaveValue('Shall we meet');
  await second.composer.fill('Shall we meet on Monday?');
  await second.composer.blur();
  await expect(first.composer).toHaveValue('Shall we meet on Monday?');

  // Both write while one of them has no connection.
  await first.call('session.rest', { account });
  await first.composer.fill('Tuesday is better for me');
  await first.composer.blur();
  await second.composer.fill('I cannot come at all');
  await second.composer.blur();
  const at = { account: there.account, conv };
  await until('the text to be saved', async () => (await second.draft(conv)).text === 'I cannot come at all');
  await second.call('draft.share', at);
  // What comes behind it in the same line is there: so is the draft.
  await second.call('outbox.submit', { ...at, id: 'behind-it', text: 'by the way', draftVersion: 0 });
  await peer.sees(conv, 'by the way');
  await first.call('session.reconnect', { account });
  const bar = () => first.page.getByTestId('draft-conflict');
  await expect(bar()).toContainText('I cannot come at all');
  await expect(first.composer).toHaveValue('Tuesday is better for me');
  await expect(second.composer).toHaveValue('I cannot come at all');
  // The person has not chosen, and starts the app anew.
  await first.restart();
  await first.openConversation(conv);
  await expect(bar()).toContainText('I cannot come at all');
  await first.page.getByTestId('draft-both').click();
  const both = 'I cannot come at all\nTuesday is better for me';
  await expect(first.composer).toHaveValue(both);
  await expect(bar()).toHaveCount(0);
  await expect(second.composer).toHaveValue(both);

  // Sent from one, gone from the other.
  await first.composer.press('Enter');
  await peer.sees(conv, both);
  await expect(second.composer).toHaveValue('');
  await expect(second.page.getByTestId('draft-conflict')).toHaveCount(0);

  // What was replaced before can be brought back, and is on the other device then.
  await second.page.getByTestId('earlier-open').click();
  const earlier = second.page
    .getByTestId('earlier-text')
    .filter({ has: second.page.getByText('Shall we meet on Monday?', { exact: true }) });
  await earlier.getByRole('button').click();
  await expect(second.composer).toHaveValue('Shall we meet on Monday?');
  await expect(first.composer).toHaveValue('Shall we meet on Monday?');

  // A message for later that is taken back on one device, while the other lists it still.
  const due = Date.now() + 3_600_000;
  const later = { account, conv, id: 'for-later', text: 'a hasty word', due };
  await first.call('scheduled.put', later);
  await second.page.getByTestId('tools-menu').click();
  await second.page.getByTestId('tools-scheduled').click();
  const listed = second.page.getByTestId('scheduled-row');
  await expect(listed).toHaveCount(1);
  await first.call('scheduled.cancel', { account, id: later.id });
  const now = second.call('scheduled.put', { ...later, account: there.account, due: 0, change: true });
  await expect(now).rejects.toThrow('not_waiting');
  await second.page.evaluate(() => dispatchEvent(new Event('focus')));
  await expect(listed).toHaveCount(0);
  expect(await first.call('scheduled.list', { account })).toEqual([]);

  // The one device sends the other one away.
  await first.page.keyboard.press('Control+,');
  await first.page.getByTestId('settings-account').click();
  const devices = first.page.getByTestId('device');
  await expect(devices).toHaveCount(2);
  await expect(devices.filter({ hasText: 'This device' })).toHaveCount(1);
  await devices.getByTestId('device-end').click();
  await first.page.getByTestId('device-end-dialog-confirm').click();
  await expect(devices).toHaveCount(1);
  await expect(second.page.getByTestId('again-other-way')).toBeVisible();
});
