/** What the frames of a page cost: their distance, and the work of its main thread between them, from the trace. Where MATCHBOOK_TRACES names a folder, it is kept there. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CDPSession, Page } from '@playwright/test';

export interface TraceEvent {
  name: string;
  ph: string;
  /** Microseconds. */
  ts: number;
  dur?: number;
  /** Processor time of the thread: what other programs take meanwhile is not in it. */
  tdur?: number;
  tid: number;
  pid: number;
  args?: {
    name?: string;
    data?: { type?: string };
    chrome_mojo_event_info?: { mojo_interface_tag?: string };
  };
}

/** A task of a page's main thread, microseconds. */
export interface Task {
  from: number;
  to: number;
  work: number;
}

/** Everything that the trace tells while `work` runs. */
export async function traced(page: Page, work: () => Promise<void>): Promise<TraceEvent[]> {
  const session: CDPSession = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value as unknown as TraceEvent[]) events.push(event);
  });
  const complete = new Promise<void>((resolve) => session.once('Tracing.tracingComplete', () => resolve()));
  const categories = ['toplevel', 'blink.user_timing', 'devtools.timeline'];
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: categories, recordMode: 'recordAsMuchAsPossible' },
  });
  await work();
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  const folder = process.env.MATCHBOOK_TRACES;
  if (folder)
    writeFileSync(join(folder, `trace-${Date.now()}.json`), JSON.stringify({ traceEvents: events }));
  return events;
}

/** What the driver asks of the page is no work of the app. */
const DRIVER = 'blink.mojom.DevToolsSession';

/** Tasks of the thread on which `mark` was made, in order, without those in which the driver spoke to the page. */
export function mainTasks(events: readonly TraceEvent[], mark: string): Task[] {
  const marked = events.find(({ name }) => name === mark);
  if (!marked) throw new Error(`The trace has no ${mark}.`);
  const own = events.filter(({ ph, tid, pid }) => ph === 'X' && tid === marked.tid && pid === marked.pid);
  const driver = own
    .filter(({ args }) => args?.chrome_mojo_event_info?.mojo_interface_tag === DRIVER)
    .map(({ ts }) => ts)
    .sort((one, other) => one - other);
  let spoken = 0;
  const tasks = own
    .filter(({ name }) => name === 'ThreadControllerImpl::RunTask')
    .map(({ ts, dur = 0, tdur = dur }) => ({ from: ts, to: ts + dur, work: tdur }))
    .sort((one, other) => one.from - other.from)
    .filter(({ from, to }) => {
      while (spoken < driver.length && driver[spoken]! < from) spoken++;
      return !(spoken < driver.length && driver[spoken]! < to);
    });
  if (tasks.length === 0) throw new Error('The trace has no task of the page.');
  return tasks;
}

/** Distance of the frames that were marked, and the page's work in each, ms. A task counts to the frame in which it began. */
export function frameCosts(
  events: readonly TraceEvent[],
  mark: string,
): { intervals: number[]; work: number[]; tasks: number[] } {
  const frames = events
    .filter(({ name }) => name === mark)
    .map(({ ts }) => ts)
    .sort((one, other) => one - other);
  const tasks = mainTasks(events, mark);
  const intervals: number[] = [];
  const work: number[] = [];
  const counted: number[] = [];
  let at = 0;
  for (let i = 1; i < frames.length; i++) {
    const to = frames[i]!;
    intervals.push((to - frames[i - 1]!) / 1_000);
    let busy = 0;
    // The frame's own callback is within a task that began before it.
    for (; at < tasks.length && tasks[at]!.from < to; at++) {
      if (tasks[at]!.to <= frames[0]!) continue;
      busy += tasks[at]!.work;
      counted.push(tasks[at]!.work / 1_000);
    }
    work.push(busy / 1_000);
  }
  return { intervals, work, tasks: counted };
}

/** The longest task of the GPU process, ms of processor time. */
export function longestGpuTask(events: readonly TraceEvent[]): number {
  const gpu = events.find(({ name, args }) => name === 'process_name' && args?.name === 'GPU Process')?.pid;
  const works = events
    .filter(({ name, ph, pid }) => pid === gpu && ph === 'X' && name === 'ThreadControllerImpl::RunTask')
    .map(({ dur = 0, tdur = dur }) => tdur / 1_000);
  return Math.max(0, ...works);
}
