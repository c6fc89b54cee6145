/** An app in a long conversation with pictures, from whose newest message somebody has begun to scroll. */
import { bodyOf } from '@matchbook/protocol/message-body';
import type { Desktop } from '../../e2e/fixtures/desktop.ts';
import type { Person } from '../../e2e/fixtures/person.ts';
import type { Servers } from '../../e2e/fixtures/servers.ts';
import { fillHistory } from './full-history.ts';
import { broughtPictures } from './pictures.ts';

const PICTURES = 24;

export const TIMELINE = '[data-testid="timeline"]';

export async function longConversation(
  fixtures: {
    servers: Servers;
    people: (name: string) => Promise<Person>;
    desktop: (name: string) => Desktop;
  },
  messages: number,
): Promise<Desktop> {
  const { servers, people, desktop } = fixtures;
  const bob = await people('Bob');
  const app = await desktop('ann').start();
  await app.join(await bob.invitationLink(), 'Ann');
  await app.live();
  const { account, user, device } = await app.account();
  await app.stop();
  const pictures = await broughtPictures(servers.apiUrl, bob.token, PICTURES);
  // Whoever was sent a picture may see it.
  const peer = await bob.connect();
  const sent = await peer.openDirect(user);
  peer.append(sent, { kind: 'message', id: 'pictures', body: bodyOf({ text: 'pictures', files: pictures }) });
  await peer.drained();
  const conversations = new Map([['long', messages]]);
  await fillHistory({ profile: app.profile, identity: { account, user, device }, conversations, pictures });
  await app.start();
  await app.openConversation('long');
  await app.rows.first().waitFor();
  // It begins where reading was left: the newest is at the other end. A wheel leaves it.
  await app.page.getByTestId('new-messages').click();
  await app.sees(`${messages + 1}`);
  await app.page.getByTestId('timeline').hover();
  await app.page.mouse.wheel(0, -600);
  await app.page.getByTestId('new-messages').waitFor();
  return app;
}
