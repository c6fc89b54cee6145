import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { bridgeNames } from './scripts/bridge-names.mjs';
import { licences } from './scripts/licences.mjs';
import { pageChunks } from './scripts/page-chunks.mjs';
import { IN_ITS_PLACE, NATIVE } from './vite.servers.config.ts';

const root = import.meta.dirname;
const at = (path: string) => resolve(import.meta.dirname, path);

// The oldest runtime that the code must run on: Electron 33 = Node 20.18, Chrome 130 (docs/decisions/0005).
const NODE = 'node20.18';
const CHROME = 'chrome130';

export default defineConfig({
  main: {
    plugins: [licences({ root, part: 'main', beside: [...NATIVE, IN_ITS_PLACE, 'electron'] })],
    build: {
      target: NODE,
      outDir: at('out/main'),
      externalizeDeps: false,
      sourcemap: true,
      rollupOptions: {
        input: {
          index: at('main/index.ts'),
          'local-store-worker': at('main/store-thread.ts'),
          front: at('main/embedded/front/index.ts'),
        },
        external: NATIVE,
        // CommonJS: an ES module asks for all of Electron's parts where a few are used, and is read by a loader that is itself loaded for it.
        output: {
          format: 'cjs',
          entryFileNames: '[name].cjs',
          chunkFileNames: 'chunks/[name]-[hash].cjs',
          // Of its own: whichever chunk it lies in is needed before the first window.
          codeSplitting: { groups: [{ name: 'runtime', test: /rolldown[:/\\]runtime/ }] },
        },
      },
    },
  },
  preload: {
    plugins: [bridgeNames(), licences({ root, part: 'preload' })],
    build: {
      target: NODE,
      outDir: at('out/preload'),
      isolatedEntries: true,
      externalizeDeps: false,
      rollupOptions: {
        input: {
          window: at('main/preload/window.ts'),
          diagnostics: at('main/preload/diagnostics.ts'),
          'session-host': at('main/preload/session-host.ts'),
        },
        // A sandboxed preload is one CommonJS file.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [react(), licences({ root, part: 'renderer' })],
    build: {
      target: CHROME,
      outDir: at('out/renderer'),
      emptyOutDir: true,
      minify: true,
      // No inline script anywhere: the content security policy forbids it.
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rollupOptions: {
        input: {
          index: at('renderer/index.html'),
          diagnostics: at('renderer/diagnostics.html'),
          'session-host': at('renderer/session-host.html'),
        },
        output: {
          codeSplitting: {
            groups: [
              {
                debugName: 'pages',
                name: pageChunks({
                  window: at('renderer/main.tsx'),
                  diagnostics: at('renderer/diagnostics.tsx'),
                  host: at('renderer/session-host.ts'),
                }),
              },
            ],
          },
        },
      },
    },
  },
});
