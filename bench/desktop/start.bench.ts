/** Cold start to a usable conversation with a million messages, beside the first paint of a bare window of the same runtime, in turn. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type Page } from '@playwright/test';
import { until } from '../../e2e/fixtures/conditions.ts';
import { expect, test } from '../../e2e/fixtures/test.ts';
import { installedRuntime, launchOptions } from '../../scripts/electron-runtime.mjs';
import { median, report, round } from './figures.ts';
import { fillHistory } from './full-history.ts';

const MESSAGES = Number(process.env.MESSAGES ?? 1_000_000);
const ROUNDS = Number(process.env.ROUNDS ?? 7);

async function bareStart(): Promise<number> {
  const runtime = installedRuntime()!;
  const launch = launchOptions(runtime);
  const profile = mkdtempSync(join(tmpdir(), 'matchbook-bare-'));
  const begun = Date.now();
  const electron = await _electron.launch({
    executablePath: launch.executablePath,
    chromiumSandbox: !launch.args.includes('--no-sandbox'),
    args: [...launch.args, join(import.meta.dirname, 'bare'), `--user-data-dir=${profile}`],
  });
  const page = await electron.firstWindow();
  const painted = await until('the first paint', () => at(page, 'paint', 'first-contentful-paint'));
  await electron.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  return painted - begun;
}

/** Wall clock at which a page noted something about itself, or null. */
const at = (page: Page, type: string, name: string): Promise<number | null> =>
  page.evaluate(
    ([kind, called]) => {
      const entry = performance.getEntriesByName(called!, kind)[0];
      return entry ? performance.timeOrigin + entry.startTime : null;
    },
    [type, name],
  );

test('start', async ({ people, servers, desktop }) => {
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
  // Open the large one, so that the next starts come back to it.
  await app.start();
  await app.openConversation('one-half');
  await app.stop();
  expect(servers.apiUrl).toContain('127.0.0.1');

  const ours: number[] = [];
  const paints: number[] = [];
  const bare: number[] = [];
  for (let i = 0; i <= ROUNDS; i++) {
    const plain = await bareStart();
    const begun = Date.now();
    await app.start();
    const usable = await until('a usable conversation', () => at(app.page, 'mark', 'matchbook:usable'));
    const paint = await until('the first paint', () => at(app.page, 'paint', 'first-contentful-paint'));
    await app.stop();
    // The first round warms the file cache for both.
    if (i === 0) continue;
    bare.push(plain);
    // The mark is set when the frame was handed over; on a slow machine its pixels come later.
    ours.push(Math.max(usable, paint) - begun);
    paints.push(paint - begun);
  }
  report('start', {
    ...{ messages: MESSAGES, rounds: ROUNDS, fillingPerSecond: round(MESSAGES / filled) },
    bareFirstPaintMs: round(median(bare)),
    firstPaintMs: round(median(paints)),
    usableMs: round(median(ours)),
    ratio: round(median(ours.map((one, i) => one / bare[i]!)), 2),
    asked: '<= 1.6',
  });
});
