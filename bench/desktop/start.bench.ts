/**
 * Cold start to a usable conversation with a million messages, beside the first paint of a bare window of the same runtime, in turn. Both as a person starts
 * them: no driver is connected.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '../../e2e/fixtures/test.ts';
import { ROOT } from '../../scripts/project.mjs';
import { median, report, round } from './figures.ts';
import { fillHistory } from './full-history.ts';
import { startTraced, startUndriven, traceOfStart } from './undriven.ts';

const MESSAGES = Number(process.env.MESSAGES ?? 1_000_000);
const ROUNDS = Number(process.env.ROUNDS ?? 7);
/** The trace ends and is written after so many seconds: a machine that is busy needs more. */
const TRACED = Number(process.env.TRACED ?? 6);

interface Start {
  /** ms from the launch. */
  paint: number;
  usable: number;
}

async function started(app: string, profile: string, folder: string): Promise<Start> {
  const path = join(folder, `start-${Date.now()}.json`);
  const begun = Date.now();
  const running = await startUndriven({ app, profile, args: traceOfStart(path, TRACED) });
  try {
    const { paint, marks } = await startTraced(path);
    // The mark is set when the frame was handed over; on a slow machine its pixels come later.
    return { paint: paint - begun, usable: Math.max(paint, marks.get('matchbook:usable') ?? paint) - begun };
  } finally {
    await running.stop();
  }
}

async function bareStart(folder: string): Promise<Start> {
  const profile = mkdtempSync(join(tmpdir(), 'matchbook-bare-'));
  try {
    return await started(join(import.meta.dirname, 'bare'), profile, folder);
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

test('start', async ({ people, servers, desktop, folder }) => {
  const bob = await people('Bob');
  const app = await desktop('ann').start();
  await app.join(await bob.invitationLink(), 'Ann');
  await app.live();
  const { account, user, device } = await app.account();
  await app.stop();
  const conversations = new Map([['one-half', MESSAGES / 2]]);
  for (let i = 0; i < 250; i++) conversations.set(`conversation-${i}`, MESSAGES / 500);
  const filling = performance.now();
  await fillHistory({ profile: app.profile, identity: { account, user, device }, conversations });
  const filled = (performance.now() - filling) / 1_000;
  // Open the large one, so that the next starts come back to it. The code of the app is kept 10 s after a start that had none.
  await app.start();
  await app.openConversation('one-half');
  await app.page.waitForTimeout(15_000);
  await app.stop();
  expect(servers.apiUrl).toContain('127.0.0.1');

  const ours: Start[] = [];
  const bare: Start[] = [];
  for (let i = 0; i <= ROUNDS; i++) {
    const plain = await bareStart(folder);
    const one = await started(ROOT, app.profile, folder);
    // The first round warms the file cache for both.
    if (i === 0) continue;
    bare.push(plain);
    ours.push(one);
  }
  report('start', {
    ...{ messages: MESSAGES, rounds: ROUNDS, fillingPerSecond: round(MESSAGES / filled) },
    bareFirstPaintMs: round(median(bare.map(({ paint }) => paint))),
    firstPaintMs: round(median(ours.map(({ paint }) => paint))),
    usableMs: round(median(ours.map(({ usable }) => usable))),
    ratio: round(median(ours.map(({ usable }, i) => usable / bare[i]!.paint)), 2),
    asked: '<= 1.6',
  });
});
