import { pause, until } from './fixtures/conditions.ts';
import { LONG } from './fixtures/scale.ts';
import { expect, test } from './fixtures/test.ts';
import { faultsOf } from './fixtures/transcript.ts';

/** The absence, and the bound that the product promises. */
const AWAY = LONG ? 600_000 : 30_000;
const BACK = 120_000;
/** Attempts until the app calls itself offline and only probes now and then; fewer, so that a short absence gets there as well. */
const ATTEMPTS = LONG ? 12 : 5;

test(`I11 I12: servers away for ${AWAY / 1_000} s, window hidden, no input: delivered both ways within two minutes of their return`, async ({
  servers,
  talking,
}) => {
  test.setTimeout(AWAY + BACK + 120_000);
  const { app, peer, conv } = await talking();
  await app.openConversation(conv);
  await app.live();
  await app.call('session.setAttemptLimit', { attemptLimit: ATTEMPTS });
  await app.say('before');
  await peer.sees(conv, 'before');

  await servers.stopBoth();
  const left = performance.now();
  await expect(app.status).not.toHaveAttribute('data-state', 'live', { timeout: 60_000 });
  const mine = ['before', 'while away 1', 'while away 2'];
  await app.say(mine[1]!);
  await app.say(mine[2]!);
  await app.sees(mine[2]!);
  peer.say(conv, 'waiting for you');
  await app.electron.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) window.hide();
  });

  await pause(AWAY - (performance.now() - left));
  // By now it has given up trying in a row, and comes back by its probes alone.
  await expect(app.status).toHaveAttribute('data-state', 'offline', { timeout: 60_000 });
  expect((await app.timeline(conv)).waiting).toHaveLength(2);
  await servers.startBoth();
  const back = performance.now();
  await peer.sees(conv, mine[2]!, BACK);
  await until(
    'the hidden app to receive',
    async () => (await app.view(conv)).rows.some((row) => row.text === 'waiting for you' && row.n !== null),
    { within: Math.max(1, BACK - (performance.now() - back)) },
  );
  await app.drained(conv, Math.max(1, BACK - (performance.now() - back)));
  expect(performance.now() - back).toBeLessThan(BACK);
  const written = [
    { by: 'ann', texts: mine },
    { by: 'bob', texts: ['waiting for you'] },
  ];
  await until('both to be at the head', () => peer.view(conv).rows.length === 4);
  expect(faultsOf([await app.view(conv), peer.view(conv)], written)).toEqual([]);
});
