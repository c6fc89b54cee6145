/** The composer as a person uses it: formats, names, emoji, commands, answers, and other ways to send; in a group with somebody on a second client of the protocol. */
import type { Locator } from '@playwright/test';
import { until } from './fixtures/conditions.ts';
import { dictionaries } from './fixtures/dictionary.ts';
import { marked } from './fixtures/marked.ts';
import { expect, test } from './fixtures/test.ts';

test('a text is formatted, completed, answers another one through a restart, is changed by Up, sent later and without sound', async ({
  talking,
}) => {
  const { app, user, other: bob, peer } = await talking();
  const group = 'walkers';
  peer.append(group, { kind: 'create', id: 'c', form: 'group', members: [bob.user, user] });
  peer.append(group, { kind: 'rename', id: 'r', body: { type: 'text/plain', text: 'Walkers' } });
  peer.say(group, 'Who comes along?');
  peer.say(group, 'Bring **boots**, and ||cake||:\n```js\nconst km = 12;\n```');
  await peer.drained();
  await app.openConversation(group);
  const { page, composer } = app;
  const sent = (text: string) =>
    until(`"${text}" to reach the other side`, () =>
      peer.items.find((item) => 'body' in item && JSON.stringify(item.body).includes(text)),
    );

  // Bob's formats: shown, what is covered only when asked for.
  const boots = app.row('Bring');
  await expect(boots.locator('strong')).toHaveText('boots');
  await expect(boots.locator('.hljs-keyword')).toHaveText('const');
  await expect(boots.getByText('cake')).toBeHidden();
  await boots.getByTestId('spoiler').click();
  await expect(boots.getByText('cake')).toBeVisible();

  // Formats by keys, and away again.
  await composer.fill('loud');
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Control+B');
  await expect(composer).toHaveValue('**loud**');
  await page.keyboard.press('Control+B');
  await expect(composer).toHaveValue('loud');
  await page.keyboard.press('Control+Z');
  await expect(composer).toHaveValue('**loud**');
  await page.keyboard.press('Enter');
  await expect(app.row('loud').locator('strong')).toHaveText('loud');

  // Looks of another program, as marks; its words alone by the other key. Other tests may have the clipboard too: until it is ours.
  await until('what was copied to be pasted', async () => {
    await app.electron.evaluate(
      async ({ clipboard, ...electron }, copied) => {
        // The clipboard of Electron 45 takes items.
        const { ClipboardItem: Item } = electron as unknown as {
          ClipboardItem?: new (parts: Record<string, Blob>) => never;
        };
        const blob = (type: string, text: string) => new Blob([text], { type });
        if ('writeHTML' in clipboard || !Item) return clipboard.write(copied as never);
        const { text, html } = copied;
        const parts = { 'text/plain': blob('text/plain', text), 'text/html': blob('text/html', html) };
        return clipboard.write([new Item(parts)] as never);
      },
      {
        text: 'buy bread and milk',
        html: '<ul><li>buy <b>bread</b></li><li>and <a href="https://milk.example/">milk</a></li></ul>',
      },
    );
    await composer.fill('');
    await page.keyboard.press('Control+V');
    return until('a paste', async () => (await composer.inputValue()) !== '').then(
      async () => (await composer.inputValue()) === '- buy **bread**\n- and [milk](https://milk.example/)',
    );
  });
  await page.keyboard.press('Control+Z');
  await expect(composer).toHaveValue('');
  await page.keyboard.press('Control+Shift+V');
  await expect(composer).toHaveValue('buy bread and milk');
  await composer.fill('');

  // How much fits is said before it is too much, and too much stays where it is.
  const saidOf = page.locator('.composer-said');
  await composer.fill('x'.repeat(65_000));
  await expect(saidOf).toHaveText('About 536 more characters fit');
  // As high as it becomes.
  await expect.poll(async () => (await composer.boundingBox())!.height).toBeGreaterThan(100);
  const low = (await composer.boundingBox())!.height;
  await composer.fill('x'.repeat(65_600));
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('composer-failure')).toBeVisible();
  expect((await composer.inputValue()).length).toBe(65_600);
  await composer.fill('');
  await expect.poll(async () => (await composer.boundingBox())!.height).toBeLessThan(low);

  // A person, an emoji, a command.
  await composer.pressSequentially('I do, @bo');
  await expect(page.getByTestId('completion').getByRole('option')).toHaveText([/Bob/]);
  await page.keyboard.press('Enter');
  await expect(composer).toHaveValue('I do, @Bob ');
  await page.keyboard.type(':tad');
  await expect(page.getByTestId('completion').getByRole('option').first()).toContainText('🎉');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  expect(JSON.stringify(await sent('I do'))).toContain(bob.user);
  await expect(app.row('I do').getByTestId('mention')).toHaveText('@Bob');
  await expect(app.row('I do')).toContainText('🎉');
  // A hand in the tone that one chooses, which is remembered.
  await page.keyboard.press('Control+Shift+E');
  await page.getByRole('group', { name: 'Skin tone' }).getByRole('button').nth(3).click();
  await page.getByTestId('emoji-search').fill('raised hand');
  await expect(page.getByTestId('emoji').first()).toHaveText('✋🏽');
  await page.keyboard.press('Enter');
  await expect(composer).toHaveValue('✋🏽');
  await expect(page.getByTestId('emoji-picker')).toHaveCount(0);
  await composer.fill('');
  await page.keyboard.press('Control+Shift+E');
  await page.getByRole('region', { name: 'Recent' }).getByText('✋🏽').click();
  await expect(composer).toHaveValue('✋🏽');
  await composer.fill('');
  // Formats by click, for who knows no marks.
  await page.getByTestId('format-open').click();
  for (const [format, written] of [
    ['spoiler', '||calm||'],
    ['quote', '> calm'],
    ['list', '- calm'],
    ['block', '```\ncalm\n```'],
  ]) {
    await composer.fill('calm');
    await composer.selectText();
    await page.getByTestId(`format-${format}`).click();
    await expect(composer).toHaveValue(written!);
    await expect(composer).toBeFocused();
  }
  await page.getByTestId('format-open').click();
  await expect(page.getByTestId('format-bar')).toHaveCount(0);
  await composer.fill('');
  await composer.pressSequentially('/shrug who knows');
  await page.keyboard.press('Enter');
  await expect(app.row('who knows')).toContainText('who knows ¯\\_(ツ)_/¯');
  // Commands that act here and now.
  for (const [command, muted] of [
    ['/mute ', 'true'],
    ['/unmute ', 'false'],
  ]) {
    await composer.pressSequentially(command!);
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('conversation-bell')).toHaveAttribute('data-muted', muted!);
    await expect(composer).toHaveValue('');
  }
  await composer.pressSequentially('/date ');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('date-input')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('date-input')).toHaveCount(0);

  // Other words for a message, begun beside an answer to another one.
  await app.reached('who knows', 'sent');
  await composer.click();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByTestId('message-editor')).toBeFocused();
  await page.getByTestId('message-editor').fill('who ever knows');

  // An answer: begun, kept through a death of the app (I11), sent, and led back from.
  await app.row('Who comes along?').hover();
  await app.row('Who comes along?').getByTestId('message-menu').click();
  await page.getByTestId('message-reply').click();
  await expect(page.getByTestId('reply-bar')).toContainText('Who comes along?');
  await expect(composer).toBeFocused();
  await page.keyboard.type('Me, with');
  await until('the draft to be kept', async () => (await app.draft(group)).text === 'Me, with');
  const { account } = await app.account();
  const begun = async () => (await app.call('begun.list', { account })).map(({ text }) => text);
  await until('the other words to be kept', async () => (await begun()).includes('who ever knows'));
  await app.kill9();
  await app.start();
  await app.openConversation(group);
  await expect(app.page.getByTestId('message-editor')).toHaveValue('who ever knows');
  await app.page.getByTestId('message-editor').press('Enter');
  await expect(app.row('who ever knows')).toBeVisible();
  await expect.poll(begun).toEqual([]);
  await expect(app.page.getByTestId('reply-bar')).toContainText('Who comes along?');
  await expect(app.composer).toHaveValue('Me, with');
  await app.composer.click();
  await app.page.keyboard.press('End');
  await app.page.keyboard.type(' a dog');
  await app.page.keyboard.press('Enter');
  await expect(app.page.getByTestId('reply-bar')).toHaveCount(0);
  const quote = app.row('Me, with a dog').getByTestId('quote');
  await expect(quote).toContainText('Who comes along?');
  const origin = app.rows.filter({ has: app.page.locator('.message-text', { hasText: 'Who comes' }) });
  await marked(origin, () => quote.click());

  // Up changes the last one's words.
  await app.reached('Me, with a dog', 'sent');
  await app.composer.click();
  await app.page.keyboard.press('ArrowUp');
  await expect(app.page.getByTestId('message-editor')).toBeFocused();
  await app.page.getByTestId('message-editor').fill('Me, with two dogs');
  await app.page.keyboard.press('Enter');
  await expect(app.row('two dogs').getByTestId('quote')).toContainText('Who comes along?');
  const focused = () => app.page.evaluate(() => document.activeElement?.outerHTML.slice(0, 300));
  await expect.poll(focused).toContain('id="composer"');

  // Without sound, and later.
  const sendIn = async (how: string) => {
    await app.page.getByTestId('send').click({ button: 'right' });
    await app.page.getByTestId(how).click();
  };
  await app.composer.fill('psst');
  await sendIn('send-silent');
  expect(await sent('psst')).toMatchObject({ silent: true });
  await expect(app.composer).toHaveValue('');
  await app.composer.fill('Are you up?');
  await sendIn('send-later');
  await app.page.getByTestId('schedule-do').click();
  await expect(app.page.getByTestId('composer-told')).toContainText('Scheduled for');
  await expect(app.composer).toHaveValue('');
  await app.page.getByTestId('tools-menu').click();
  await app.page.getByTestId('tools-scheduled').click();
  const waiting: Locator = app.page.getByTestId('scheduled-row');
  await expect(waiting).toContainText('Are you up?');
  await app.page.getByTestId('scheduled-edit').click();
  await app.page.getByTestId('schedule-text').fill('Are you up yet?');
  await app.page.getByTestId('schedule-do').click();
  await expect(waiting).toContainText('Are you up yet?');
  await app.page.getByTestId('scheduled-cancel').click();
  await expect(waiting).toHaveCount(0);

  // What is later and quiet stays quiet: sent at once by its button, and by itself at its time.
  await app.composer.fill('Good night');
  await sendIn('send-later');
  await app.page.getByLabel('Without sound').check();
  await app.page.getByTestId('schedule-do').click();
  await expect(waiting).toContainText('Good night');
  await app.page.getByTestId('scheduled-now').click();
  expect(await sent('Good night')).toMatchObject({ silent: true });
  await expect(waiting).toHaveCount(0);
  const due = Date.now() + 1_500;
  const later = { account, conv: group, id: 'at-its-time', text: 'Good morning', due, silent: true } as const;
  await app.call('scheduled.put', later);
  expect(await sent('Good morning')).toMatchObject({ silent: true });
  expect(Date.now()).toBeGreaterThanOrEqual(due);
  await app.sees('Good morning');
  await app.page.getByTestId('shelf-close').click();

  // Spelling: only where it is wished for, then a word is put right by its menu. Dictionaries come from a server of ours.
  const given = await dictionaries(['lighthouse', 'thermos']);
  await app.electron.evaluate(({ session, Menu }, url) => {
    session.defaultSession.setSpellCheckerDictionaryDownloadURL(url);
    const build = Menu.buildFromTemplate;
    Menu.buildFromTemplate = (template) => {
      const menu = build(template);
      // The screen would wait for a choice.
      menu.popup = () => Object.assign(globalThis, { menu });
      return menu;
    };
  }, given.url);
  await app.composer.fill('');
  await app.composer.pressSequentially('lighthuose ');
  /** What the menu on the first word offers, and what happens to what is chosen of it. */
  const onFirstWord = async (choice?: string) => {
    await app.composer.click({ button: 'right', position: { x: 30, y: 20 } });
    return await app.electron.evaluate((_electron, chosen) => {
      const { menu } = globalThis as unknown as { menu?: Electron.Menu };
      if (chosen) menu?.items.find(({ label }) => label === chosen)?.click();
      return menu?.items.map(({ label }) => label) ?? [];
    }, choice);
  };
  await expect.poll(onFirstWord).toContain('Paste');
  expect(await onFirstWord()).not.toContain('lighthouse');
  expect(given.asked).toEqual([]);
  await app.page.keyboard.press('Control+,');
  await app.page.getByTestId('settings-language').click();
  await app.page.getByTestId('spelling').click();
  await until('the dictionary to be fetched', () => given.asked.length > 0);
  await app.page.keyboard.press('Escape');
  await expect(app.page.getByRole('dialog')).toHaveCount(0);
  await app.composer.fill('');
  await app.composer.pressSequentially('lighthuose ');
  // The menu is made anew with each question, and what it offers comes in its own time.
  await expect
    .poll(async () => {
      await onFirstWord('lighthouse');
      return app.composer.inputValue();
    })
    .toBe('lighthouse ');
  given.close();
});
