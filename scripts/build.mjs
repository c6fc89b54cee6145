/** Builds servers and desktop into out/, when their sources changed since the last time. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { oneAtATime } from './one-at-a-time.mjs';
import { ROOT, run, SetupError, say } from './project.mjs';

const SOURCES = ['protocol', 'main', 'renderer', 'relay-server', 'api-server'];
const FILES = ['package-lock.json', 'electron.vite.config.ts', 'vite.servers.config.ts'];

/** @param {'servers' | 'desktop'} part */
export function ensureBuilt(part) {
  const stampFile = join(ROOT, 'out', `.built-${part}`);
  const isBuilt = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprint();
  if (isBuilt()) return;
  mkdirSync(join(ROOT, 'out'), { recursive: true });
  oneAtATime(join(ROOT, 'out', '.building'), () => {
    if (!isBuilt()) build(part, stampFile);
  });
}

/** @param {'servers' | 'desktop'} part @param {string} stampFile */
function build(part, stampFile) {
  const stamp = fingerprint();
  say(part === 'servers' ? 'Building the servers ...' : 'Building the app ...');
  const bin = (/** @type {string} */ name) => join(ROOT, 'node_modules', '.bin', name);
  const [program, args] =
    part === 'servers'
      ? [bin('vite'), ['build', '--config', 'vite.servers.config.ts', '--logLevel', 'warn']]
      : [bin('electron-vite'), ['build', '--logLevel', 'warn']];
  const result = spawnSync(program, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    // electron-vite picks its targets by this; without it, it looks for a runtime that may not be there.
    env: { ...process.env, ELECTRON_MAJOR_VER: '33', NODE_ENV: 'production' },
  });
  if (result.status !== 0) throw new SetupError(`The build failed:\n${result.stdout}${result.stderr}`);
  writeFileSync(stampFile, stamp);
}

/** Names, sizes and times of all sources: cheap, and enough to notice a change. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const folder of SOURCES) {
    for (const name of readdirSync(join(ROOT, folder), { recursive: true }).map(String).sort()) {
      if (name.includes('node_modules') || /\.test\.tsx?$/.test(name)) continue;
      const stat = statSync(join(ROOT, folder, name));
      if (stat.isFile()) hash.update(`${folder}/${name} ${stat.size} ${stat.mtimeMs}\n`);
    }
  }
  for (const file of FILES) hash.update(readFileSync(join(ROOT, file)));
  return hash.digest('hex');
}

if (process.argv[1] === import.meta.filename) {
  await run(async () => {
    ensureBuilt('servers');
    if (process.argv[2] !== 'servers') ensureBuilt('desktop');
  });
}
