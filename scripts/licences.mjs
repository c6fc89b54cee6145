/** What the app is made of: while it is built, each package that goes into it is noted with its licence, for the About room of the settings. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const PACKAGE = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/;

/** @typedef {{name: string, version: string, licence: string, text: string}} Licence */

/** @param {string} folder of an installed package @returns {Licence | null} */
function licenceOf(folder) {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return null;
  const about = JSON.parse(readFileSync(path, 'utf8'));
  if (!about.name || !about.version) return null;
  const file = readdirSync(folder).find((name) => /^licen[sc]e/i.test(name) && !/\.(js|mjs|cjs)$/.test(name));
  const text = file ? readFileSync(join(folder, file), 'utf8').slice(0, 40_000) : '';
  const { license, licenses } = about;
  const licence = typeof license === 'string' ? license : (license?.type ?? licenses?.[0]?.type ?? '');
  return { name: about.name, version: about.version, licence, text };
}

/** @param {string} root @param {string} name @param {Map<string, string>} found of this package and all that it needs at run time */
function withDependencies(root, name, found, from = root) {
  let at = from;
  let folder = join(at, 'node_modules', name);
  while (!existsSync(folder) && at !== dirname(at)) {
    at = dirname(at);
    folder = join(at, 'node_modules', name);
  }
  if (!existsSync(folder) || found.has(folder)) return;
  found.set(folder, name);
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const needed of Object.keys(dependencies)) withDependencies(root, needed, found, folder);
}

/**
 * @param {object} options
 * @param {string} options.root
 * @param {string} options.part name of the build: it has a file of its own in out/licences
 * @param {readonly string[]} [options.beside] packages that stay outside of the bundle, and go along with what they need
 */
export function licences({ root, part, beside = [] }) {
  return {
    name: 'licences',
    /** @param {unknown} _options @param {Record<string, {type: string, modules?: Record<string, unknown>}>} bundle */
    writeBundle(_options, bundle) {
      /** @type {Map<string, string>} */
      const folders = new Map();
      for (const chunk of Object.values(bundle))
        for (const id of Object.keys(chunk.modules ?? {})) {
          const match = PACKAGE.exec(id.replace(/^\0/, ''));
          if (match) folders.set(/** @type {string} */ (match[1]), '');
        }
      for (const name of beside) withDependencies(root, name, folders);
      const all = [...folders.keys()].flatMap((folder) => licenceOf(folder) ?? []);
      const folder = join(root, 'out', 'licences');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${part}.json`), JSON.stringify(all));
    },
  };
}
