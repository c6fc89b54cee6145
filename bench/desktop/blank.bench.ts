/** What one sees of a conversation while it is scrolled fast: in how many frames part of the view has no row, and how much of it. By steps with each frame, the wheel, a key that is held, and the bar. */
import type { Page } from '@playwright/test';
import { test } from '../../e2e/fixtures/test.ts';
import { quantile, report, round } from './figures.ts';
import { longConversation, TIMELINE } from './long-conversation.ts';

const MESSAGES = Number(process.env.MESSAGES ?? 6_000);
/** px with each frame. */
const STEPS = [60, 120, 180, 300, 600];
/** px a second. */
const WHEEL = [1_000, 3_000, 6_000, 12_000];
const FRAMES = 60;

interface Seen {
  /** px without a row, for each frame: as it was painted, and as it would be if the view had moved on before the page drew again. */
  painted: number[];
  ahead: number[];
  /** px moved with each. */
  steps: number[];
}

/** Looks at every frame until `watched()`. */
async function watch(page: Page): Promise<void> {
  await page.evaluate((selector) => {
    const frame = document.querySelector<HTMLElement>(selector)!;
    const list = frame.lastElementChild as HTMLElement;
    const seen: Seen = { painted: [], ahead: [], steps: [] };
    const bare = () => {
      const view = frame.getBoundingClientRect();
      const whole = list.getBoundingClientRect();
      // Beside the list there is nothing to draw.
      const [from, to] = [Math.max(view.top, whole.top), Math.min(view.bottom, whole.bottom)];
      const boxes = [...list.children]
        .filter((row) => getComputedStyle(row).visibility !== 'hidden')
        .map((row) => row.getBoundingClientRect())
        .sort((one, other) => one.top - other.top);
      let at = from;
      let none = 0;
      for (const { top, bottom } of boxes) {
        if (top > at) none += Math.min(top, to) - at;
        at = Math.max(at, bottom);
        if (at >= to) break;
      }
      return none + Math.max(0, to - at);
    };
    let offset = frame.scrollTop;
    let on = true;
    const hear = () => {
      seen.ahead.push(bare());
    };
    // Before the list hears of it.
    document.addEventListener('scroll', hear, { capture: true });
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      const step = Math.abs(frame.scrollTop - offset);
      offset = frame.scrollTop;
      if (step === 0) return;
      seen.steps.push(step);
      seen.painted.push(bare());
    };
    const next = () => {
      if (!on) return;
      // The first task after this frame is painted.
      channel.port2.postMessage(null);
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
    (window as unknown as { watched: () => Seen }).watched = () => {
      on = false;
      document.removeEventListener('scroll', hear, { capture: true });
      return seen;
    };
  }, TIMELINE);
}

async function seenWhile(page: Page, name: string, work: () => Promise<void>): Promise<void> {
  await watch(page);
  await work();
  const { painted, ahead, steps } = await page.evaluate(() =>
    (window as unknown as { watched: () => Seen }).watched(),
  );
  if (steps.length === 0) throw new Error(`${name}: nothing was scrolled.`);
  const blank = painted.filter((px) => px > 1);
  const late = ahead.filter((px) => px > 1);
  report(`blank: ${name}`, {
    frames: steps.length,
    stepP50: round(quantile(steps, 0.5), 0),
    stepMost: round(Math.max(...steps), 0),
    blankFrames: blank.length,
    blankMeanPx: round(blank.reduce((all, px) => all + px, 0) / Math.max(1, blank.length), 0),
    blankMostPx: round(Math.max(0, ...blank), 0),
    beforeDrawn: late.length,
    beforeDrawnMostPx: round(Math.max(0, ...late), 0),
  });
}

test('blank', async ({ servers, people, desktop }) => {
  const { page } = await longConversation({ servers, people, desktop }, MESSAGES);
  const timeline = page.getByTestId('timeline');
  const still = () =>
    page.evaluate(
      (selector) =>
        new Promise<void>((resolve) => {
          const frame = document.querySelector(selector)!;
          let [at, quiet] = [frame.scrollTop, 0];
          const next = () => {
            quiet = frame.scrollTop === at ? quiet + 1 : 0;
            at = frame.scrollTop;
            if (quiet > 30) resolve();
            else requestAnimationFrame(next);
          };
          requestAnimationFrame(next);
        }),
      TIMELINE,
    );
  await still();
  for (const step of STEPS)
    for (const direction of [-1, 1]) {
      await seenWhile(page, `${step} px a frame, ${direction < 0 ? 'up' : 'down'}`, () =>
        page.evaluate(
          ([selector, by, frames]) =>
            new Promise<void>((resolve) => {
              const frame = document.querySelector(selector as string)!;
              let left = frames as number;
              const next = () => {
                frame.scrollTop += by as number;
                if (left-- > 0) requestAnimationFrame(next);
                else requestAnimationFrame(() => resolve());
              };
              requestAnimationFrame(next);
            }),
          // Down again not as far: the end is no part of it.
          [TIMELINE, step * direction, direction < 0 ? FRAMES : FRAMES / 2] as const,
        ),
      );
      await still();
    }
  const session = await page.context().newCDPSession(page);
  const box = (await timeline.boundingBox())!;
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  for (const speed of WHEEL) {
    await seenWhile(page, `wheel at ${speed} px/s, up`, async () => {
      await session.send('Input.synthesizeScrollGesture', {
        ...middle,
        yDistance: speed,
        speed,
        gestureSourceType: 'mouse',
        preventFling: true,
      });
    });
    await still();
  }
  await timeline.focus();
  await seenWhile(page, 'PageUp held', async () => {
    for (let i = 0; i < 30; i++) {
      await page.keyboard.down('PageUp');
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    }
    await page.keyboard.up('PageUp');
  });
  await still();
  const bar = { x: box.x + box.width - 4 };
  const thumb = await timeline.evaluate((frame) => ({
    at: frame.scrollTop / frame.scrollHeight,
    high: frame.clientHeight / frame.scrollHeight,
  }));
  await page.mouse.move(bar.x, box.y + box.height * (thumb.at + thumb.high / 2));
  await page.mouse.down();
  await seenWhile(page, 'bar dragged', async () => {
    for (let i = 0; i < 40; i++) {
      await page.mouse.move(bar.x, box.y + box.height * (thumb.at + thumb.high / 2) - i * 2);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    }
  });
  await page.mouse.up();
  await session.detach();
});
