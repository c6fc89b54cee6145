/**
 * The library that reads images. Electron on Linux has the system's GLib for its windows, and the library's native build one of its own:
 * what the one has made is given back to the other. By their versions nothing is ever freed, or the process ends at the first image
 * (lovell/sharp#4522, electron/electron#46323). There the build in WebAssembly is taken, which shares nothing.
 */
import { createRequire, type Module } from 'node:module';
import type sharp from 'sharp';

const require = createRequire(import.meta.url);

export async function imageLibrary({
  platform,
  arch,
  versions,
}: Pick<NodeJS.Process, 'platform' | 'arch' | 'versions'> = process): Promise<typeof sharp> {
  if (versions.electron && platform === 'linux')
    for (const native of [`@img/sharp-linux-${arch}/sharp.node`, `@img/sharp-linuxmusl-${arch}/sharp.node`])
      withhold(native);
  return (await import('sharp')).default;
}

/** Whoever requires it finds it empty, and looks on. */
function withhold(name: string): void {
  let path: string;
  try {
    path = require.resolve(name);
  } catch {
    return;
  }
  require.cache[path] ??= {
    id: path,
    filename: path,
    loaded: true,
    children: [],
    exports: null,
  } as unknown as Module;
}
