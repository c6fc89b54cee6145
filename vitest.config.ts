import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const long = process.env.MATCHBOOK_LONG === '1';
const files = (folders: string, ends: string) => [`${folders}/**/*.${long ? 'long.' : ''}test.${ends}`];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          include: [
            ...files('{main,protocol,relay-server,api-server,renderer,scripts}', 'ts'),
            ...(long ? [] : ['architecture.test.ts']),
          ],
          exclude: long ? [] : ['**/*.long.test.ts'],
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      {
        plugins: [react()],
        test: {
          name: 'dom',
          environment: 'jsdom',
          include: files('renderer', 'tsx'),
          exclude: long ? [] : ['**/*.long.test.tsx'],
          setupFiles: ['./renderer/test-setup.ts'],
          testTimeout: 20_000,
        },
      },
    ],
  },
});
