/** Set-up alone: packages, runtime, system libraries. `--test` also for what the tests need, `--install` allows apt-get. */
import { ensureDependencies } from './dependencies.mjs';
import { hasDisplay } from './display.mjs';
import { run } from './project.mjs';

/** @param {{ tests?: boolean, install?: boolean }} [options] */
export async function setUp({ tests = false, install = false } = {}) {
  ensureDependencies();
  const { ensureRuntime } = await import('./electron-runtime.mjs');
  const { ensureSystemLibraries } = await import('./system-libraries.mjs');
  const runtime = await ensureRuntime();
  ensureSystemLibraries({ executable: runtime.executable, display: tests || !hasDisplay(), tests, install });
  return runtime;
}

if (process.argv[1] === import.meta.filename) {
  await run(async () => {
    await setUp({ tests: process.argv.includes('--test'), install: process.argv.includes('--install') });
  });
}
