/**
 * Hidden, connected, nothing happens: what the app's own processes cost, the servers left out. Without a driver: that lets every page believe that it is seen,
 * and a page that is seen goes on drawing.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../e2e/fixtures/conditions.ts';
import { expect, test } from '../../e2e/fixtures/test.ts';
import { ROOT } from '../../scripts/project.mjs';
import { report, round } from './figures.ts';
import { cpuSeconds, kindOf, memory, tree } from './processes.ts';
import { timersOfMain, timersOfPages, traceTimers } from './timers.ts';
import { startUndriven } from './undriven.ts';

const SECONDS = Number(process.env.SECONDS ?? 300);
/** Then every timer that fires is counted for so long: what the counting costs is not in the first figure. */
const COUNTED = 60;
/** The app has settled, and its windows are hidden. */
const SETTLED = 20_000;

test('hidden', async ({ people, desktop, folder }) => {
  const bob = await people('Bob');
  const driven = await desktop('ann').start();
  await driven.join(await bob.invitationLink(), 'Ann');
  await driven.live();
  await driven.stop();
  const app = await startUndriven({ app: ROOT, profile: driven.profile, inspected: true });
  try {
    await pause(SETTLED);
    await app.evaluate(
      `for (const window of require('electron').BrowserWindow.getAllWindows()) window.hide()`,
    );
    await pause(SETTLED);
    const pids = tree(app.pid);
    const before = new Map(pids.map((pid) => [pid, cpuSeconds([pid])]));
    const begun = performance.now();
    await pause(SECONDS * 1_000);
    const passed = (performance.now() - begun) / 1_000;
    const percent = (pid: number) => ((cpuSeconds([pid]) - before.get(pid)!) / passed) * 100;
    const pages = await app.evaluate(
      `require('electron').webContents.getAllWebContents().map((one) => one.getURL()).join()`,
    );
    const percents = pids.map((pid) => [kindOf(pid), percent(pid)] as const);

    const trace = join(folder, 'hidden.json');
    await app.evaluate(traceTimers(trace));
    await pause(COUNTED * 1_000);
    const ofMain = (await app.evaluate(timersOfMain)) as Record<string, number>;
    const timers = [
      ...Object.entries(ofMain).map(([what, fired]) => ({ what: `main ${what}`, fired })),
      ...timersOfPages(JSON.parse(readFileSync(trace, 'utf8')).traceEvents),
    ];
    const aSecond = (fired: number) => round(fired / COUNTED, 2);
    report('hidden', {
      seconds: round(passed),
      processes: pids.length,
      cpuPercent: round(
        percents.reduce((sum, [, one]) => sum + one, 0),
        2,
      ),
      percentOf: percents.map(([kind, one]) => [kind, round(one, 2)] as const).filter(([, one]) => one > 0),
      timersASecond: timers
        .sort((one, other) => other.fired - one.fired)
        .map(({ what, fired }) => `${what}: ${aSecond(fired)}`),
      memoryMb: round(memory(pids).reduce((sum, { all }) => sum + all, 0)),
      pages,
      asked: '< 0.5 %, no timer faster than one a second',
    });
    // A timer of the length of a second fires once more or less than there were seconds.
    expect(timers.filter(({ fired }) => fired > COUNTED + 1)).toEqual([]);
  } finally {
    await app.stop();
  }
});
