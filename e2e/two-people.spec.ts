import { directConversationId } from '@matchbook/protocol/ids';
import type { Desktop } from './fixtures/desktop.ts';
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

const front = (app: Desktop) =>
  app.electron.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) if (window.isVisible()) window.focus();
  });

test('I3 I4 I9: two windows talk both ways and see sent, delivered and read; a restart of both shows it all', async ({
  desktop,
}) => {
  test.setTimeout(150_000);
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
  await expect.poll(async () => (await bob.conversations()).find((row) => row.conv === conv)?.unread).toBe(1);
  await expect(ann.row('Are you still there?')).toHaveAttribute('data-delivery', 'delivered');
  await front(bob);
  await bob.openConversation(conv);
  await ann.reached('Are you still there?', 'read');
  expect((await bob.conversations()).find((row) => row.conv === conv)?.unread).toBe(0);

  await bob.stop();
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
