/** Builds a bench that is written in TypeScript, with the sequencer's thread beside it. Answers with the file to run. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

export function built(entry) {
  const folder = join(root, 'node_modules/.cache/matchbook-bench');
  mkdirSync(folder, { recursive: true });
  const config = {
    logLevel: 'error',
    build: {
      ssr: true,
      target: 'node20.18',
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      rollupOptions: {
        input: {
          bench: join(root, 'bench', entry),
          'sequencer-worker': join(root, 'relay-server/sequencer/worker.ts'),
        },
        output: { entryFileNames: '[name].js' },
      },
    },
    ssr: { noExternal: true, external: ['@photostructure/sqlite', '@node-rs/argon2', 'sharp'] },
  };
  const file = join(folder, 'vite.config.mjs');
  writeFileSync(file, `export default ${JSON.stringify(config)};\n`);
  execFileSync(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '-c', file], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return join(folder, 'bench.js');
}
