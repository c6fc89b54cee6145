import { defineConfig } from '@playwright/test';

const long = process.env.MATCHBOOK_LONG === '1';

export default defineConfig({
  testDir: 'e2e',
  testMatch: long ? '**/*-kill.spec.ts' : '**/*.spec.ts',
  // Playwright removes this folder, and the report beside it stays.
  outputDir: 'test-results/artifacts',
  timeout: 90_000,
  expect: { timeout: 15_000 },
  retries: 0,
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: 'test-results/report.json' }]],
});
