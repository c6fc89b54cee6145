/** Enter to bubble, in frames, with the network down and the disk busy; and the time until the message is on the disk when it is idle. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Desktop } from '../../e2e/fixtures/desktop.ts';
import { test } from '../../e2e/fixtures/test.ts';
import { quantile, report, round } from './figures.ts';

const PRESSES = Number(process.env.PRESSES ?? 200);

interface Press {
  /** Frames after the key until the row is in one, and ms to that frame. */
  frames: number;
  ms: number;
  /** ms until it is queued, which is durable. */
  queued: number;
}

async function pressed(app: Desktop, count: number): Promise<Press[]> {
  await app.page.evaluate(() => {
    const all: Press[] = [];
    (globalThis as unknown as { presses: Press[] }).presses = all;
    addEventListener(
      'keydown',
      (event) => {
        if (event.key !== 'Enter') return;
        const text = (event.target as HTMLTextAreaElement).value;
        const begun = event.timeStamp;
        const press: Press = { frames: 0, ms: 0, queued: 0 };
        const look = () => {
          press.frames += press.ms === 0 ? 1 : 0;
          const row = [...document.querySelectorAll<HTMLElement>('[data-testid="message-row"]')].find((one) =>
            one.textContent?.includes(text),
          );
          if (row && press.ms === 0) press.ms = performance.now() - begun;
          if (row && row.dataset.delivery !== 'saving') {
            press.queued = performance.now() - begun;
            all.push(press);
          } else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      },
      { capture: true },
    );
  });
  await app.composer.click();
  for (let i = 0; i < count; i++) {
    await app.page.keyboard.insertText(`press ${i} of ${count}, with some words around it`);
    await app.page.keyboard.press('Enter');
    await app.page.waitForFunction(
      (n) => (globalThis as unknown as { presses: Press[] }).presses.length > n,
      i,
    );
  }
  return app.page.evaluate(() => (globalThis as unknown as { presses: Press[] }).presses);
}

const figures = (presses: readonly Press[]) => ({
  framesP50: quantile(
    presses.map(({ frames }) => frames),
    0.5,
  ),
  framesP99: quantile(
    presses.map(({ frames }) => frames),
    0.99,
  ),
  bubbleMsP99: round(
    quantile(
      presses.map(({ ms }) => ms),
      0.99,
    ),
    1,
  ),
  queuedMsP50: round(
    quantile(
      presses.map(({ queued }) => queued),
      0.5,
    ),
    1,
  ),
  queuedMsP99: round(
    quantile(
      presses.map(({ queued }) => queued),
      0.99,
    ),
    1,
  ),
});

test('enter', async ({ people, servers, desktop, folder }) => {
  const bob = await people('Bob');
  const app = await desktop('ann').start();
  await app.join(await bob.invitationLink(), 'Ann');
  await app.live();
  await servers.stopBoth();
  report('enter', {
    disk: 'idle',
    network: 'down',
    presses: PRESSES,
    ...figures(await pressed(app, PRESSES)),
  });
  await app.page.reload();
  await app.composer.waitFor();
  const busy = spawn(
    'sh',
    ['-c', `while :; do dd if=/dev/zero of=${join(folder, 'busy')} bs=256k count=400 oflag=dsync; done`],
    { stdio: 'ignore', detached: true },
  );
  try {
    report('enter', {
      disk: 'busy',
      network: 'down',
      presses: PRESSES,
      ...figures(await pressed(app, PRESSES)),
    });
  } finally {
    process.kill(-busy.pid!, 'SIGKILL');
  }
});
