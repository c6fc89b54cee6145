import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { directConversationId } from '@matchbook/protocol/ids';
import type { Page } from '@playwright/test';
import { Talk, test } from './fixtures/faulty-test.ts';
import { ForwardProxy, scriptFor, secureFront, trust } from './fixtures/secure-front.ts';
import { expect } from './fixtures/test.ts';

/** Where MATCHBOOK_PICTURES names a folder. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.MATCHBOOK_PICTURES;
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled' });
}

test('I3 I5: the proxy of the system carries everything; one that forbids tunnels leaves HTTP; one that wants a password is answered; one that leads elsewhere gets nothing; one that is gone is named', async ({
  people,
  desktop,
}) => {
  test.setTimeout(300_000);
  const proxy = await ForwardProxy.start();
  try {
    const app = desktop('ann', {
      args: [`--proxy-server=${proxy.address}`, '--proxy-bypass-list=<-loopback>'],
    });
    const talk = await Talk.begin(app, await people('Bob'));
    expect(proxy.requests).toBeGreaterThan(0);
    expect(proxy.tunnels).toBeGreaterThan(0);
    await talk.exchange('by tunnel');

    proxy.refuse = 403;
    proxy.cut();
    await expect(app.status).toHaveText('Up to date; WebSockets are blocked here', { timeout: 60_000 });
    await talk.exchange('by requests');

    proxy.refuse = null;
    await expect(app.status).toHaveText('Up to date', { timeout: 90_000 });
    await talk.exchange('by tunnel again');
    expect(await talk.faults()).toEqual([]);

    await test.step('one that wants a password: asked once, told what was wrong, and left alone who will not', async () => {
      proxy.wants = 'ann:right';
      proxy.cut();
      const dialog = app.page.getByTestId('proxy-dialog');
      await expect(dialog).toContainText(proxy.address.replace('http://', ''), { timeout: 60_000 });
      await expect(dialog).toContainText('Office');
      await picture(app.page, 'proxy-asks');
      await app.page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
      await expect(app.status).toHaveText('The proxy of this network wants a user name and a password.', {
        timeout: 30_000,
      });
      await app.page.getByTestId('reconnect').click();
      await expect(dialog).toBeVisible({ timeout: 30_000 });
      await app.page.getByTestId('proxy-user').fill('ann');
      await app.page.getByTestId('proxy-password').fill('wrong');
      await app.page.keyboard.press('Enter');
      await expect(dialog).toContainText('did not take these');
      await picture(app.page, 'proxy-wrong');
      await app.page.getByTestId('proxy-password').fill('right');
      await app.page.getByTestId('proxy-submit').click();
      await expect(dialog).toBeHidden();
      await expect(app.status).toHaveText('Up to date', { timeout: 30_000 });
      await talk.exchange('with a password');
      expect(new Set(proxy.given)).toEqual(new Set(['ann:wrong', 'ann:right']));
    });

    await test.step('a network that leads everything elsewhere: told, and neither token nor body go there', async () => {
      const asked: string[] = [];
      const elsewhere = createServer((request, response) => {
        asked.push(`${request.method} ${request.url}`);
        response.end('<h1>Welcome</h1>');
      });
      elsewhere.on('upgrade', (request, socket) => {
        asked.push(`upgrade ${request.url}`);
        socket.destroy();
      });
      await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
      const { port } = elsewhere.address() as AddressInfo;
      try {
        for (const status of [302, 308]) {
          proxy.leadsTo = { status, place: `http://127.0.0.1:${port}/welcome` };
          proxy.cut();
          await talk.mySay(`said behind a ${status}.`);
          await expect(app.status).toHaveText(/^Something else answers at the server/, {
            timeout: 60_000,
          });
          await picture(app.page, 'elsewhere');
          proxy.leadsTo = null;
          // Without a click.
          await expect(app.status).toHaveText('Up to date', { timeout: 60_000 });
          await talk.settled();
        }
        expect(asked).toEqual([]);
      } finally {
        elsewhere.closeAllConnections();
        elsewhere.close();
      }
    });
    expect(await talk.faults()).toEqual([]);

    proxy.close();
    await expect(app.status).toHaveText('The proxy that this computer is set to use does not answer.', {
      timeout: 60_000,
    });
  } finally {
    proxy.close();
  }
});

test('a certificate that is not trusted is named, where one joins and where one is connected, and not accepted; of an authority that the system trusts it works, by IPv4 where the name’s IPv6 leads nowhere; one that runs out is named, and mended without a click', async ({
  folder,
  people,
  desktop,
  servers,
  way,
}) => {
  const front = await secureFront(join(folder, 'front'), () => Number(new URL(servers.relayUrl).port));
  const api = await secureFront(join(folder, 'front-api'), () => Number(new URL(servers.apiUrl).port));
  try {
    const bob = await people('Bob');
    const home = join(folder, 'home');
    const app = await desktop('ann', { env: { HOME: home } }).start();
    await app.page.getByTestId('have-invitation').click();
    const link = await bob.invitationLink();
    const secret = JSON.parse(Buffer.from(link.split('/').at(-1)!, 'base64url').toString()).secret;
    const secure = { v: 1, api: `https://127.0.0.1:${api.port}`, secret };
    await app.page
      .getByTestId('invitation-input')
      .fill(`matchbook://join/${Buffer.from(JSON.stringify(secure)).toString('base64url')}`);
    const sentence = /certificate is signed by an authority that this computer does not trust/;
    await expect(app.page.getByText(sentence)).toBeVisible();
    await app.page.getByTestId('invitation-input').fill(link);
    await app.page.getByTestId('name-input').fill('Ann');
    await app.page.getByTestId('join-submit').click();
    await expect(app.status).toHaveText('Up to date', { timeout: 45_000 });

    // The relay's address is from now on one with such a certificate.
    await app.stop();
    await app.edit('settings.json', (text) => text.replaceAll(way.ws, `wss://127.0.0.1:${front.port}/ws`));
    await app.start();
    await expect(app.status).toHaveText(sentence, { timeout: 45_000 });
    await expect(app.page.getByTestId('reconnect')).toBeVisible();
    if (process.env.MATCHBOOK_PICTURES)
      await app.page.screenshot({ path: `${process.env.MATCHBOOK_PICTURES}/certificate-light.png` });

    // The system trusts the authorities of both from now on: sockets and requests take them.
    await app.stop();
    trust(home, [front.authority, api.authority]);
    // Of this name Chromium knows ::1 first, where nobody listens.
    await app.edit('settings.json', (text) =>
      text
        .replaceAll(servers.apiUrl, `https://localhost:${api.port}`)
        .replaceAll(`wss://127.0.0.1:${front.port}`, `wss://localhost:${front.port}`),
    );
    await app.start();
    await expect(app.status).toHaveText('Up to date', { timeout: 45_000 });
    const peer = await bob.connect();
    const conv = directConversationId((await app.account()).user, bob.user);
    await app.openConversation(conv);
    await app.say('by a private authority');
    await peer.sees(conv, 'by a private authority');

    for (const one of [front, api]) one.expire(true);
    await app.say('while it is out of date');
    await expect(app.status).toHaveText(/certificate is not valid at this time/, { timeout: 60_000 });
    await picture(app.page, 'certificate-expired');
    for (const one of [front, api]) one.expire(false);
    await expect(app.status).toHaveText('Up to date', { timeout: 90_000 });
    await peer.sees(conv, 'while it is out of date');
  } finally {
    front.close();
    api.close();
  }
});

test('a proxy that a script chooses carries what only it can reach, also where it wants a password', async ({
  people,
  desktop,
  servers,
  way,
}) => {
  const proxy = await ForwardProxy.start();
  const app = desktop('ann', { args: [`--proxy-pac-url=${scriptFor('matchbook.test', proxy.address)}`] });
  try {
    const talk = await Talk.begin(app, await people('Bob'));
    await app.stop();
    expect(proxy.requests + proxy.tunnels).toBe(0);
    // No name service knows this host: the way to it leads through the proxy alone.
    await app.edit('settings.json', (text) =>
      text
        .replaceAll(way.ws, way.ws.replace('127.0.0.1', 'matchbook.test'))
        .replaceAll(servers.apiUrl, servers.apiUrl.replace('127.0.0.1', 'matchbook.test')),
    );
    await app.start();
    await app.openConversation(talk.conv);
    await app.live();
    await talk.exchange('by a script');
    expect(proxy.tunnels).toBeGreaterThan(0);
    expect(proxy.requests).toBeGreaterThan(0);

    proxy.wants = 'ann:right';
    proxy.cut();
    await expect(app.page.getByTestId('proxy-dialog')).toBeVisible({ timeout: 60_000 });
    await app.page.getByTestId('proxy-user').fill('ann');
    await app.page.getByTestId('proxy-password').fill('right');
    await app.page.getByTestId('proxy-submit').click();
    await expect(app.status).toHaveText('Up to date', { timeout: 30_000 });
    await talk.exchange('by a script, with a password');
    expect(new Set(proxy.given)).toEqual(new Set(['ann:right']));

    await test.step('another process of the network goes the same way, and is asked for the password by nobody', async () => {
      await app.loseNetwork();
      await talk.exchange('on another network');
      const { account } = await app.account();
      await expect
        .poll(() =>
          app.call('account.devices', { account }).then(
            (devices) => devices.length,
            () => 0,
          ),
        )
        .toBeGreaterThan(0);
      await expect(app.page.getByTestId('proxy-dialog')).toBeHidden();
    });

    await test.step('servers that are not told to answer to the name they are asked by: said, tried again, and mended without a click', async () => {
      proxy.names = 'chat.example';
      proxy.cut();
      await talk.mySay('under another name.');
      await expect(app.status).toHaveText(/has to add the name to RELAY_HOSTS and API_HOSTS/, {
        timeout: 60_000,
      });
      await expect(app.page.getByTestId('refused-card')).toHaveAttribute('data-why', 'host_unknown');
      await picture(app.page, 'host-unknown');
      proxy.names = null;
      await expect(app.status).toHaveText('Up to date', { timeout: 90_000 });
      await talk.settled();
    });
    expect(await talk.faults()).toEqual([]);
  } finally {
    proxy.close();
  }
});
