/**
 * For the build of the preloads: of the maps of the bridge they need the names alone. The schemas behind them, and the library that these are made with, would be
 * read and run in every page before its first line.
 */
import { runnerImport } from 'vite';

const MAPS = /[\\/]protocol[\\/]bridge[\\/](window|host|diagnostics|files)\.ts$/;

/** @returns {import('vite').Plugin} */
export function bridgeNames() {
  return {
    name: 'bridge-names',
    async load(id) {
      if (!MAPS.test(id)) return null;
      const { module } = await runnerImport(id, { configFile: false, logLevel: 'error' });
      return Object.entries(/** @type {Record<string, unknown>} */ (module))
        .map(([name, value]) => `export const ${name} = ${JSON.stringify(namesOf(value))};`)
        .join('\n');
    },
  };
}

/** A map's names; lists and words as they are. @param {unknown} value */
function namesOf(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.keys(value).map((name) => [name, null]));
}
