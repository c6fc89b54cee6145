/** 10,000 missed messages in 200 conversations: when one can type, when the open conversation is whole, when all is there, and the longest frame meanwhile. */
import { until } from '../../e2e/fixtures/conditions.ts';
import { request } from '../../e2e/fixtures/person.ts';
import { test } from '../../e2e/fixtures/test.ts';
import { report, round } from './figures.ts';
import { profiled } from './profiles.ts';

const CONVERSATIONS = 200;
const MESSAGES = 50;
const BATCH = 64;

test('behind', async ({ servers, people, desktop }) => {
  const bob = await people('Bob');
  const app = await desktop('ann').start();
  await app.join(await bob.invitationLink(), 'Ann');
  const { user, account } = await app.account();
  await app.live();
  const conv = (c: number) => `group-${c}`;
  const append = async (items: object[]) => {
    const relay = servers.relayUrl.replace('ws:', 'http:').replace('/ws', '');
    for (let i = 0; i < items.length; i += BATCH)
      await request(`${relay}/internal/append`, {
        token: servers.serviceSecret,
        body: { items: items.slice(i, i + BATCH) },
      });
  };
  const named = { form: 'group', members: [bob.user, user] };
  const all = Array.from({ length: CONVERSATIONS }, (_, c) => c);
  await append(
    all.map((c) => ({ id: `create-${c}`, kind: 'create', sender: bob.user, conv: conv(c), ...named })),
  );
  await until('the conversations', async () => (await app.conversations()).length >= CONVERSATIONS);
  await app.openConversation(conv(7));
  await app.stop();
  const said = (c: number, k: number) => ({
    ...{ id: `m-${c}-${k}`, kind: 'message', sender: bob.user, conv: conv(c) },
    body: { type: 'text/plain', text: `message ${k} of ${c}, as long as messages are` },
  });
  await append(all.flatMap((c) => Array.from({ length: MESSAGES }, (_, k) => said(c, k))));

  await servers.relay.stop();
  await app.start();
  await app.openConversation(conv(7));
  await app.page.evaluate(() => {
    const frames: number[] = [];
    (globalThis as unknown as { frames: number[] }).frames = frames;
    let last = performance.now();
    const look = (now: number) => {
      frames.push(now - last);
      last = now;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await servers.relay.start();
  await app.call('session.reconnect', { account });
  await app.live();
  const live = performance.now();
  const profilesEnd = await profiled(app);
  await app.say('typed as soon as it was there');
  await app.reached('typed as soon as', 'sent');
  const sent = performance.now();
  await until(
    'the open conversation',
    async () => {
      const { rows, holes } = await app.timeline(conv(7));
      return holes.length === 0 && rows.filter(({ kind }) => kind === 'message').length > MESSAGES;
    },
    { every: 20 },
  );
  const whole = performance.now();
  // Each is looked at until it is whole, and not again: looking costs too.
  const left = new Set(all);
  await until(
    'everything',
    async () => {
      for (const c of left) {
        if ((await app.timeline(conv(c))).holes.length > 0) return false;
        left.delete(c);
      }
      return true;
    },
    { within: 300_000, every: 50 },
  );
  const everything = performance.now();
  await profilesEnd();
  const frames = await app.page.evaluate(() => (globalThis as unknown as { frames: number[] }).frames);
  report('behind', {
    sentAfterMs: round(sent - live),
    openWholeAfterMs: round(whole - live),
    allAfterMs: round(everything - live),
    longestFrameMs: round(Math.max(...frames.slice(1))),
    framesOver100: frames.filter((ms) => ms > 100).length,
    asked: 'sent 300, whole 1,000, all 10,000, no frame over 100',
  });
});
