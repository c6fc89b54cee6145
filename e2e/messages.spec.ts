/** What people do about messages that are there: other words, reactions, away with them; with a second client of the protocol. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Locator } from '@playwright/test';
import { until } from './fixtures/conditions.ts';
import { marked } from './fixtures/marked.ts';
import { test as base, expect } from './fixtures/test.ts';

const PAGE =
  '<title>Ferry times</title><meta property="og:description" content="Every hour from the old pier">';

/** With a page of a network of one's own, which the server may show previews of. */
const test = base.extend<{ timetable: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies from the pattern
  timetable: async ({}, use) => {
    const server = createServer((_request, answer) =>
      answer.setHeader('content-type', 'text/html; charset=utf-8').end(PAGE),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/ferries`);
    server.closeAllConnections();
    server.close();
  },
  apiEnv: async ({ timetable }, use) => use({ API_LINK_PREVIEW_HOSTS: new URL(timetable).host }),
});

// So that a third is one too many.
test.use({ relayEnv: { RELAY_MEMBERS: '2' } });

test('I3 I5: a message is edited, reacted to and deleted, and both sides see the same; a group tells what happened to it', async ({
  talking,
  people,
  timetable,
}) => {
  const { app, user, other: bob, peer, conv } = await talking();
  peer.say(conv, 'Are you there?');
  await app.openConversation(conv);
  await app.sees('Are you there?');
  await app.say('Yes, at the peir');
  await app.reached('at the peir', 'sent');

  const menu = async (text: string) => {
    await app.row(text).hover();
    await app.row(text).getByTestId('message-menu').click();
  };
  await menu('at the peir');
  await app.page.getByTestId('message-edit').click();
  await app.page.getByTestId('message-editor').fill('Yes, at the pier');
  await app.page.keyboard.press('Enter');
  await expect(app.row('at the pier').getByTestId('edited')).toBeVisible();
  const kinds = () => peer.items.flatMap((item) => ('kind' in item ? [item.kind] : []));
  await until('the edit to reach the other side', () => kinds().includes('edit'));
  await app.row('at the pier').getByTestId('edited').click();
  // The list may still have it as well.
  await expect(app.page.getByRole('dialog').getByText('Yes, at the peir')).toBeVisible();
  await app.page.keyboard.press('Escape');
  await expect(app.page.getByText('Yes, at the peir')).toHaveCount(0);

  await menu('Are you there?');
  await app.page.getByTestId('react-👍').click();
  const reaction = app.row('Are you there?').getByTestId('reaction');
  await expect(reaction).toHaveAttribute('aria-pressed', 'true');
  await until('the reaction to reach the other side', () => kinds().includes('reaction'));
  await reaction.click();
  await expect(reaction).toHaveCount(0);
  const own = (await app.timeline(conv)).rows.find(({ own, kind }) => own && kind === 'message')!;
  const body = { type: 'text/plain', text: '🎉' };
  peer.append(conv, { kind: 'reaction', id: 'party', target: own.n!, body });
  await expect(app.row('at the pier').getByTestId('reaction')).toHaveText(/🎉/);

  await menu('at the pier');
  await app.page.getByTestId('message-delete').click();
  await app.page.getByTestId('confirm-delete-confirm').click();
  await app.sees('This message was deleted.');
  await until('the deletion to reach the other side', () => kinds().includes('delete'));
  await menu('Are you there?');
  await app.page.getByTestId('message-hide').click();
  await expect(app.rows.filter({ hasText: 'Are you there?' })).toHaveCount(0);
  await app.page.getByTestId('undo').click();
  await expect(app.row('Are you there?')).toBeVisible();
  await menu('Are you there?');
  await app.page.getByTestId('message-hide').click();
  await expect(app.rows.filter({ hasText: 'Are you there?' })).toHaveCount(0);
  await app.drained(conv);

  // Found again, answered, passed on, many at once.
  const first = peer.say(conv, 'Meet at the **lighthouse**');
  await peer.drained();
  const place = peer.acked.get(first)!.n!;
  const answer = {
    type: 'application/vnd.matchbook.message+json',
    text: JSON.stringify({ text: 'Or not', reply: place }),
  };
  peer.append(conv, { kind: 'message', id: 'ornot', body: answer });
  await expect(app.row('Or not').getByTestId('quote')).toContainText('Meet at the lighthouse');
  await menu('Or not');
  await app.page.getByTestId('message-thread').click();
  const thread = app.page.getByTestId('shelf-thread').getByTestId('compact-row');
  await expect(thread).toHaveText([/Meet at the lighthouse/, /Or not/]);
  await app.page.getByTestId('shelf-close').click();
  const meet = app.rows.filter({ has: app.page.locator('.message-text', { hasText: 'Meet at' }) });
  const meetMenu = async () => {
    await expect(app.page.getByRole('menu')).toHaveCount(0);
    await meet.hover();
    await meet.getByTestId('message-menu').click();
  };
  await meetMenu();
  await app.page.getByTestId('message-pin').click();
  await expect(app.page.getByTestId('pin-bar')).toContainText('Meet at the lighthouse');
  await until('the pin to reach the other side', () => kinds().includes('pin'));
  await menu('Or not');
  await app.page.getByTestId('message-save').click();
  await expect(app.row('Or not').getByTestId('saved')).toBeVisible();
  await expect(app.page.getByRole('menu')).toHaveCount(0);
  await app.page.getByTestId('tools-menu').click();
  await app.page.getByTestId('tools-saved').click();
  await expect(app.page.getByTestId('shelf-saved').getByTestId('compact-row')).toContainText('Or not');
  await app.page.getByTestId('shelf-close').click();
  const self = (await app.conversations()).find((row) => row.self)!.conv;
  await meetMenu();
  await app.page.getByTestId('message-select').click();
  await app.row('Or not').getByTestId('choose').check();
  await expect(app.page.getByTestId('select-bar')).toContainText('2 selected');
  // A name as long as one may be, without a blank.
  const [long, name] = ['long', 'N'.repeat(200)];
  peer.append(long, { kind: 'create', id: 'lc', form: 'group', members: [bob.user, user] });
  peer.append(long, { kind: 'rename', id: 'lr', body: { type: 'text/plain', text: name } });
  await app.page.getByTestId('select-forward').click();
  await expect(app.page.getByTestId('forward-dialog')).toContainText(name);
  const beyond = (place: Locator) => place.evaluate((one) => one.scrollWidth - one.clientWidth);
  expect(await beyond(app.page.locator('.forward-list'))).toBe(0);
  for (const to of [self, long])
    await app.page.locator(`[data-testid="forward-to"][data-conv="${to}"]`).check();
  await app.page.getByTestId('forward-send').click();
  // The bar that led there is gone.
  await expect(app.composer).toBeFocused();
  await app.openConversation(self);
  await expect(app.row('Or not').getByTestId('forwarded')).toHaveText('Forwarded from Bob');
  await expect(app.rows).toHaveCount(2);
  await app.openConversation(conv);
  await menu('Or not');
  await app.page.getByTestId('message-copy').click();
  const copied = () => app.electron.evaluate(({ clipboard }) => clipboard.readText());
  await expect.poll(copied).toBe('Or not');
  await menu('Or not');
  await app.page.getByTestId('message-link').click();
  await expect.poll(copied).toMatch(new RegExp(`^matchbook://message/${conv}/\\d+$`));
  const link = await copied();
  await app.openConversation(self);
  await app.say(`see ${link}`);
  await marked(app.row('Or not'), () => app.row('see matchbook').getByRole('link').click());
  await app.drained(conv);

  await app.openConversation(long);
  await expect(app.page.getByTestId('system-line')).toHaveCount(2);
  expect(await beyond(app.page.getByTestId('system-line').last())).toBe(0);

  const group = 'walkers';
  peer.append(group, { kind: 'create', id: 'c', form: 'group', members: [bob.user, user] });
  peer.append(group, { kind: 'rename', id: 'r', body: { type: 'text/plain', text: 'Walkers' } });
  peer.append(group, { kind: 'member_role', id: 'a', user, role: 'admin' });
  await peer.drained();
  await app.openConversation(group);
  await expect(app.page.getByTestId('system-line')).toHaveText([
    'Bob made this group.',
    'Bob named this group “Walkers”.',
    'Bob made you an admin.',
  ]);

  // More people than the server lets in: whom one chose stays there with why, to be tried again or taken back; a new group the same.
  const cy = await people('Cy', bob);
  const cys = await cy.connect();
  cys.say(await cys.openDirect(user), 'May I come along?');
  await app.page.getByTestId('info-open').click();
  await app.page.getByTestId('members-add').click();
  const person = app.page.getByTestId('person-option');
  await app.page.getByTestId('person-search').fill('cy');
  await expect(person).toHaveText([/Cy/]);
  await app.page.keyboard.press('Enter');
  await app.page.getByTestId('add-people-confirm').click();
  const added = app.page.getByTestId('member').filter({ hasText: 'Cy' });
  const tooMany = /A conversation has at most 2 members\./;
  await expect(added.getByTestId('change-failed')).toContainText(tooMany, { timeout: 20_000 });
  await added.getByTestId('change-give-up').click();
  await expect(added).toHaveCount(0);
  await app.page.getByTestId('info-close').click();
  await app.page.getByTestId('new-open').click();
  await app.page.getByTestId('new-group-open').click();
  await app.page.getByTestId('group-name').fill('All of us');
  for (const name of ['Bob', 'Cy']) {
    await app.page.getByTestId('person-search').fill(name.toLowerCase());
    await expect(person).toHaveText([new RegExp(name)]);
    await app.page.keyboard.press('Enter');
  }
  await app.page.getByTestId('group-create').click();
  const refused = app.page.getByTestId('creation-refused');
  await expect(refused).toContainText(tooMany, { timeout: 20_000 });
  const all = app.page.getByText('All of us', { exact: true });
  await expect(all.first()).toBeVisible();
  await refused.getByTestId('change-give-up').click();
  await expect(all).toHaveCount(0);
  await expect(app.page.locator('[data-testid="conversation-row"]:focus')).toHaveCount(1);
  await app.openConversation(group);

  // What a page says about itself goes with the message that names it, unless one takes it off; who wants none sees none.
  const preview = app.page.getByTestId('page-preview');
  await app.composer.fill(`They go at nine: ${timetable}`);
  await expect(app.page.getByTestId('preview-bar')).toContainText('Ferry times');
  await app.page.keyboard.press('Enter');
  await expect(app.row('They go at nine').getByTestId('page-preview')).toContainText(
    /Ferry times\s*Every hour from the old pier/,
  );
  const heard = () => peer.items.filter((item) => JSON.stringify(item).includes('Every hour'));
  await until('the preview to reach the other side', () => heard().length === 1);
  await app.composer.fill(`And at ten: ${timetable}`);
  await app.page.getByTestId('preview-remove').click();
  await expect(app.page.getByTestId('preview-bar')).toHaveCount(0);
  await app.page.keyboard.press('Enter');
  await app.reached('And at ten', 'sent');
  await expect(preview).toHaveCount(1);
  await app.page.keyboard.press('Control+,');
  await app.page.getByTestId('settings-privacy').click();
  await app.page.getByTestId('privacy-link-previews').click();
  await app.page.getByTestId('settings-tray').click();
  await app.page.getByTestId('restore-windows').click();
  await app.page.keyboard.press('Escape');
  await expect(preview).toHaveCount(0);
  await app.composer.fill(`And at noon: ${timetable}`);
  await app.page.keyboard.press('Enter');
  await app.reached('And at noon', 'sent');
  expect(heard()).toHaveLength(1);
  // Who wants no windows back after a start has the main one alone then.
  const opened = app.electron.waitForEvent('window');
  await app.call('conversation.window', { account: (await app.account()).account, conv });
  await expect((await opened).getByTestId('composer')).toBeVisible({ timeout: 20_000 });
  await app.restart();
  await app.openConversation(conv);
  await app.sees('This message was deleted.');
  await expect(app.rows).toHaveCount(3);
  await expect(app.page.getByTestId('pin-bar')).toContainText('lighthouse');
  expect(app.electron.windows().filter((page) => /conv=/.test(page.url()))).toEqual([]);
});
