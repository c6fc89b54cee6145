/**
 * The default app of the fallback runtime: does what Electron's own does with `electron [switches] <folder>`, so that the folder's
 * package.json names the application. `-r <module>` is what test drivers preload with.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const words = process.argv.slice(1);
const require = createRequire(import.meta.url);
/** @type {string | undefined} */
let folder;
for (const [i, word] of words.entries()) {
  if (word === '-r' || word === '--require') require(resolve(words[i + 1] ?? ''));
  else if (/^(-r|--require)$/.test(words[i - 1] ?? '')) continue;
  else if (!word.startsWith('-') && folder === undefined) folder = resolve(word);
}
if (folder === undefined) {
  process.stderr.write('Name the folder of an application.\n');
  app.exit(2);
} else {
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  // Not in Electron's types: what its own default app does.
  const internal = /** @type {any} */ (app);
  if (about.version) internal.setVersion(about.version);
  app.name = about.productName ?? about.name;
  internal.setAppPath(folder);
  Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
  await import(pathToFileURL(join(folder, about.main)).href);
}
