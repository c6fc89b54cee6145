/** CPU profiles of main and of its pages while something is measured: where MATCHBOOK_PROFILES names a folder. Open them with a browser's performance panel. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CDPSession } from '@playwright/test';
import type { Desktop } from '../../e2e/fixtures/desktop.ts';

/** Answers with what ends and writes them. */
export async function profiled(app: Desktop): Promise<() => Promise<void>> {
  const folder = process.env.MATCHBOOK_PROFILES;
  if (!folder) return async () => {};
  const pages: [string, CDPSession][] = [];
  for (const page of app.electron.windows()) {
    const session = await page.context().newCDPSession(page);
    await session.send('Profiler.enable');
    await session.send('Profiler.start');
    pages.push([/([\w-]+)\.html/.exec(page.url())?.[1] ?? 'window', session]);
  }
  await app.electron.evaluate(async () => {
    const { Session } = process.getBuiltinModule('node:inspector');
    const session = new Session();
    session.connect();
    Object.assign(globalThis, { profiling: session });
    for (const step of ['Profiler.enable', 'Profiler.start'])
      await new Promise<void>((resolve) => session.post(step, () => resolve()));
  });
  return async () => {
    for (const [name, session] of pages) {
      const { profile } = await session.send('Profiler.stop');
      writeFileSync(join(folder, `${name}.cpuprofile`), JSON.stringify(profile));
    }
    const main = await app.electron.evaluate(async () => {
      const { profiling } = globalThis as unknown as {
        profiling: { post(step: string, done: (error: unknown, answer: { profile: object }) => void): void };
      };
      return await new Promise<object>((resolve) =>
        profiling.post('Profiler.stop', (_, { profile }) => resolve(profile)),
      );
    });
    writeFileSync(join(folder, 'main.cpuprofile'), JSON.stringify(main));
  };
}
