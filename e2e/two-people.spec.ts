import { directConversationId } from '@matchbook/protocol/ids';
import type { Desktop } from './fixtures/desktop.ts';
import { front } from './fixtures/pictures.ts';
import { expect, test } from './fixtures/test.ts';
import { faultsOf } from './fixtures/transcript.ts';

async function introduced(ann: Desktop, bob: Desktop): Promise<string> {
  await ann.start();
  await ann.startHere('Ann');
  const invitation = await ann.copiedInvitation();
  await bob.start();
  await bob.join(invitation, 'Bob');
  const [one, other] = [await ann.account(), await bob.account()];
  expect(other).toMatchObject({ embedded: false, api: one.api });
  expect((await bob.state()).embedded).toBeNull();
  const conv = directConversationId(one.user, other.user);
  await bob.openConversation(conv);
  await ann.openConversation(conv);
  return conv;
}

test('I3 I4 I9: two windows talk both ways and see sent, delivered and read; a restart of both shows it all', async ({
  desktop,
}) => {
  const [ann, bob] = [desktop('ann'), desktop('bob')];
  const conv = await introduced(ann, bob);

  await front(bob);
  await ann.say('Hello Bob');
  await bob.sees('Hello Bob');
  await ann.reached('Hello Bob', 'read');

  await front(ann);
  await bob.say('Hello Ann\nwith a second line');
  await ann.sees('with a second line');
  await bob.reached('Hello Ann', 'read');
  const lines = await ann.row('Hello Ann').textContent();
  expect(lines).toMatch(/Hello Ann\nwith a second line/);

  // Not in view, so delivered and no more: the other one looks at their own notes.
  const notes = (await bob.conversations()).find(({ self }) => self)!.conv;
  await bob.openConversation(notes);
  await ann.say('Are you still there?');
  await ann.reached('Are you still there?', 'delivered');
  const unread = async () => (await bob.conversations()).find((row) => row.conv === conv)?.unread;
  await expect.poll(unread).toBe(1);
  await expect(ann.row('Are you still there?')).toHaveAttribute('data-delivery', 'delivered');
  // Who has read it is told beside it, and follows while one looks.
  await ann.row('Are you still there?').hover();
  await ann.row('Are you still there?').getByTestId('message-menu').click();
  await ann.page.getByTestId('message-details').click();
  const readers = ann.page.getByTestId('passport-people').locator('li');
  await expect(readers).toHaveText(/^Bob\s*Delivered$/);
  await front(bob);
  await bob.openConversation(conv);
  await expect(readers).toHaveText(/^Bob\s*Read$/);
  await ann.page.keyboard.press('Escape');
  await ann.reached('Are you still there?', 'read');
  await expect.poll(unread).toBe(0);

  // Kept for later: by its menu from the list, without opening it.
  await bob.openConversation(notes);
  const talk = bob.page.locator(`[data-testid="conversation-row"][data-conv="${conv}"]`);
  await talk.click({ button: 'right' });
  await bob.page.getByTestId('mark-unread').click();
  await expect(talk.getByTestId('unread-dot')).toHaveText('Marked as unread');
  // A menu that is still closing takes the click.
  const noMenu = () => expect(bob.page.getByRole('menu')).toHaveCount(0);
  await noMenu();
  await talk.click({ button: 'right' });
  await bob.page.getByTestId('mark-read').click();
  await expect(talk.getByTestId('unread-dot')).toHaveCount(0);

  // How one is: for as long as one says, and gone by itself at its end.
  const presence = () => ann.page.getByTestId('pane-presence');
  await noMenu();
  await bob.page.getByTestId('account-menu').click();
  await bob.page.getByTestId('status-open').click();
  await bob.page.getByTestId('status-text').fill('On a train');
  await bob.page.getByTestId('status-until').click();
  await bob.page.getByRole('option', { name: 'In an hour' }).click();
  await bob.page.getByTestId('status-save').click();
  await expect(presence()).toHaveText('Here now · On a train');
  await ann.page.getByTestId('info-open').click();
  await expect(ann.page.getByTestId('person-status')).toHaveText(/^On a train\s*until /);
  await ann.page.getByTestId('info-close').click();
  const { account } = await bob.account();
  const tunnel = (ms: number) =>
    bob.call('people.change', {
      account,
      change: { status: { text: 'In a tunnel', until: Date.now() + ms } },
    });
  // Seen while it lasts, and gone by itself at its time, which is no longer than a slow machine needs to show it.
  await tunnel(3_600_000);
  await expect(presence()).toContainText('In a tunnel');
  await tunnel(2_500);
  await expect(presence()).toHaveText('Here now');

  await bob.stop();
  await expect(presence()).toHaveText(/^Last seen at \d/);
  await ann.restart();
  await bob.start();
  for (const app of [ann, bob]) {
    await app.openConversation(conv);
    for (const text of ['Hello Bob', 'Hello Ann', 'Are you still there?']) await app.sees(text);
  }
  await expect(ann.row('Hello Bob')).toHaveAttribute('data-delivery', 'read');
  await expect(bob.row('Hello Ann')).toHaveAttribute('data-delivery', 'read');
  const written = [
    { by: 'ann', texts: ['Hello Bob', 'Are you still there?'] },
    { by: 'bob', texts: ['Hello Ann\nwith a second line'] },
  ];
  expect(faultsOf([await ann.view(conv), await bob.view(conv)], written)).toEqual([]);
  for (const app of [ann, bob]) {
    const ids = (await app.shown()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  }
  await ann.live();
  await bob.live();
  await bob.say('and it goes on');
  await ann.sees('and it goes on');

  // Who does not want to be seen is neither shown as here nor told of as gone.
  await expect(presence()).toHaveText('Here now');
  const typing = ann.page.getByTestId('pane-typing');
  await bob.composer.pressSequentially('Let me');
  await expect(typing).toBeVisible();
  await bob.composer.fill('');
  await expect(typing).toBeHidden();
  await bob.page.keyboard.press('Control+,');
  await bob.page.getByTestId('settings-privacy').click();
  await bob.page.getByTestId('privacy-typing').click();
  await bob.page.getByTestId('privacy-receipts').click();
  await bob.page.keyboard.press('Escape');
  // One that is still closing gives the focus back to where it was.
  await expect(bob.page.getByRole('dialog')).toHaveCount(0);
  await front(bob);
  await bob.composer.pressSequentially('Let me see');
  await ann.say('Did you see it?');
  await bob.sees('Did you see it?');
  await expect.poll(unread).toBe(0);
  // A notice would still hold.
  expect(await typing.isVisible()).toBe(false);
  // What was read went out with this at the latest.
  await bob.page.keyboard.press('Enter');
  await ann.sees('Let me see');
  await expect(ann.row('Did you see it?')).toHaveAttribute('data-delivery', 'delivered');
  await bob.page.keyboard.press('Control+,');
  await bob.page.getByTestId('privacy-last-seen').click();
  await expect(presence()).toHaveText('Not here');
  await bob.stop();
  await expect(presence()).toHaveText('Not here');
  await ann.openConversation((await ann.conversations()).find(({ self }) => self)!.conv);
  await ann.openConversation(conv);
  await expect(presence()).toHaveText('Not here');
});

test('links in a message open only through the scheme check, after a question', async ({ desktop }) => {
  const app = await desktop('ann', { env: { MATCHBOOK_TEST_OPEN: '' } }).start();
  await app.startHere('Ann');
  const before = app.page.url();
  // The person's answer and the browser, so that the test sees both.
  await app.electron.evaluate(({ dialog, shell }) => {
    const seen = { asked: [] as string[], opened: [] as string[], answer: 1 };
    Object.assign(globalThis, { seen });
    Object.assign(dialog, {
      showMessageBox: (...args: unknown[]) => {
        seen.asked.push(JSON.stringify(args.at(-1)));
        return Promise.resolve({ response: seen.answer, checkboxChecked: false });
      },
    });
    Object.assign(shell, {
      openExternal: (url: string) => {
        seen.opened.push(url);
        return Promise.resolve();
      },
    });
  });
  type Seen = { asked: string[]; opened: string[]; answer: number };
  const seen = () => app.electron.evaluate(() => (globalThis as unknown as { seen: Seen }).seen);
  for (const url of [
    'javascript:alert(1)',
    'file:///etc/passwd',
    'data:text/html,hi',
    'smb://host/share',
    'app://matchbook/index.html',
    'not a link',
  ])
    await expect(app.call('link.open', { url }), url).rejects.toThrow('bad_link');
  expect(await seen()).toMatchObject({ asked: [], opened: [] });

  await app.say('look: https://example.org/page and javascript:alert(1)');
  const links = app.row('look:').getByRole('link');
  await expect(links).toHaveCount(1);
  await links.click();
  await expect.poll(async () => (await seen()).asked.join()).toContain('example.org');
  expect((await seen()).opened).toEqual([]);

  await app.electron.evaluate(() => {
    (globalThis as unknown as { seen: Seen }).seen.answer = 0;
  });
  await links.click();
  await expect.poll(async () => (await seen()).opened).toEqual(['https://example.org/page']);
  expect(app.page.url()).toBe(before);
  expect(app.electron.windows()).toHaveLength(2);
});
