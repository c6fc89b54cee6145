import { directConversationId } from '@matchbook/protocol/ids';
import { pause, until } from './fixtures/conditions.ts';
import { LONG, SCALE } from './fixtures/scale.ts';
import { expect, test } from './fixtures/test.ts';
import { faultsOf } from './fixtures/transcript.ts';

/** Rounds of three: each begins with a fresh app, so that its waits between attempts stay those of a person's day. After five they take a minute. */
const ROUNDS = LONG ? 35 : 5;
const KILLS = 3;

test(`I1 I3 I4 I5 I11 I12: relay killed with kill -9 between composing and ack, ${ROUNDS * KILLS} times`, async ({
  servers,
  talking,
  random,
}) => {
  test.setTimeout(420_000 * SCALE);
  const { app, other: bob, peer, conv } = await talking();
  const mine: string[] = [];
  const theirs: string[] = [];
  /** Kills that met a message between composing and ack. */
  let inDoubt = 0;

  for (let round = 0; round < ROUNDS; round++) {
    if (round > 0) await app.restart();
    await app.openConversation(conv);
    await app.live();
    for (let kill = 0; kill < KILLS; kill++) {
      const label = `${round}.${kill}`;
      for (let i = 0; i < 3; i++) {
        const text = `ann ${label}.${i}`;
        mine.push(text);
        await app.say(text);
      }
      const answer = `bob ${label}`;
      theirs.push(answer);
      peer.say(conv, answer);
      await pause(random.between(0, 40));
      await servers.relay.kill9();
      const { waiting } = await app.timeline(conv);
      if (waiting.length > 0) inDoubt += 1;
      // Typing goes on while it is away.
      const away = `ann ${label} while away`;
      mine.push(away);
      await app.say(away);
      await app.sees(away);
      await expect(app.composer).toBeEmpty();
      await expect(app.status).not.toHaveAttribute('data-state', 'live');
      await servers.relay.start();
      await app.drained(conv, 60_000);
      await peer.drained();
    }
  }

  test.info().annotations.push({ type: 'kills between composing and ack', description: String(inDoubt) });
  expect(inDoubt).toBeGreaterThan(0);
  // Its own come back to it after their answers, and the last of all may be anybody's.
  for (const last of [mine.at(-1)!, theirs.at(-1)!]) await peer.sees(conv, last);
  await app.sees(theirs.at(-1)!);
  await until(
    'the app to have all',
    async () => (await app.view(conv)).rows.length >= mine.length + theirs.length,
  );
  const written = [
    { by: 'ann', texts: mine },
    { by: 'bob', texts: theirs },
  ];
  const second = await bob.connectFurtherDevice();
  for (const last of [mine.at(-1)!, theirs.at(-1)!]) await second.sees(conv, last);
  const views = [await app.view(conv), peer.view(conv), second.view(conv)];
  expect(faultsOf(views, written), `MATCHBOOK_E2E_SEED=${random.seed}`).toEqual([]);
  // What the window shows is the end of that, in the same order.
  await expect(async () => {
    const ids = (await app.shown())
      .map(({ id }) => id)
      .filter((id) => views[0]!.rows.some((row) => row.id === id));
    expect(ids.length).toBeGreaterThan(0);
    expect(ids).toEqual(views[0]!.rows.slice(-ids.length).map((row) => row.id));
  }).toPass({ timeout: 15_000 });
});

test('I3 I5 I11 I12: the embedded servers killed one at a time and together; all arrives without a click', async ({
  desktop,
  random,
}) => {
  test.setTimeout(240_000);
  const [ann, bob] = [desktop('ann'), desktop('bob')];
  await ann.start();
  await ann.startHere('Ann');
  const invitation = await ann.copiedInvitation();
  await bob.start();
  await bob.join(invitation, 'Bob');
  const conv = directConversationId((await ann.account()).user, (await bob.account()).user);
  await bob.openConversation(conv);
  await ann.openConversation(conv);
  await Promise.all([ann.live(), bob.live()]);

  const written = { ann: [] as string[], bob: [] as string[] };
  const faults = [['relay'], ['api'], ['relay', 'api'], ['relay', 'api']] as const;
  for (const [i, killed] of faults.entries()) {
    const pids = await ann.embeddedPids();
    for (const [name, app] of Object.entries({ ann, bob }) as ['ann' | 'bob', typeof ann][]) {
      const text = `${name} ${i} before`;
      written[name].push(text);
      await app.say(text);
    }
    await pause(random.between(0, 40));
    for (const name of killed) process.kill(pids[name], 'SIGKILL');
    for (const [name, app] of Object.entries({ ann, bob }) as ['ann' | 'bob', typeof ann][]) {
      const text = `${name} ${i} after`;
      written[name].push(text);
      await app.say(text);
      await app.sees(text);
    }
    await until(
      'the embedded servers to come back',
      async () => {
        const now = await ann.embeddedPids();
        return killed.every((name) => now[name] !== pids[name]);
      },
      { within: 45_000 },
    );
    await Promise.all([ann.drained(conv, 90_000), bob.drained(conv, 90_000)]);
  }
  await ann.sees(written.bob.at(-1)!, 60_000);
  await bob.sees(written.ann.at(-1)!, 60_000);
  const expected = [
    { by: 'ann', texts: written.ann },
    { by: 'bob', texts: written.bob },
  ];
  expect(
    faultsOf([await ann.view(conv), await bob.view(conv)], expected),
    `MATCHBOOK_E2E_SEED=${random.seed}`,
  ).toEqual([]);
});
