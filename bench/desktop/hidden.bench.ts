/**
 * Hidden, connected, nothing happens: what the app's own processes cost, the servers left out. Without a driver: that lets every page believe that it is seen,
 * and a page that is seen goes on drawing.
 */
import { pause } from '../../e2e/fixtures/conditions.ts';
import { test } from '../../e2e/fixtures/test.ts';
import { ROOT } from '../../scripts/project.mjs';
import { report, round } from './figures.ts';
import { cpuSeconds, kindOf, memory, tree } from './processes.ts';
import { startUndriven } from './undriven.ts';

const SECONDS = Number(process.env.SECONDS ?? 300);
/** The app has settled, and its windows are hidden. */
const SETTLED = 20_000;

test('hidden', async ({ people, desktop }) => {
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
    report('hidden', {
      seconds: round(passed),
      processes: pids.length,
      cpuPercent: round(
        pids.reduce((sum, pid) => sum + percent(pid), 0),
        2,
      ),
      percentOf: pids
        .map((pid) => [kindOf(pid), round(percent(pid), 2)] as const)
        .filter(([, one]) => one > 0),
      memoryMb: round(memory(pids).reduce((sum, { all }) => sum + all, 0)),
      pages,
      asked: '< 0.5 %',
    });
  } finally {
    await app.stop();
  }
});
