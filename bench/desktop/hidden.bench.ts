/**
 * Hidden, connected, nothing happens: what the app's own processes cost, the servers left out. The driver lets every page believe that it has the focus and is
 * seen: the renderer of the window and the GPU go on drawing, as they do not without it.
 */
import { pause } from '../../e2e/fixtures/conditions.ts';
import { test } from '../../e2e/fixtures/test.ts';
import { report, round } from './figures.ts';
import { cpuSeconds, kindOf, memory, tree } from './processes.ts';

const SECONDS = Number(process.env.SECONDS ?? 300);

test('hidden', async ({ people, desktop }) => {
  const bob = await people('Bob');
  const app = await desktop('ann').start();
  await app.join(await bob.invitationLink(), 'Ann');
  await app.live();
  await app.electron.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) window.hide();
  });
  await pause(15_000);
  const pids = tree(app.electron.process().pid!);
  const before = cpuSeconds(pids);
  const each = new Map(pids.map((pid) => [pid, cpuSeconds([pid])]));
  const begun = performance.now();
  await pause(SECONDS * 1_000);
  const used = cpuSeconds(pids) - before;
  const passed = (performance.now() - begun) / 1_000;
  report('hidden', {
    seconds: round(passed),
    processes: pids.length,
    cpuPercent: round((used / passed) * 100, 2),
    percentOf: pids
      .map((pid) => [kindOf(pid), round(((cpuSeconds([pid]) - each.get(pid)!) / passed) * 100, 2)] as const)
      .filter(([, percent]) => percent > 0),
    memoryMb: round(memory(pids)),
    asked: '< 0.5 %',
  });
});
