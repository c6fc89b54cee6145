import react from '@vitejs/plugin-react';
import { configDefaults, defineConfig } from 'vitest/config';

/** `npm run test:long`: what finds more the longer it looks, with more seeds and kills. */
const long = process.env.MATCHBOOK_LONG === '1';
const FURTHER = [
  'main/local-store/{kill,full-disk.long,long-outbox.long}.test.ts',
  'main/local-store/*/{intake.model,outbox.model,folds.model,search,row-sums}.test.ts',
  'e2e/simulation/export.test.ts',
  'relay-server/sequencer/log.test.ts',
  'relay-server/{fuzz,durability,full-disk.long}.test.ts',
  'api-server/{messages/{save,history},search/search,db/full-disk.long}.test.ts',
];

/** They look at what the process that they run in weighs. */
const WEIGHED = ['relay-server/rfc6455.test.ts', 'e2e/simulation/export.test.ts'];

/** It settles for its whole process which build of a library is read. */
const SETTLING = ['api-server/files/image-library.test.ts'];

/** It puts a module of its own in the place of one that others have read. */
const MOCKING = ['renderer/ui/composer/composer-drawing.test.tsx'];

/** A property on PostgreSQL took 20 s on a machine that did other things as well, ms. */
const NEVER_ENDS = 60_000;

/**
 * What is waited for comes as soon as the machine can: a test that never ends is what the limit is for, and vitest's own second is passed by a machine
 * that is busy for once.
 */
const AWAITED = { poll: { timeout: 10_000 } };

export default defineConfig({
  test: {
    // One processor is left alone unless told, of two that is half of them. Three workers took as long.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'alone',
          expect: AWAITED,
          environment: 'node',
          include: long ? FURTHER : [...WEIGHED, ...SETTLING],
          exclude: [...configDefaults.exclude, ...(long ? [] : ['**/*.long.test.ts'])],
          setupFiles: ['./property-setup.ts'],
          testTimeout: long ? 300_000 : NEVER_ENDS,
          hookTimeout: NEVER_ENDS,
        },
      },
      {
        test: {
          name: 'together',
          expect: AWAITED,
          environment: 'node',
          include: long ? [] : ['**/*.test.ts'],
          exclude: [...configDefaults.exclude, '**/*.long.test.ts', ...WEIGHED, ...SETTLING],
          // Half of their time went by in reading the same modules for each file.
          isolate: false,
          setupFiles: ['./property-setup.ts', './leave-as-found.ts'],
          testTimeout: NEVER_ENDS,
          hookTimeout: NEVER_ENDS,
        },
      },
      {
        plugins: [react()],
        test: {
          name: 'page',
          expect: AWAITED,
          environment: 'jsdom',
          include: long ? [] : ['renderer/**/*.test.tsx'],
          exclude: [...configDefaults.exclude, ...MOCKING],
          // One page for all files of a process: reading the app anew for each took as long as the tests.
          isolate: false,
          setupFiles: ['./property-setup.ts', './leave-as-found.ts', './renderer/test-setup.ts'],
          testTimeout: NEVER_ENDS,
        },
      },
      {
        plugins: [react()],
        test: {
          name: 'page of its own',
          expect: AWAITED,
          environment: 'jsdom',
          include: long ? [] : MOCKING,
          setupFiles: ['./property-setup.ts', './renderer/test-setup.ts'],
          testTimeout: NEVER_ENDS,
        },
      },
    ],
  },
});
