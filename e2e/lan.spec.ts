import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:https';
import { directConversationId } from '@matchbook/protocol/ids';
import { formatInvitation, parseInvitation } from '@matchbook/protocol/invitation';
import { makeCertificate } from '../main/trust/certificate.ts';
import { pinOf } from '../main/trust/pin.ts';
import { until } from './fixtures/conditions.ts';
import { expect, test } from './fixtures/test.ts';

test('I3 I5: people on other computers are let in by a switch, know the server by its key, find it at a new address, and talk to nobody who has another key', async ({
  desktop,
}) => {
  const [ann, bob] = [desktop('ann'), desktop('bob')];
  await ann.start();
  await ann.startHere('Ann');

  // The first link leads to this computer alone, and says so beside the switch.
  expect(parseInvitation(await ann.copiedInvitation())).not.toHaveProperty('pin');
  await ann.page.getByTestId('invitation-open').first().click();
  const reach = ann.page.getByTestId('invitation-dialog').getByTestId('invitation-reach');
  await expect(reach).toContainText('on this computer alone');
  await reach.getByTestId('invitation-let-in').click();
  await expect(reach).toContainText('Whoever joins is shown these words');
  const lan = async () => (await ann.state()).embedded!.lan;
  await expect.poll(async () => (await lan()).front?.state, { timeout: 30_000 }).toBe('running');
  const { words, port } = await lan();
  await expect(reach).toContainText(words!);
  await ann.live();

  // A machine that is on no network has an address that one writes.
  if ((await lan()).address === null) await ann.call('lan.choose', { on: true, address: '127.0.0.1' });
  const link = await until('a link for others', async () => {
    const value = await ann.page.getByTestId('invitation-dialog').getByTestId('invitation-link').inputValue();
    return parseInvitation(value)?.pin === undefined ? undefined : value;
  });
  const { address } = await lan();
  expect(parseInvitation(link)).toMatchObject({ api: `https://${address}:${port}` });
  await ann.page.keyboard.press('Escape');

  await bob.start();
  // Who asks there without knowing the key is told that it is nobody's; what was found then does not stand in the way of the invitation.
  await expect(bob.call('account.lookUp', { server: `https://${address}:${port}` })).rejects.toThrow(
    /certificate_untrusted/,
  );
  await bob.page.getByTestId('have-invitation').click();
  await bob.page.getByTestId('invitation-input').fill(link);
  await expect(bob.page.getByTestId('join-words')).toContainText(words!);
  await bob.page.getByTestId('name-input').fill('Bob');
  await bob.page.getByTestId('join-submit').click();
  await expect(bob.composer).toBeVisible({ timeout: 45_000 });
  await bob.page.getByTestId('recovery-done').click();
  const { user } = await bob.account();
  const conv = directConversationId(user, (await ann.account()).user);
  await ann.openConversation(conv);
  await bob.openConversation(conv);
  await bob.say('from another computer');
  await ann.sees('from another computer');
  await ann.say('welcome');
  await bob.sees('welcome');
  await ann.reached('welcome', 'read');

  // The address is another one: a look at any new invitation is enough.
  await ann.page.getByTestId('settings-open').click();
  await ann.page.getByTestId('settings-accounts').click();
  await ann.page.getByTestId('lan-address').click();
  await ann.page.getByRole('option', { name: 'Another address' }).click();
  await ann.page.getByTestId('lan-written').fill('local host');
  await ann.page.getByTestId('lan-written').press('Enter');
  await expect(ann.page.getByTestId('lan-written')).toHaveAccessibleDescription(
    /not the address of a server/,
  );
  await ann.page.getByTestId('lan-written').fill('localhost');
  await ann.page.getByTestId('lan-written').press('Enter');
  await expect(ann.page.getByTestId('lan-written')).toBeHidden();
  await ann.page.keyboard.press('Escape');
  const next = await ann.copiedInvitation();
  expect(parseInvitation(next)?.api).toBe(`https://localhost:${port}`);
  const { accounts } = await bob.call('account.preview', { invitation: next });
  const { account } = await bob.account();
  expect(accounts).toEqual([account]);
  expect((await bob.account()).api).toBe(`https://localhost:${port}`);
  await bob.live();
  await bob.say('by the new address');
  await ann.sees('by the new address');

  // Nobody is let in any more; then somebody else stands at that port.
  await ann.call('lan.choose', { on: false, address: null });
  await until('the end of the line', async () => (await bob.session()).kind !== 'live');
  await bob.say('kept for Ann');
  const heard: string[] = [];
  const { key, certificate } = await makeCertificate(Date.now());
  const stranger = createServer({ key, cert: certificate }, (request, response) => {
    heard.push(request.url ?? '');
    response.end('{}');
  }).on('upgrade', (request, socket) => {
    heard.push(request.url ?? '');
    socket.destroy();
  });
  await until(
    'the port',
    () =>
      new Promise<boolean>((resolve) => {
        stranger.once('error', () => resolve(false));
        stranger.listen(port!, () => resolve(true));
      }),
  );
  // As where a connection ends while its certificate is judged: Chromium goes by what it found itself.
  await bob.electron.evaluate(({ webContents }) => {
    const host = webContents.getAllWebContents().find((one) => one.getURL().includes('session-host'));
    host?.session.setCertificateVerifyProc((_shown, answer) => answer(-3));
  });
  // An invitation of theirs names their key; the account at that address knows another one.
  const pin = pinOf(new X509Certificate(certificate));
  const theirs = formatInvitation({ api: `https://localhost:${port}`, pin, secret: 'x'.repeat(43) });
  await expect(bob.call('account.preview', { invitation: theirs })).rejects.toThrow(/certificate_other_key/);
  try {
    await bob.call('session.reconnect', { account });
    await expect(bob.status).toHaveText(/shows another key/, { timeout: 45_000 });
    expect(heard).toEqual([]);
  } finally {
    stranger.close();
  }
  await ann.call('lan.choose', { on: true, address: 'localhost' });
  await bob.call('session.reconnect', { account });
  await ann.sees('kept for Ann', 60_000);

  // A key that cannot be read keeps others out, and nobody from their own servers.
  await ann.stop();
  let whole = '';
  await ann.edit('servers/front.json', (text) => {
    whole = text;
    return '{';
  });
  await ann.start();
  await ann.live();
  await expect
    .poll(lan)
    .toMatchObject({ front: null, keyTrouble: { path: expect.stringMatching(/front\.json$/) } });
  await ann.edit('servers/front.json', () => whole);
  await ann.call('lan.choose', { on: true, address: null });
  await expect.poll(async () => (await lan()).front?.state, { timeout: 30_000 }).toBe('running');
  await expect.poll(async () => (await lan()).keyTrouble).toBeNull();
});
