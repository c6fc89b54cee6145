import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A bench is bundled elsewhere, and says where the sources are. */
const root = process.env.MATCHBOOK_ROOT ?? resolve(import.meta.dirname, '../..');
let built: string | undefined;

/**
 * The relay as it ships, built from the sources as they are now, into a folder of this process: tests that ran against yesterday's
 * build would prove nothing. Answers with the file to run.
 */
export function builtRelay(): string {
  if (built) return built;
  const folder = join(root, 'node_modules/.cache/matchbook-relay', String(process.pid));
  mkdirSync(folder, { recursive: true });
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const entries = {
    index: join(root, 'relay-server/index.ts'),
    'sequencer-worker': join(root, 'relay-server/sequencer/worker.ts'),
    'reader-worker': join(root, 'relay-server/reader/worker.ts'),
  };
  const config = {
    logLevel: 'error',
    build: {
      ssr: true,
      target: 'node20.18',
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      rollupOptions: { input: entries, output: { entryFileNames: '[name].js' } },
    },
    ssr: { noExternal: true, external: ['@photostructure/sqlite'] },
  };
  const file = join(folder, 'vite.config.mjs');
  writeFileSync(file, `export default ${JSON.stringify(config)};\n`);
  execFileSync(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '-c', file], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  built = join(folder, 'index.js');
  if (!existsSync(built)) throw new Error('The build made no relay.');
  return built;
}
