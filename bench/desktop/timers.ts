/** Which timers fire, and how often: those of main by its own hooks, those of the pages from the trace. Those of the store's thread are not seen. */

interface TimerEvent {
  name: string;
  pid: number;
  args?: { data?: { timerId?: number; timeout?: number } };
}

/** For main: from here on its timers are counted, and those of the pages are traced. */
export const traceTimers = (path: string): string => `(async () => {
  const { createHook, executionAsyncResource } = require('node:async_hooks');
  const { contentTracing } = require('electron');
  const fired = {};
  const hook = createHook({
    before() {
      const timer = executionAsyncResource();
      if (timer?.constructor?.name !== 'Timeout') return;
      const what = timer._idleTimeout + ' ms ' + String(timer._onTimeout).replace(/\\s+/g, ' ').slice(0, 60);
      fired[what] = (fired[what] ?? 0) + 1;
    },
  }).enable();
  await contentTracing.startRecording({ included_categories: ['devtools.timeline'] });
  globalThis.countedTimers = async () => {
    hook.disable();
    await contentTracing.stopRecording(${JSON.stringify(path)});
    return fired;
  };
})()`;

/** For main: ends both; answers with how often each of its timers fired. */
export const timersOfMain = 'globalThis.countedTimers()';

/** Timers of a page that were set for the same time are one: it is set again each time it fired. */
export function timersOfPages(events: readonly TimerEvent[]): { what: string; fired: number }[] {
  const lengths = new Map<string, number>();
  const fired = new Map<string, number>();
  for (const { name, pid, args } of events) {
    const { timerId, timeout } = args?.data ?? {};
    if (timerId === undefined) continue;
    const timer = `${pid} ${timerId}`;
    if (name === 'TimerInstall') lengths.set(timer, timeout ?? 0);
    if (name !== 'TimerFire') continue;
    const what = `page ${pid} ${lengths.get(timer) ?? 'from before, of unknown'} ms`;
    fired.set(what, (fired.get(what) ?? 0) + 1);
  }
  return [...fired].map(([what, count]) => ({ what, fired: count }));
}
