/**
 * 10,000 missed messages in 200 conversations: when one can type, when the open conversation is whole, when all is there, and the longest frame meanwhile: by
 * the clock, and by the work of the page's main thread and of the GPU process from the trace, in which there is nothing of other programs.
 */
import { until } from '../../e2e/fixtures/conditions.ts';
import { request } from '../../e2e/fixtures/person.ts';
import { test } from '../../e2e/fixtures/test.ts';
import { report, round } from './figures.ts';
import { frameCosts, longestGpuTask, type TraceEvent, traced } from './frames.ts';
import { profiled } from './profiles.ts';

const CONVERSATIONS = 200;
const MESSAGES = 50;
const BATCH = 64;
/** Mark of a frame of the page. */
const FRAME = 'behind-frame';

interface Watched {
  frames: number[];
  /** Of frames over 50 ms, by the browser's own account: how long, and what of it were which scripts, ms. */
  long: string[];
  /** Enter, and the mark that the server has it. */
  entered: number;
  sent: number;
}

/** In the window: how long its frames took, and when what was typed went and was taken. */
function watch(mark: string): void {
  const watched: Watched = { frames: [], long: [], entered: 0, sent: 0 };
  Object.assign(globalThis, { watched });
  interface LongFrame extends PerformanceEntry {
    renderStart: number;
    styleAndLayoutStart: number;
    scripts: { invoker: string; sourceFunctionName: string; duration: number }[];
  }
  new PerformanceObserver((list) => {
    for (const one of list.getEntries() as LongFrame[]) {
      const end = one.startTime + one.duration;
      const scripts = one.scripts.map(
        (script) => `${script.invoker} ${script.sourceFunctionName} ${Math.round(script.duration)}`,
      );
      const layout = one.styleAndLayoutStart ? Math.round(end - one.styleAndLayoutStart) : 0;
      watched.long.push(`${Math.round(one.duration)}: layout ${layout}; ${scripts.join('; ')}`);
    }
  }).observe({ type: 'long-animation-frame' });
  let last = performance.now();
  const look = (now: number) => {
    performance.mark(mark);
    watched.frames.push(now - last);
    last = now;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  addEventListener(
    'keydown',
    ({ key }) => {
      if (key === 'Enter') watched.entered = performance.now();
    },
    true,
  );
  new MutationObserver(() => {
    if (watched.sent > 0 || watched.entered === 0) return;
    for (const row of document.querySelectorAll('[data-own="true"]'))
      if (/^(sent|delivered|read)$/.test(row.getAttribute('data-delivery') ?? ''))
        watched.sent = performance.now();
  }).observe(document.body, { subtree: true, childList: true, attributes: true });
}

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
  await app.page.evaluate(watch, FRAME);
  let live = 0;
  let whole = 0;
  let everything = 0;
  const events: TraceEvent[] = await traced(app.page, async () => {
    await servers.relay.start();
    await app.call('session.reconnect', { account });
    await app.live();
    live = performance.now();
    const profilesEnd = await profiled(app);
    const openWhole = until(
      'the open conversation',
      async () => {
        const { rows, holes } = await app.timeline(conv(7));
        return holes.length === 0 && rows.filter(({ kind }) => kind === 'message').length >= MESSAGES;
      },
      { every: 20 },
    ).then(() => performance.now());
    await app.say('typed as soon as it was there');
    await app.reached('typed as soon as', 'sent');
    whole = await openWhole;
    // One question for all of them: to ask for each would cost more than what is measured.
    await until(
      'everything',
      async () => {
        const asked = { account, q: 'message', zone: 0, limit: 1, cursor: null };
        return (await app.call('search.local', asked)).coverage.missing === 0;
      },
      { within: 300_000, every: 50 },
    );
    everything = performance.now();
    await profilesEnd();
  });
  const { work, tasks } = frameCosts(events, FRAME);
  const { frames, long, entered, sent } = await app.page.evaluate(
    () => (globalThis as unknown as { watched: Watched }).watched,
  );
  report('behind', {
    sentAfterMs: round(sent - entered),
    openWholeAfterMs: round(whole - live),
    allAfterMs: round(everything - live),
    longestFrameMs: round(Math.max(...frames.slice(1))),
    framesOver100: frames.filter((ms) => ms > 100).length,
    longestFrameWorkMs: round(Math.max(...work)),
    frameWorkOver100: work.filter((ms) => ms > 100).length,
    longestTaskMs: round(Math.max(...tasks)),
    longestGpuTaskMs: round(longestGpuTask(events)),
    long,
    asked: 'from Enter to sent 300, whole 1,000, all 10,000, no frame over 100',
  });
});
