import decodeQR from 'qr/decode.js';
import sharp from 'sharp';
import type { Desktop } from './fixtures/desktop.ts';
import { expect, test } from './fixtures/test.ts';

const listed = (app: Desktop, name: string) =>
  app.page
    .getByTestId('conversation-row')
    .filter({ has: app.page.locator('.conversation-title bdi', { hasText: new RegExp(`^${name}$`) }) });
const member = (app: Desktop, name: string) => app.page.getByTestId('member').filter({ hasText: name });

async function openInfo(app: Desktop): Promise<void> {
  await app.page.getByTestId('info-open').click();
  await expect(app.page.getByTestId('info')).toBeVisible();
}

test('three people: a group is made, joined by its link, renamed by an admin, left and taken from', async ({
  desktop,
}) => {
  const [ann, bob, cy] = [desktop('ann'), desktop('bob'), desktop('cy')];
  await ann.start();
  await ann.startHere('Ann');
  const invitation = await ann.copiedInvitation();
  await bob.start();
  await bob.join(invitation, 'Bob');

  // Ann makes a group with Bob, by the keyboard alone once the dialog is open.
  await expect(listed(ann, 'Bob')).toBeVisible({ timeout: 20_000 });
  await ann.page.getByTestId('new-open').click();
  await ann.page.getByTestId('new-group-open').click();
  await ann.page.getByTestId('group-create').click();
  await expect(ann.page.getByRole('alert')).toHaveText('Please give the group a name.');
  await ann.page.getByTestId('group-name').fill('Picnic');
  await ann.page.getByTestId('person-search').fill('bo');
  await expect(ann.page.getByTestId('person-option')).toHaveText([/Bob/]);
  await ann.page.keyboard.press('Enter');
  await expect(ann.page.getByTestId('new-group').getByText('1 person chosen')).toBeVisible();
  await ann.page.getByTestId('group-create').click();
  await expect(ann.page.getByRole('heading', { name: 'Picnic', level: 1 })).toBeVisible();
  await ann.say('Who brings what?');
  await listed(bob, 'Picnic').click();
  await bob.sees('Who brings what?');

  // All of it are called at once: in a word of its own, counted where it is not open.
  await listed(bob, 'Ann').click();
  await ann.composer.pressSequentially('@all');
  await expect(ann.page.getByRole('option', { name: 'Everyone' })).toBeVisible();
  await ann.page.keyboard.press('Enter');
  await expect(ann.composer).toHaveValue('@Everyone ');
  await ann.page.keyboard.type('come at ten');
  await ann.page.keyboard.press('Enter');
  await expect(ann.row('come at ten').getByTestId('mention-everyone')).toHaveText('@Everyone');
  await expect(listed(bob, 'Picnic').getByTestId('mentions')).toBeVisible({ timeout: 20_000 });
  await expect(listed(ann, 'Picnic').getByTestId('mentions')).toHaveCount(0);
  await listed(bob, 'Picnic').click();
  await expect(bob.row('come at ten').getByTestId('mention-everyone')).toHaveText('@Everyone');
  await expect(listed(bob, 'Picnic').getByTestId('mentions')).toHaveCount(0, { timeout: 20_000 });

  // What was said there goes on to two conversations at once, with who said it.
  await ann.row('come at ten').hover();
  await ann.row('come at ten').getByTestId('message-menu').click();
  await ann.page.getByTestId('message-forward').click();
  const [self] = (await ann.conversations()).filter((row) => row.self);
  const [toBob] = (await ann.conversations()).filter((row) => row.form === 'direct' && !row.self);
  for (const { conv } of [self!, toBob!])
    await ann.page.locator(`[data-testid="forward-to"][data-conv="${conv}"]`).check();
  await ann.page.getByTestId('forward-send').click();
  await expect(ann.page.getByTestId('forward-dialog')).toBeHidden();
  await expect(ann.page.getByRole('heading', { name: 'Picnic', level: 1 })).toBeVisible();
  await listed(bob, 'Ann').click();
  await expect(bob.row('come at ten').getByTestId('forwarded')).toHaveText('Forwarded from Ann');
  await listed(bob, 'Picnic').click();
  await expect
    .poll(async () => (await ann.timeline(self!.conv)).rows.filter(({ kind }) => kind === 'message').length)
    .toBe(1);

  // Cy comes by a link into the group, which the server gives out; Ann sees them and makes them an admin.
  await openInfo(ann);
  await ann.page.getByTestId('info-invites').click();
  await ann.page.getByTestId('invite-make').click();
  const link = await ann.page.getByTestId('invite-link').inputValue();
  // As the camera of a phone reads it from the screen.
  const code = await ann.page
    .getByRole('img', { name: 'QR code of the invitation link' })
    .screenshot({ animations: 'disabled' });
  const { data, info } = await sharp(code).raw().toBuffer({ resolveWithObject: true });
  expect(decodeQR({ width: info.width, height: info.height, data })).toBe(link);
  await expect(ann.page.getByTestId('invite-living')).toHaveCount(1);
  await cy.start();
  await cy.page.getByTestId('have-invitation').click();
  await cy.page.getByTestId('invitation-input').fill(link);
  await expect(cy.page.getByText(/Picnic/)).toBeVisible({ timeout: 20_000 });
  await cy.page.getByTestId('name-input').fill('Cy');
  await cy.page.getByTestId('join-submit').click();
  await expect(cy.composer).toBeVisible({ timeout: 45_000 });
  await cy.page.getByTestId('recovery-done').click();
  await listed(cy, 'Picnic').click();
  await ann.page.getByTestId('info-members').click();
  await expect(member(ann, 'Cy')).toBeVisible({ timeout: 20_000 });
  await expect(ann.page.getByTestId('system-line').last()).toHaveText('Cy joined.');
  await member(ann, 'Cy').getByTestId('member-menu').click();
  await ann.page.getByTestId('member-role-admin').click();
  await expect(member(ann, 'Cy').getByTestId('member-note')).toHaveText('Admin', { timeout: 20_000 });

  // All three give it a name at once: all see all three of them, in one order, and the last one in force.
  await member(ann, 'Bob').getByTestId('member-menu').click();
  await ann.page.getByTestId('member-role-admin').click();
  const three = [ann, bob, cy];
  for (const app of three) {
    if (app !== ann) await openInfo(app);
    await app.page.getByTestId('group-edit').click({ timeout: 20_000 });
    await app.page.getByTestId('group-rename').fill(`Lunch of ${app.name}`);
  }
  await Promise.all(three.map((app) => app.page.getByTestId('group-save').click()));
  const named: string[][] = [];
  for (const app of three) {
    const lines = app.page.getByTestId('system-line').filter({ hasText: 'Lunch of' });
    await expect(lines).toHaveCount(3, { timeout: 20_000 });
    const names = (await lines.allTextContents()).map((line) => /Lunch of \w+/.exec(line)![0]);
    await expect(app.page.getByRole('heading', { level: 1 })).toHaveText(names[2]!);
    await expect(listed(app, names[2]!)).toBeVisible();
    named.push(names);
  }
  expect(named[1]).toEqual(named[0]);
  expect(named[2]).toEqual(named[0]);
  expect([...named[0]!].sort()).toEqual(['Lunch of ann', 'Lunch of bob', 'Lunch of cy']);

  // Cy, now an admin, renames it and says what it is for.
  await cy.page.getByTestId('group-edit').click();
  await cy.page.getByTestId('group-rename').fill('Picnic on Sunday');
  await cy.page.getByTestId('group-describe').fill('By the lake, if it does not rain.');
  await cy.page.getByTestId('group-save').click();
  for (const app of [ann, bob])
    await expect(listed(app, 'Picnic on Sunday')).toBeVisible({ timeout: 20_000 });
  await expect(ann.page.getByTestId('group-description')).toHaveText('By the lake, if it does not rain.');

  // It has a picture, which all see, another one, and none.
  const pictured = listed(ann, 'Picnic on Sunday').getByTestId('avatar-picture');
  const seen: (string | null)[] = [];
  for (const background of ['#2a7', '#a27']) {
    const buffer = await sharp({ create: { width: 200, height: 200, channels: 3, background } })
      .png()
      .toBuffer();
    const face = { name: 'face.png', mimeType: 'image/png', buffer };
    await cy.page.getByTestId('picture-input').setInputFiles(face);
    await cy.page.getByTestId('square-use').click();
    await expect(pictured).toBeVisible({ timeout: 20_000 });
    if (seen.length > 0) await expect(pictured).not.toHaveAttribute('src', seen[0]!, { timeout: 20_000 });
    seen.push(await pictured.getAttribute('src'));
  }
  await cy.page.getByTestId('picture-remove').click();
  await expect(pictured).toHaveCount(0, { timeout: 20_000 });
  // The server within Ann's app has read both, with nothing that quarrels with what its windows are drawn with.
  const told = ann.logs().find(([file]) => file === 'ann-api.log')?.[1];
  expect(told).toContain('listening');
  expect(told).not.toMatch(/GLib|has no smaller one/);

  // A link that was taken back is worth nothing, and says so.
  await ann.page.getByTestId('info-invites').click();
  await ann.page.getByTestId('invite-make').click();
  const taken = await ann.page.getByTestId('invite-link').inputValue();
  await ann.page.getByTestId('invite-revoke').click();
  await expect(ann.page.getByTestId('invite-living')).toHaveCount(0, { timeout: 20_000 });
  await expect(cy.call('account.preview', { invitation: taken })).rejects.toThrow(/invitation_invalid/);
  await ann.page.getByTestId('info-members').click();

  // What somebody said is shown to the admin of the server, with why; who did it is told so.
  await cy.say('Buy my watches!');
  await bob.sees('Buy my watches!');
  await bob.row('Buy my watches!').hover();
  await bob.row('Buy my watches!').getByTestId('message-menu').click();
  await bob.page.getByTestId('message-report').click();
  await bob.page.getByTestId('report-send').click();
  await expect(bob.page.getByRole('alert')).toHaveText('Please say what is wrong with it.');
  await bob.page.getByTestId('report-reason').fill('It is an advertisement.');
  await bob.page.getByTestId('report-send').click();
  await expect(bob.page.getByTestId('report-sent')).toBeVisible({ timeout: 20_000 });
  await bob.page.keyboard.press('Escape');
  await ann.page.keyboard.press('Control+,');
  await ann.page.getByTestId('settings-server').click();
  await ann.page.getByTestId('server-reports').click();
  const report = ann.page.getByTestId('server-report');
  await expect(report).toContainText('Reported by Bob');
  await expect(report).toContainText('It is an advertisement.');
  await expect(report.locator('[data-reported]')).toContainText(/Cy.*Buy my watches!/s);
  await ann.page.getByTestId('server-report-close').click();
  await expect(report).toHaveCount(0);
  await expect(ann.page.getByText('Nothing was reported.')).toBeVisible();
  await ann.page.keyboard.press('Escape');
  await expect(ann.page.getByTestId('settings')).toBeHidden();

  // An owner who is the last one cannot leave, and is told what to do; whom they remove is out.
  await expect(ann.page.getByTestId('group-leave')).toBeDisabled();
  await expect(ann.page.getByTestId('last-owner')).toContainText('last owner');
  await member(ann, 'Bob').getByTestId('member-menu').click();
  await ann.page.getByTestId('member-remove').click();
  await ann.page.getByTestId('confirm-remove-confirm').click();
  await expect(member(ann, 'Bob')).toHaveCount(0, { timeout: 20_000 });
  await expect(bob.composer).toHaveCount(0, { timeout: 20_000 });

  // With another owner Ann may go.
  await member(ann, 'Cy').getByTestId('member-menu').click();
  await ann.page.getByTestId('member-role-owner').click();
  await expect(ann.page.getByTestId('group-leave')).toBeEnabled({ timeout: 20_000 });
  await ann.page.getByTestId('group-leave').click();
  await ann.page.getByTestId('confirm-leave-confirm').click();
  await expect(ann.composer).toHaveCount(0, { timeout: 20_000 });
  await expect(member(cy, 'Ann')).toHaveCount(0, { timeout: 20_000 });

  // Nobody writes to who blocked them: Bob's message fails with words, and goes once he is let in again.
  await listed(ann, 'Bob').click();
  await ann.page.getByTestId('person-block').click();
  await ann.page.getByTestId('confirm-block-confirm').click();
  await expect(ann.page.getByTestId('person-blocked')).toBeVisible({ timeout: 20_000 });
  await listed(bob, 'Ann').click();
  await bob.say('Are you cross?');
  await expect(bob.row('Are you cross?')).toHaveAttribute('data-delivery', 'failed', { timeout: 20_000 });
  // The conversation itself says so too.
  await ann.page.getByTestId('blocked-undo').click();
  await expect(ann.page.getByTestId('person-block')).toBeVisible({ timeout: 20_000 });
  await bob.row('Are you cross?').getByRole('button', { name: 'Try again' }).click();
  await ann.sees('Are you cross?');
});
