/** The event log with 50,000 events while 1,000 more arrive every second: frames of its window, beside those of the same window while nothing arrives. */
import type { Page } from '@playwright/test';
import { until } from '../../e2e/fixtures/conditions.ts';
import type { Desktop } from '../../e2e/fixtures/desktop.ts';
import { expect, test } from '../../e2e/fixtures/test.ts';
import { quantile, report, round } from './figures.ts';

const SECONDS = Number(process.env.SECONDS ?? 20);
const PER_SECOND = 1_000;
const PAUSE = 200;

/** Tells main so many events as a session host does: in batches, `pause` ms apart. */
async function tell(
  app: Desktop,
  account: string,
  count: number,
  batch: number,
  pause: number,
): Promise<void> {
  const host = app.electron.windows().find((page) => page.url().includes('session-host'))!;
  await host.evaluate(
    async ([of, all, size, wait]) => {
      const bridge = (
        globalThis as unknown as { matchbook: { call(n: string, p: unknown): Promise<unknown> } }
      ).matchbook;
      for (let done = 0; done < all; done += size) {
        const events = Array.from({ length: size }, (_, i) => ({
          ...{ at: Date.now(), account: of, via: 'socket', dir: i % 3 === 0 ? 'out' : 'in' },
          ...{
            type: ['append', 'entries', 'ack'][i % 3],
            size: 180 + ((i * 37) % 900),
            conv: 'conversation',
          },
          ...{ ids: [`message-${done + i}`], count: 1, n: [done + i + 1, done + i + 1] },
        }));
        await bridge.call('host.log', { events });
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      }
    },
    [account, count, batch, pause] as const,
  );
}

/** Gaps between frames, ms, while `work` goes on. */
async function framesOf(page: Page, work: () => Promise<unknown>): Promise<number[]> {
  await page.evaluate(() => {
    const watch = { gaps: [] as number[], on: true };
    (globalThis as unknown as { watch: typeof watch }).watch = watch;
    let last = performance.now();
    const next = (now: number) => {
      watch.gaps.push(now - last);
      last = now;
      if (watch.on) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  await work();
  return page.evaluate(() => {
    const { watch } = globalThis as unknown as { watch: { gaps: number[]; on: boolean } };
    watch.on = false;
    return watch.gaps.slice(2);
  });
}

const figures = (gaps: readonly number[]) => ({
  frames: gaps.length,
  p50: round(quantile(gaps, 0.5), 1),
  p99: round(quantile(gaps, 0.99), 1),
  max: round(quantile(gaps, 1), 1),
  over50: gaps.filter((gap) => gap > 50).length,
});

test('diagnostics: 50,000 events, and 1,000 more a second', async ({ people, desktop }) => {
  const mira = await people('Mira');
  const app = await desktop('ann').start();
  await app.join(await mira.invitationLink(), 'Ann');
  await app.live();
  const { account } = await app.account();
  await app.page.getByTestId('open-diagnostics').click();
  const page = await until('the diagnostics window', () =>
    app.electron.windows().find((one) => one.url().includes('diagnostics')),
  );
  await page.getByTestId('tab-log').click();
  const begun = performance.now();
  await tell(app, account, 50_000, 500, 0);
  await expect(page.getByTestId('log-count')).toContainText(/5\d,\d\d\d of/);
  const filled = performance.now() - begun;
  const idle = figures(await framesOf(page, () => new Promise((done) => setTimeout(done, SECONDS * 500))));
  const stream = () => tell(app, account, SECONDS * PER_SECOND, (PER_SECOND * PAUSE) / 1_000, PAUSE);
  const following = figures(await framesOf(page, stream));
  await page.getByTestId('log-filter').fill('ack');
  const filtered = figures(await framesOf(page, stream));
  await page.getByTestId('log-filter').fill('');
  await page.getByTestId('log-rows').focus();
  await page.keyboard.press('Home');
  const scrolledAway = figures(await framesOf(page, stream));
  const typed = await framesOf(page, async () => {
    for (const text of ['m', 'message-4', 'ack 77', '']) await page.getByTestId('log-filter').fill(text);
  });
  report('diagnostics', {
    fillMs: round(filled),
    idle,
    following,
    filtered,
    scrolledAway,
    typing: figures(typed),
    p99BesideIdle: round(following.p99 / idle.p99, 2),
  });
});
