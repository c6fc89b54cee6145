import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');
let built: string | undefined;

/**
 * The worker as it ships, and the child process of the kill test, built from the sources as they are now. Answers with the folder
 * that has `local-store-worker.js`, `busy-store.js` and `busy-chores.js`.
 */
export function builtStore(): string {
  if (built) return built;
  const folder = join(root, 'node_modules/.cache/matchbook-store', String(process.pid));
  mkdirSync(folder, { recursive: true });
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const input = {
    'local-store-worker': join(root, 'main/local-store/worker.ts'),
    'busy-store': join(root, 'main/local-store/testing/busy-store.ts'),
    'busy-chores': join(root, 'main/local-store/testing/busy-chores.ts'),
  };
  const config = {
    logLevel: 'error',
    build: {
      ssr: true,
      target: 'node20.18',
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      rollupOptions: { input, output: { entryFileNames: '[name].js' } },
    },
    ssr: { noExternal: true, external: ['@photostructure/sqlite'] },
  };
  const file = join(folder, 'vite.config.mjs');
  writeFileSync(file, `export default ${JSON.stringify(config)};\n`);
  execFileSync(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '-c', file], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  built = folder;
  return folder;
}
