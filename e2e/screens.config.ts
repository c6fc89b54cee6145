import { defineConfig } from '@playwright/test';

/** Makes the pictures of docs/design from the real app: `npx playwright test -c e2e/screens.config.ts`. No test of pixels. */
export default defineConfig({
  testDir: '.',
  testMatch: 'screens*.ts',
  outputDir: '../test-results/screens',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  workers: 1,
  reporter: 'list',
});
