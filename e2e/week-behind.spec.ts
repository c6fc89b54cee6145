import { until } from './fixtures/conditions.ts';
import { request } from './fixtures/person.ts';
import { expect, test } from './fixtures/test.ts';

const CONVERSATIONS = 200;
const MESSAGES = 50;
const BATCH = 64;

test('P10: a device that missed 10,000 entries in 200 conversations is live before it has them, and what is opened is whole at once', async ({
  servers,
  people,
  desktop,
}, testInfo) => {
  test.setTimeout(400_000);
  const bob = await people('Bob');
  const app = await desktop('ann').start();
  await app.join(await bob.invitationLink(), 'Ann');
  const ann = (await app.account()).user;
  await app.live();
  await app.stop();

  const items: object[] = [];
  const conv = (c: number) => `group-${c}`;
  for (let c = 0; c < CONVERSATIONS; c++) {
    items.push({
      id: `create-${c}`,
      kind: 'create',
      sender: bob.user,
      conv: conv(c),
      form: 'group',
      members: [bob.user, ann],
    });
    for (let k = 0; k < MESSAGES; k++)
      items.push({
        ...{ id: `m-${c}-${k}`, kind: 'message', sender: bob.user, conv: conv(c) },
        body: { type: 'text/plain', text: `message ${k} of ${c}` },
      });
  }
  const relay = servers.relayUrl.replace('ws:', 'http:').replace('/ws', '');
  for (let i = 0; i < items.length; i += BATCH) {
    const { status } = await request(`${relay}/internal/append`, {
      token: servers.serviceSecret,
      body: { items: items.slice(i, i + BATCH) },
    });
    expect(status).toBe(200);
  }

  const begun = performance.now();
  await app.start();
  await app.live();
  const live = performance.now();
  const opened = conv(7);
  await until('the list to have them all', async () => (await app.conversations()).length >= CONVERSATIONS);
  const listed = performance.now();
  await app.openConversation(opened);
  // Who opens it while it comes is at the newest, who opens it afterwards at the first that is unread: by the machine it is this or that.
  await expect(app.rows.filter({ hasText: ' of 7' }).first()).toBeVisible({ timeout: 30_000 });
  await until('the open conversation to be whole', async () => {
    const { rows, holes } = await app.timeline(opened);
    return holes.length === 0 && rows.filter(({ kind }) => kind === 'message').length === MESSAGES;
  });
  const whole = performance.now();
  testInfo.annotations.push({
    type: 'times',
    description: `start to live ${Math.round(live - begun)} ms, to the whole list ${Math.round(listed - live)} ms, opened to whole ${Math.round(whole - listed)} ms`,
  });
  // The rest comes without anybody asking for it.
  await until(
    'everything to be there',
    async () => {
      for (const c of [0, 100, CONVERSATIONS - 1])
        if ((await app.timeline(conv(c))).holes.length > 0) return false;
      return true;
    },
    { within: 240_000 },
  );
});
