/**
 * The Electron runtime: the official one, and where its download cannot be reached the genuine but older one that the npm
 * registry carries (docs/decisions/0005). Also how to launch it: used by start, by the tests and by packaging.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { FALLBACK_RECIPE, isRoot, ROOT, RUNTIME_DIR, SetupError, say } from './project.mjs';

/** The whole download may take this long; a closed network is noticed within `CONNECT_LIMIT`. */
const DOWNLOAD_LIMIT = 5 * 60_000;
const CONNECT_LIMIT = 10_000;
/** A failed download is not tried again for a day: the second start is fast and needs no network. */
const RETRY_AFTER = 24 * 60 * 60_000;

const require = createRequire(import.meta.url);

/**
 * @typedef {object} Runtime
 * @property {string} executable
 * @property {'official' | 'fallback'} source
 * @property {string} version
 */

/** The runtime that is on this machine, or null. @returns {Runtime | null} */
export function installedRuntime() {
  return official() ?? fallback();
}

/** Obtains a runtime where there is none. @returns {Promise<Runtime>} */
export async function ensureRuntime() {
  const present = official();
  if (present) return present;
  const older = fallback();
  if (older && !downloadDue()) return older;
  if (await download()) {
    const fresh = official();
    if (fresh) return fresh;
  }
  rememberFailure();
  if (older) return older;
  const { installFallbackRuntime } = await import('./fallback-runtime.mjs');
  await installFallbackRuntime();
  const installed = fallback();
  if (!installed) throw new SetupError('The Electron runtime could not be set up.');
  return installed;
}

/**
 * How to launch the application folder or file with a runtime.
 * @param {Runtime} runtime
 * @returns {{ executablePath: string, args: string[] }}
 */
export function launchOptions(runtime) {
  const args = [];
  // Chromium refuses to run as root with its sandbox; for everybody else it stays on.
  if (isRoot) args.push('--no-sandbox');
  return { executablePath: runtime.executable, args };
}

/** @returns {Runtime | null} */
function official() {
  const folder = join(ROOT, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const executable = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  if (!existsSync(executable)) return null;
  return { executable, source: 'official', version: require('electron/package.json').version };
}

/** @returns {Runtime | null} */
function fallback() {
  const about = join(RUNTIME_DIR, 'runtime.json');
  if (!existsSync(about)) return null;
  const { version, recipe } = JSON.parse(readFileSync(about, 'utf8'));
  if (recipe !== FALLBACK_RECIPE) return null;
  return { executable: join(RUNTIME_DIR, 'electron'), source: 'fallback', version };
}

const failureMark = join(ROOT, 'node_modules', '.matchbook-electron-unreachable');

function downloadDue() {
  return !existsSync(failureMark) || Date.now() - statSync(failureMark).mtimeMs > RETRY_AFTER;
}

function rememberFailure() {
  mkdirSync(join(ROOT, 'node_modules'), { recursive: true });
  writeFileSync(failureMark, new Date().toISOString());
}

/** Runs Electron's own installer; false where it could not. @returns {Promise<boolean>} */
async function download() {
  if (!(await reachable())) return false;
  say('Fetching the Electron runtime ...');
  const installer = join(ROOT, 'node_modules', 'electron', 'install.js');
  const result = spawnSync(process.execPath, [installer], {
    cwd: ROOT,
    stdio: 'ignore',
    timeout: DOWNLOAD_LIMIT,
  });
  return result.status === 0;
}

/** Electron's installer retries for minutes where nothing answers, so the door is tried first, in a process that can be ended. */
function reachable() {
  const mirror =
    process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com/';
  const probe = `fetch(process.argv[1], { method: 'HEAD' }).then(() => process.exit(0), () => process.exit(1))`;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['-e', probe, mirror], { stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), CONNECT_LIMIT);
    child.on('exit', (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
}
