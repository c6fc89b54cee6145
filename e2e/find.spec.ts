import { join } from 'node:path';
import { until } from './fixtures/conditions.ts';
import type { Desktop } from './fixtures/desktop.ts';
import { marked } from './fixtures/marked.ts';
import { expect, test } from './fixtures/test.ts';

const titles = (app: Desktop) =>
  app.page.getByTestId('conversation-row').locator('.conversation-title bdi').allTextContents();
const listed = (app: Desktop, name: string) =>
  app.page
    .getByTestId('conversation-row')
    .filter({ has: app.page.locator('.conversation-title bdi', { hasText: new RegExp(`^${name}$`) }) });

test('one finds what there is: the list in an order of one’s own, the switcher, the search with and without a server', async ({
  servers,
  people,
  talking,
}) => {
  const { app, user: ann, other: eve, peer: wire, conv: direct } = await talking('Eve');
  const group = 'group-1';
  const others: string[] = [];
  for (const name of ['Ñandú', 'Nzinga']) {
    const one = await people(name, eve);
    others.push(one.user);
    const theirs = await one.connect();
    await until(`the log to know ${name}`, () => theirs.items.length > 0 || theirs.heads.size > 0);
  }
  wire.append(group, { id: 'c-1', kind: 'create', form: 'group', members: [eve.user, ann, ...others] });
  wire.append(group, { id: 'r-1', kind: 'rename', body: { type: 'text/plain', text: 'Sailing club' } });
  wire.say(group, 'the harbour opens at nine');
  wire.say(direct, 'the harbour was beautiful');
  wire.say(direct, 'see https://example.org/harbour');
  await wire.drained();

  // Until it has its name, a group is called by who is in it.
  await expect(listed(app, 'Sailing club')).toBeVisible({ timeout: 20_000 });
  // Presence and typing, in the list and at the head of the conversation.
  await listed(app, 'Eve').click();
  await expect(app.page.getByTestId('pane-presence')).toContainText(/Here now|Away/, { timeout: 20_000 });
  wire.wire.send({ t: 'typing', conv: direct, on: true });
  await expect(app.page.getByTestId('pane-typing')).toHaveText('is writing…');
  await expect(app.page.getByTestId('pane-typing')).toBeHidden({ timeout: 10_000 });

  // Filters; pins in an order of one's own, by menu and by keys; the archive.
  await app.page.getByTestId('filter-groups').click();
  await expect.poll(() => titles(app)).toEqual(['Sailing club']);
  const unreadIn = async (conv: string) =>
    (await app.conversations()).find((row) => row.conv === conv)?.unread;
  await expect.poll(() => unreadIn(direct)).toBe(0);
  await app.page.getByTestId('filter-people').click();
  await expect.poll(() => titles(app)).toEqual(['Eve']);
  // What one reads of the unread ones stays until one leaves it.
  await app.page.getByTestId('filter-unread').click();
  await expect.poll(() => titles(app)).toEqual(['Sailing club']);
  await listed(app, 'Sailing club').click();
  await expect.poll(() => unreadIn(group)).toBe(0);
  expect(await titles(app)).toEqual(['Sailing club']);
  await app.composer.fill('Not yet');
  await app.page.getByTestId('filter-all').click();
  await listed(app, 'Eve').click();
  // What is begun and not sent is told in the list where it is not open.
  await expect(listed(app, 'Sailing club').getByTestId('row-draft')).toHaveText(/Draft\s*Not yet/);
  await app.page.getByTestId('filter-unread').click();
  await expect(app.page.getByTestId('sidebar-empty')).toBeVisible();
  await app.page.getByTestId('filter-all').click();
  await listed(app, 'Sailing club').click();
  await expect(app.composer).toHaveValue('Not yet');
  await app.composer.fill('');
  await listed(app, 'Eve').click();
  await expect(listed(app, 'Sailing club').getByTestId('row-draft')).toHaveCount(0);
  // A menu that is still closing keeps the keys, and takes the click.
  const noMenu = () => expect(app.page.getByRole('menu')).toHaveCount(0);
  for (const name of ['Sailing club', 'Notes to self']) {
    await listed(app, name).click({ button: 'right' });
    await app.page.getByTestId('pin').click();
    await expect(listed(app, name)).toHaveAttribute('data-pinned', /\d/);
    await noMenu();
  }
  await expect.poll(() => titles(app)).toEqual(['Sailing club', 'Notes to self', 'Eve']);
  await listed(app, 'Notes to self').focus();
  await expect(listed(app, 'Notes to self')).toBeFocused();
  await app.page.keyboard.press('Control+Shift+ArrowUp');
  await expect.poll(() => titles(app)).toEqual(['Notes to self', 'Sailing club', 'Eve']);
  await listed(app, 'Sailing club').dragTo(listed(app, 'Notes to self'));
  await expect.poll(() => titles(app)).toEqual(['Sailing club', 'Notes to self', 'Eve']);
  await listed(app, 'Notes to self').click({ button: 'right' });
  await app.page.getByTestId('archive').click();
  await noMenu();
  await expect.poll(() => titles(app)).toEqual(['Sailing club', 'Eve']);
  await app.page.getByTestId('archive-open').click();
  await expect.poll(() => titles(app)).toEqual(['Notes to self']);
  await expect(app.page.getByTestId('archive-close')).toBeFocused();
  await app.page.keyboard.press('Enter');
  await expect(app.page.getByTestId('archive-open')).toBeFocused();
  await listed(app, 'Eve').click({ button: 'right' });
  await app.page.getByTestId('pin').click();
  await expect(listed(app, 'Eve')).toHaveAttribute('data-pinned', /\d/);
  await noMenu();
  await listed(app, 'Eve').focus();
  await app.page.keyboard.press('Control+Shift+ArrowUp');
  await expect.poll(() => titles(app)).toEqual(['Eve', 'Sailing club']);
  const opened = app.electron.waitForEvent('window');
  await app.page.keyboard.press('Control+Enter');
  await expect((await opened).getByTestId('composer')).toBeVisible({ timeout: 20_000 });
  await app.restart();
  await expect.poll(() => titles(app)).toEqual(['Eve', 'Sailing club']);
  // The window of its own is there again too.
  const own = await until('the other window', () =>
    app.electron.windows().find((page) => /index\.html\?.*conv=/.test(page.url())),
  );
  await expect(own.getByTestId('composer')).toBeVisible({ timeout: 20_000 });
  await own.close();
  await listed(app, 'Eve').click();

  // Of the keys that are listed those that no other test presses in the app: pins, conversations, windows, sizes, formats, a file, an answer.
  const { keyboard } = app.page;
  const shows = (name: string) => expect(app.page.getByRole('heading', { name, level: 1 })).toBeVisible();
  await keyboard.press('Control+Shift+l');
  await expect(listed(app, 'Eve')).toBeFocused();
  await keyboard.press('Control+Shift+ArrowDown');
  await expect.poll(() => titles(app)).toEqual(['Sailing club', 'Eve']);
  await keyboard.press('Control+Shift+ArrowUp');
  await expect.poll(() => titles(app)).toEqual(['Eve', 'Sailing club']);
  await keyboard.press('Control+u');
  await expect(listed(app, 'Eve').getByTestId('unread-dot')).toBeVisible();
  await keyboard.press('Control+u');
  await expect(listed(app, 'Eve').getByTestId('unread-dot')).toHaveCount(0);
  await keyboard.press('Control+Shift+m');
  await expect(app.composer).toBeFocused();
  await keyboard.press('Alt+ArrowDown');
  await shows('Sailing club');
  await keyboard.press('Alt+ArrowUp');
  await shows('Eve');
  wire.say(group, 'Anybody at the pier?');
  await expect(listed(app, 'Sailing club')).toContainText('1 unread message');
  await keyboard.press('Alt+Shift+ArrowUp');
  await shows('Sailing club');
  const zoomed = () =>
    app.electron.evaluate(
      ({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()
          .find((window) => /matchbook\/(index\.html)?$/.test(window.webContents.getURL()))
          ?.webContents.getZoomFactor() ?? 0,
    );
  await keyboard.press('Control+=');
  await expect.poll(zoomed).toBeGreaterThan(1);
  await keyboard.press('Control+0');
  await expect.poll(zoomed).toBe(1);
  await keyboard.press('Control+-');
  await expect.poll(zoomed).toBeLessThan(1);
  await keyboard.press('Control+0');
  await expect.poll(zoomed).toBe(1);
  await app.composer.fill('calm');
  for (const [key, written] of [
    ['i', '*calm*'],
    ['e', '`calm`'],
    ['Shift+x', '~~calm~~'],
  ]) {
    await app.composer.selectText();
    await keyboard.press(`Control+${key}`);
    await expect(app.composer).toHaveValue(written!);
    await keyboard.press(`Control+${key}`);
    await expect(app.composer).toHaveValue('calm');
  }
  await app.composer.selectText();
  await keyboard.press('Control+k');
  await expect(app.composer).toHaveValue('[calm](https://)');
  await app.composer.fill('');
  const asked = () =>
    app.electron.evaluate(({ dialog }) => {
      const { times = 0 } = globalThis as { times?: number };
      dialog.showOpenDialog = (async () => {
        Object.assign(globalThis, { times: times + 1 });
        return { canceled: true, filePaths: [] };
      }) as never;
      return times;
    });
  expect(await asked()).toBe(0);
  await keyboard.press('Control+Shift+l');
  await expect(listed(app, 'Sailing club')).toBeFocused();
  await keyboard.press('Control+Shift+u');
  await expect.poll(asked).toBe(1);
  await expect(app.composer).toBeFocused();
  await keyboard.press('Shift+F6');
  await expect(app.row('Anybody at the pier?')).toBeFocused();
  await keyboard.press('r');
  await expect(app.page.getByTestId('reply-bar')).toContainText('Anybody at the pier?');
  await expect(app.composer).toBeFocused();
  await keyboard.press('Escape');
  await expect(app.page.getByTestId('reply-bar')).toHaveCount(0);
  wire.say(direct, 'And you?');
  // The window hears of it after the store.
  await expect(listed(app, 'Eve')).toContainText('1 unread message');
  await keyboard.press('Alt+Shift+ArrowDown');
  await shows('Eve');

  // The switcher, by the keyboard alone: a group by a few letters, a setting, a message.
  const lines = app.page.getByTestId('switcher-line');
  await app.page.keyboard.press('Control+k');
  await expect(app.page.getByTestId('switcher-input')).toBeFocused();
  await expect(lines.first()).toBeVisible();
  const fieldAt = async () => (await app.page.getByTestId('switcher-input').boundingBox())!.y;
  const [height, above] = [await lines.count(), await fieldAt()];
  await app.page.keyboard.type('sail');
  await expect(lines.first()).toContainText('Sailing club');
  // Fewer lines, of which the first may have been there before, and one goes on typing in the same place.
  await expect.poll(() => lines.count()).toBeLessThan(height);
  expect(await fieldAt()).toBe(above);
  await app.page.keyboard.press('Enter');
  await expect(app.page.getByRole('heading', { name: 'Sailing club', level: 1 })).toBeVisible();
  await app.page.keyboard.press('Control+k');
  await app.page.keyboard.type('typing');
  await expect(lines.filter({ hasText: 'Settings' }).first()).toBeVisible();
  await app.page.keyboard.press('Escape');
  await app.page.keyboard.press('Control+k');
  await app.page.keyboard.type('beautif');
  await expect(lines.and(app.page.locator('[data-group="messages"]'))).toHaveCount(1);
  await app.page.keyboard.press('Enter');
  await expect(app.page.getByRole('heading', { name: 'Eve', level: 1 })).toBeVisible();
  await app.sees('the harbour was beautiful');

  // Search everywhere, in one conversation, by filter; what was found leads to its place.
  const hits = app.page.getByTestId('search-hit');
  await app.page.keyboard.press('Control+Shift+f');
  await app.page.getByTestId('search-input').fill('harbour');
  await expect(hits).toHaveCount(3);
  await expect(hits.first().locator('mark')).toHaveText('harbour');
  await expect(app.page.getByTestId('search-total')).toHaveText('3 messages');
  await expect(app.page.getByTestId('search-coverage')).toContainText('This device: everything.');
  await expect(app.page.getByTestId('search-coverage')).toContainText(/Server: everything up to/, {
    timeout: 20_000,
  });
  await app.page.getByTestId('search-has-link').click();
  await expect(hits).toHaveCount(1);
  // The same by typing: what is understood becomes a filter and leaves the text.
  const chips = app.page.getByTestId('search-chip');
  const field = app.page.getByTestId('search-input');
  await app.page.keyboard.press('Control+Shift+f');
  await field.fill('');
  await field.pressSequentially('from:eve in:"Sailing club" harbour');
  await expect(chips).toHaveText(['In Sailing club', 'From Eve']);
  await expect(field).toHaveValue('harbour');
  await expect(hits).toHaveText([/the harbour opens at nine/]);
  await field.pressSequentially(' before:2020-01-01 ');
  await expect(chips).toHaveCount(3);
  await expect(hits).toHaveCount(0);
  await app.page.keyboard.press('Control+Shift+f');
  await expect(chips).toHaveCount(0);
  await field.fill('');
  await field.pressSequentially('has:link harbour');
  await expect(app.page.getByTestId('search-has-link')).toHaveAttribute('aria-pressed', 'true');
  await expect(hits).toHaveText([/example\.org/]);
  await app.page.keyboard.press('Control+f');
  await expect(app.page.getByTestId('search-chip')).toHaveText('In Eve');
  await app.page.getByTestId('search-input').fill('harbour');
  await expect(hits).toHaveCount(2);
  // From hit to hit: by Enter in the field, by keys from the composer, by buttons; each is shown in the conversation.
  const place = app.page.getByTestId('search-total');
  await marked(app.row('example.org'), () => keyboard.press('Enter'));
  await expect(place).toHaveText('1 of 2');
  await app.composer.click();
  await marked(app.row('the harbour was beautiful'), () => keyboard.press('Control+g'));
  await expect(place).toHaveText('2 of 2');
  await keyboard.press('Control+Shift+g');
  await expect(place).toHaveText('1 of 2');
  await app.page.getByTestId('search-older').click();
  await expect(place).toHaveText('2 of 2');
  await expect(app.page.getByTestId('search-older')).toBeDisabled();
  await marked(app.row('example.org'), () => app.page.getByTestId('search-newer').click());
  await expect(place).toHaveText('1 of 2');

  await app.page.getByTestId('search-close').click();

  // In another language at once: its words, its direction, its order of names.
  const { page } = app;
  const speak = async (language: string) => {
    await page.keyboard.press('Control+,');
    await page.getByTestId('settings-language').click();
    await page.getByTestId('language').click();
    await choose(language);
  };
  /** A list that is still closing keeps the keys, and lies over what is below it. */
  const choose = async (name: string) => {
    await page.getByRole('option', { name, exact: true }).click();
    await expect(page.getByRole('listbox')).toHaveCount(0);
  };
  const shut = async () => {
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  };
  const offered = async (...names: string[]) => {
    await page.keyboard.press('Control+n');
    await expect(page.getByTestId('person-option').locator('.picker-name')).toHaveText(names);
    await shut();
  };
  /** Whether the list of conversations is at the left of what one reads. */
  const listFirst = async () =>
    (await listed(app, 'Eve').boundingBox())!.x < (await app.composer.boundingBox())!.x;
  const html = page.locator('html');
  const drawn = (property: string, of: string) =>
    page.locator(of).evaluate((one, name) => getComputedStyle(one).getPropertyValue(name), property);
  /** Of the newest message, in the list; and the day over it. */
  const time = listed(app, 'Eve').locator('time');
  const day = page.getByTestId('timeline').locator('.divider:not(.divider-unread)').first();
  await offered('Eve', 'Ñandú', 'Nzinga');
  expect(await listFirst()).toBe(true);
  await expect(day).toHaveText(/^(Today|Yesterday)$/);
  await expect(time).toHaveText(/^\d{1,2}:\d\d\s[AP]M$|^Yesterday$/);
  await speak('العربية');
  await expect(html).toHaveAttribute('dir', 'rtl');
  await expect(html).toHaveAttribute('lang', 'ar');
  await expect(page.getByRole('heading', { name: 'الإعدادات' })).toBeVisible();
  await shut();
  await expect.poll(listFirst).toBe(false);
  // What stands in an empty field is of that language too.
  await expect.poll(() => drawn('direction', '[data-testid="composer"]')).toBe('rtl');
  await expect(day).toHaveText(/^(اليوم|أمس)$/);
  await expect(time).toHaveText(/^\d{1,2}:\d\d\s[صم]$|^أمس$/);
  await speak('Español');
  await expect(html).toHaveAttribute('dir', 'ltr');
  await shut();
  await offered('Eve', 'Nzinga', 'Ñandú');
  await expect(day).toHaveText(/^(hoy|ayer)$/i);
  await expect(time).toHaveText(/^\d{1,2}:\d\d$|^ayer$/);

  // Another look, at once: dark, and an accent of one's own.
  const ground = () => drawn('background-color', 'body');
  const accent = () => drawn('--ember', 'html');
  // The driver would keep the page light.
  await page.emulateMedia({ colorScheme: null });
  const before = { ground: await ground(), accent: await accent() };
  await page.keyboard.press('Control+,');
  await page.getByTestId('settings-appearance').click();
  await page.getByTestId('theme').click();
  await choose('Oscuro');
  await expect.poll(ground).not.toBe(before.ground);
  const dark = await accent();
  await page.getByTestId('accent').getByRole('radio').nth(2).check({ force: true });
  await expect.poll(accent).not.toBe(dark);
  await page.getByTestId('theme').click();
  await choose('Claro');
  await expect.poll(ground).toBe(before.ground);
  expect(await accent()).not.toBe(before.accent);
  // Closer together, and larger: rows and letters of what is behind the settings.
  const rowHeight = async () => (await listed(app, 'Eve').boundingBox())!.height;
  const letters = async () => Number.parseFloat(await drawn('font-size', 'html'));
  const roomy = { row: await rowHeight(), letters: await letters() };
  await page.getByTestId('density').getByRole('radio').nth(1).check({ force: true });
  await expect.poll(rowHeight).toBeLessThan(roomy.row);
  await page.getByTestId('font-size').press('End');
  await expect.poll(letters).toBeGreaterThan(roomy.letters);
  await page.getByTestId('font-size').press('Home');
  await expect.poll(letters).toBeLessThan(roomy.letters);
  await shut();
  await speak('English');
  await expect(html).toHaveAttribute('lang', 'en');
  // Of what this app is: to be copied, read, and looked into.
  await page.getByTestId('settings-about').click();
  await page.getByTestId('about-copy').click();
  await expect
    .poll(() => app.electron.evaluate(({ clipboard }) => clipboard.readText()))
    .toMatch(/^Matchbook \d.*\nElectron \d.*\nChromium \d/);
  await page.getByTestId('licences').click();
  await expect(page.getByTestId('licence-dialog')).toContainText('react');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('licence-dialog')).toHaveCount(0);
  const told: string[] = [];
  app.electron.process().stdout?.on('data', (chunk) => told.push(String(chunk)));
  await page.getByTestId('show-logs').click();
  await expect.poll(() => told.join('')).toContain(`open: ${join(app.profile, 'logs')}\n`);
  const looked = app.electron.waitForEvent('window');
  await page.getByTestId('settings-diagnostics').click();
  const diagnostics = await looked;
  await expect(diagnostics.getByTestId('link-card').first()).toBeVisible({ timeout: 20_000 });
  await diagnostics.close();
  await shut();
  await page.keyboard.press('Control+f');

  // Without a server the device answers, and says that it was alone.
  await servers.stopBoth();
  await app.page.getByTestId('search-input').fill('harbour nine');
  await expect(hits).toHaveCount(0);
  await app.page.keyboard.press('Control+Shift+f');
  await app.page.getByTestId('search-input').fill('harbour nine');
  await expect(hits).toHaveCount(1);
  await expect(app.page.getByTestId('search-coverage')).toContainText('The server was not searched.', {
    timeout: 20_000,
  });
  await hits.first().click();
  await expect(app.page.getByRole('heading', { name: 'Sailing club', level: 1 })).toBeVisible();
  await app.sees('the harbour opens at nine');
  await app.page.getByTestId('search-close').click();
  await expect(app.page.getByTestId('search-open')).toBeVisible();
});
