import { defineConfig } from '@playwright/test';

/** What the app costs on this machine: `npx playwright test -c bench/desktop/bench.config.ts`. Prints figures; asserts only that it measured something. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.bench.ts',
  outputDir: '../../test-results/bench',
  timeout: 60 * 60_000,
  expect: { timeout: 60_000 },
  workers: 1,
  retries: 0,
  reporter: 'line',
});
