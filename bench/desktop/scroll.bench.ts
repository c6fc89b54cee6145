/** Scrolling a conversation of 100,000 messages with pictures, beside a bare virtualised list of as many plain rows, in turn: frames, and the work of the main thread in each. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { build } from 'vite';
import { test } from '../../e2e/fixtures/test.ts';
import { installedRuntime, launchOptions } from '../../scripts/electron-runtime.mjs';
import { median, quantile, report, round } from './figures.ts';
import { frameCosts, traced } from './frames.ts';
import { longConversation, TIMELINE } from './long-conversation.ts';
import { profiled } from './profiles.ts';

const MESSAGES = Number(process.env.MESSAGES ?? 100_000);
const ROUNDS = Number(process.env.ROUNDS ?? 3);
/** Of one round, ms; and px that each frame scrolls, as a wheel does. */
const SCROLLED = 6_000;
const STEP = 60;

/** From the end towards the beginning, a step each frame. */
async function scrolled(page: Page, list: string): Promise<ReturnType<typeof frameCosts>> {
  const inView = () => page.locator(list).evaluate((frame) => frame.textContent);
  const before = await inView();
  const events = await traced(page, () =>
    page.evaluate(
      async ([selector, time, step]) => {
        const frame = document.querySelector(selector as string)!;
        const end = performance.now() + (time as number);
        await new Promise<void>((resolve) => {
          const next = () => {
            performance.mark('bench-frame');
            frame.scrollTop -= step as number;
            if (performance.now() < end) requestAnimationFrame(next);
            else resolve();
          };
          requestAnimationFrame(next);
        });
      },
      [list, SCROLLED, STEP] as const,
    ),
  );
  if ((await inView()) === before) throw new Error('Nothing was scrolled.');
  return frameCosts(events, 'bench-frame');
}

async function bareList(folder: string): Promise<{ electron: ElectronApplication; page: Page }> {
  // One classic script: a page of a file may load no module.
  await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: folder,
      emptyOutDir: true,
      lib: {
        entry: join(import.meta.dirname, 'bare-list', 'main.tsx'),
        ...{ formats: ['iife'], name: 'bare', fileName: () => 'main.js' },
      },
    },
  });
  copyFileSync(join(import.meta.dirname, 'bare-list', 'index.html'), join(folder, 'index.html'));
  const launch = launchOptions(installedRuntime()!);
  const electron = await _electron.launch({
    executablePath: launch.executablePath,
    chromiumSandbox: !launch.args.includes('--no-sandbox'),
    args: [...launch.args, join(import.meta.dirname, 'bare'), `--user-data-dir=${folder}-profile`],
    env: { ...(process.env as Record<string, string>), BARE_PAGE: join(folder, 'index.html') },
  });
  const page = await electron.firstWindow();
  await page.locator('#list').waitFor();
  return { electron, page };
}

test('scroll', async ({ servers, people, desktop }) => {
  const app = await longConversation({ servers, people, desktop }, MESSAGES);
  const folder = mkdtempSync(join(tmpdir(), 'matchbook-bare-list-'));
  const bare = await bareList(folder);
  try {
    const ours = { intervals: [] as number[], work: [] as number[], tasks: [] as number[] };
    const plainWork: number[] = [];
    const ratios: number[] = [];
    const bareP95: number[] = [];
    for (let i = 0; i <= ROUNDS; i++) {
      await bare.page.evaluate(() => {
        const list = document.querySelector('#list')!;
        list.scrollTop = list.scrollHeight / 2;
      });
      const plain = await scrolled(bare.page, '#list');
      const written = i === ROUNDS ? await profiled(app) : null;
      const rich = await scrolled(app.page, TIMELINE);
      await written?.();
      // The first round warms both.
      if (i === 0) continue;
      ours.intervals.push(...rich.intervals);
      ours.work.push(...rich.work);
      ours.tasks.push(...rich.tasks);
      plainWork.push(...plain.work);
      bareP95.push(quantile(plain.intervals, 0.95));
      ratios.push(quantile(rich.intervals, 0.95) / quantile(plain.intervals, 0.95));
    }
    report('scroll', {
      ...{ messages: MESSAGES, rounds: ROUNDS, frames: ours.intervals.length },
      bareIntervalP95Ms: round(median(bareP95), 1),
      intervalP95Ms: round(quantile(ours.intervals, 0.95), 1),
      ratio: round(median(ratios), 2),
      ...{ ratios: ratios.map((one) => round(one, 2)), asked: '<= 1.15' },
      workP50Ms: round(quantile(ours.work, 0.5), 1),
      workP95Ms: round(quantile(ours.work, 0.95), 1),
      workMostMs: round(Math.max(...ours.work), 1),
      longestTaskMs: round(Math.max(...ours.tasks), 1),
      bareWorkP95Ms: round(quantile(plainWork, 0.95), 1),
      askedWork: 'p95 <= 8 ms, none over 50 ms',
    });
  } finally {
    await bare.electron.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    rmSync(`${folder}-profile`, { recursive: true, force: true, maxRetries: 5 });
  }
});
