import { defineConfig } from '@playwright/test';

const long = process.env.MATCHBOOK_LONG === '1';

/** They wait for most of their time, for what a person would wait for: one after the other, beside the two that work. As long as those. */
const PATIENT = ['**/connection-states.spec.ts', '**/relay-kill.spec.ts', '**/sleep.spec.ts'];

export default defineConfig({
  testDir: 'e2e',
  // Playwright removes this folder, and the report beside it stays.
  outputDir: 'test-results/artifacts',
  // The longest take a minute and more where the machine has others to serve: what is waited for has bounds of its own.
  timeout: 180_000,
  expect: { timeout: 15_000 },
  retries: 0, // `npm test` says otherwise: docs/decisions/0026.
  workers: 3,
  projects: long
    ? [
        {
          name: 'long',
          testMatch: ['**/*-kill.spec.ts', '**/absence.spec.ts', '**/sleep.spec.ts'],
          workers: 2,
        },
      ]
    : [
        { name: 'patient', testMatch: PATIENT, workers: 1 },
        { name: 'busy', testMatch: '**/*.spec.ts', testIgnore: PATIENT, workers: 2 },
      ],
  fullyParallel: false,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: 'test-results/report.json' }]],
});
