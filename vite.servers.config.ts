/**
 * Builds the two servers, once: what ops run with Node and what the desktop forks as utility processes are these files
 * (docs/decisions/0004). Only the native modules stay outside.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { licences } from './scripts/licences.mjs';

const at = (path: string) => resolve(import.meta.dirname, path);

export const NATIVE = ['@photostructure/sqlite', '@node-rs/argon2', 'sharp'];

/** Within Electron on Linux, in the place of the last one's native build. */
export const IN_ITS_PLACE = '@img/sharp-wasm32';

/** The folder says what it needs: copied to a server, `npm install` there adds the native modules, of exactly these versions. */
const described: Plugin = {
  name: 'package-of-servers',
  generateBundle() {
    const {
      version,
      engines,
      dependencies: { [IN_ITS_PLACE]: _ofTheDesktop, ...dependencies },
    } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
    const about = {
      name: 'matchbook-servers',
      version,
      private: true,
      type: 'module',
      engines,
      dependencies,
    };
    this.emitFile({ type: 'asset', fileName: 'package.json', source: `${JSON.stringify(about, null, 2)}\n` });
  },
};

export default defineConfig({
  plugins: [licences({ root: import.meta.dirname, part: 'servers' }), described],
  build: {
    ssr: true,
    target: 'node20.18',
    outDir: at('out/servers'),
    emptyOutDir: true,
    sourcemap: true,
    minify: false,
    rollupOptions: {
      input: {
        'relay/index': at('relay-server/index.ts'),
        'relay/sequencer-worker': at('relay-server/sequencer/worker.ts'),
        'relay/reader-worker': at('relay-server/reader/worker.ts'),
        'api/index': at('api-server/index.ts'),
      },
      external: NATIVE,
      output: {
        format: 'es',
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name]-[hash].js',
      },
    },
  },
  // Bundle everything that is not native: a server's folder is all that it needs.
  ssr: { noExternal: true, external: NATIVE },
});
