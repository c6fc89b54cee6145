/** One person with two devices: one draft, one list, one and the same of everything else. */
import { directConversationId } from '@matchbook/protocol/ids';
import { until } from './fixtures/conditions.ts';
import type { Desktop } from './fixtures/desktop.ts';
import { front } from './fixtures/pictures.ts';
import { expect, test } from './fixtures/with-bus.ts';

const talk = (app: Desktop, conv: string) =>
  app.page.locator(`[data-testid="conversation-row"][data-conv="${conv}"]`);

const noMenu = (app: Desktop) => expect(app.page.getByRole('menu')).toHaveCount(0);

async function fromList(app: Desktop, { conv }: { conv: string }, testId: string): Promise<void> {
  await noMenu(app);
  await talk(app, conv).click({ button: 'right' });
  await app.page.getByTestId(testId).click();
  await noMenu(app);
}

async function fromMessage(app: Desktop, text: string, testId: string): Promise<void> {
  await app.row(text).hover();
  await app.row(text).getByTestId('message-menu').click();
  await app.page.getByTestId(testId).click();
  await noMenu(app);
}

test('I11: a text begun on one device goes on on the other; what both changed is shown, and nothing of it is lost', async ({
  desktop,
  people,
  bus,
}) => {
  test.setTimeout(240_000);
  await bus.serveNotifications();
  const bob = await people('Bob');
  const peer = await bob.connect();
  const first = await desktop('first', { env: bus.env }).start();
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
  await until('it to be kept', async () => (await first.draft(conv)).text === 'Tuesday is better for me');
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

  // What rings on the one goes from there once it is read on the other.
  const notes = { conv: (await first.conversations()).find(({ self }) => self)!.conv };
  for (const app of [second, first]) await app.openConversation(notes.conv);
  // That the other one was in use is heard of in its own time: until this one is the one where it rings.
  let times = 0;
  const rung = await until('it to ring on the first', async () => {
    const text = `Are you at home? ${++times}`;
    for (const x of [300, 320]) await first.page.mouse.move(x + times, 300);
    peer.say(conv, text);
    const n = await until(text, async () => {
      const { rows } = await first.timeline(conv);
      return rows.find(({ body }) => body !== null && 'text' in body && body.text === text)?.n;
    });
    const why = await until('a decision', () => first.call('notifications.why', { account, conv, n }));
    return why.reason === 'shown' && text;
  });
  const { id } = await bus.newest(rung);
  await front(second);
  await second.openConversation(conv);
  await until('the notification to be taken back', () => bus.closed.includes(id));
  await expect(talk(first, conv).locator('.unread')).toHaveCount(0);

  // In the list and in the conversation: done on one, so on the other at once.
  const titles = (app: Desktop) => app.page.locator('.conversation-title bdi').allTextContents();
  await first.openConversation(conv);
  await fromList(first, notes, 'pin');
  await expect.poll(() => titles(second)).toEqual(['Notes to self', 'Bob']);
  await fromList(first, notes, 'archive');
  await expect(talk(second, notes.conv)).toHaveCount(0);
  await first.page.getByTestId('conversation-bell').click();
  await first.page.getByTestId('mute-ever').click();
  await noMenu(first);
  await expect(second.page.getByTestId('conversation-bell')).toHaveAttribute('data-muted', 'true');
  await fromMessage(first, 'by the way', 'message-save');
  await expect(second.row('by the way').getByTestId('saved')).toBeVisible();

  // Both change the same messages while one is away, and more is done there: in the end they are the same.
  await second.call('session.rest', { account: there.account });
  for (const [app, text] of [
    [first, 'by the way, one'],
    [second, 'by the way, two'],
  ] as const) {
    await fromMessage(app, 'by the way', 'message-edit');
    await app.page.getByTestId('message-editor').fill(text);
    await app.page.keyboard.press('Enter');
    await fromMessage(app, text, 'react-👍');
    await fromMessage(app, text, 'message-pin');
    await fromMessage(app, both, 'message-delete');
    await app.page.getByTestId('confirm-delete-confirm').click();
    await app.sees('This message was deleted.');
  }
  await fromList(first, { conv }, 'mark-unread');
  await first.page.getByTestId('conversation-bell').click();
  await first.page.getByTestId('unmute').click();
  await noMenu(first);
  await first.page.getByTestId('archive-open').click();
  await fromList(first, notes, 'archive');
  await first.page.getByTestId('archive-close').click();
  await first.drained(conv);
  await second.call('session.reconnect', { account: there.account });
  const said = (app: Desktop) => app.rows.allTextContents();
  for (const app of [first, second]) {
    await expect(app.row('by the way, two').getByTestId('reaction')).toHaveText(/👍\s*1/);
    await expect(app.page.getByTestId('pin-bar')).toContainText('by the way, two');
    await expect(app.page.getByTestId('conversation-bell')).toHaveAttribute('data-muted', 'false');
    await expect(talk(app, conv).getByTestId('unread-dot')).toHaveCount(1);
    await expect.poll(() => titles(app)).toEqual(['Bob', 'Notes to self']);
  }
  await expect(async () => expect(await said(second)).toEqual(await said(first))).toPass({ timeout: 15_000 });
  // What is gone need not be deleted twice: nothing of it failed.
  await expect(second.page.getByTestId('outbox-open')).toHaveCount(0);

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
