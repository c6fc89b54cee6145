/**
 * `npm run package`: the unpacked application for this platform in dist/, made by electron-builder, then looked at as an enemy would:
 * what lies in it, what its fuses say, and whether it sends a message.
 */
import { spawn } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { setUp } from './bootstrap.mjs';
import { ensureBuilt } from './build.mjs';
import { isRoot, ROOT, RUNTIME_DIR, run, SetupError, say } from './project.mjs';

const HELP = `npm run package [-- options]

  --release    refuse to make anything of the older runtime from the npm registry
  --help       this text`;

/** How Electron writes a fuse into its binary: one character each. */
const FUSE = { on: '1'.charCodeAt(0), off: '0'.charCodeAt(0) };

/** Everything that may lie in app.asar. */
const ALLOWED = [
  /^\/package\.json$/,
  /^\/out\/(main|preload|renderer|servers)\/.+\.(js|cjs|html|css|woff2|svg|png|wav)$/,
  /^\/out\/licences\/(main|preload|renderer|servers)\.json$/,
  /^\/node_modules\/@photostructure\/sqlite\/(package\.json|LICENSE|dist\/index\.[cm]js|prebuilds\/.+\.node)$/,
  /^\/node_modules\/node-gyp-build\/[^/]+$/,
  /^\/node_modules\/@node-rs\/argon2(-[a-z0-9-]+)?\/(package\.json|LICENSE|index\.js|[^/]+\.node)$/,
  /^\/node_modules\/sharp\/(package\.json|LICENSE|(lib|dist)\/[^/]+\.[cm]?js)$/,
  // On Linux no native build: api-server/files/image-library.ts.
  /^\/node_modules\/@img\/(colour|sharp-(?!(libvips-)?linux)[a-z0-9-]+)\/.+$/,
  /^\/node_modules\/@emnapi\/runtime\/(package\.json|LICENSE|index\.js|dist\/emnapi\.cjs(\.min)?\.js)$/,
  /^\/node_modules\/detect-libc\/(package\.json|LICENSE|lib\/[^/]+\.js)$/,
  /^\/node_modules\/semver\/(package\.json|LICENSE|[a-z-]+\.js|(classes|functions|internal|ranges)\/[^/]+\.js)$/,
];

await run(async () => {
  const { release, help } = parseArgs({
    options: { release: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  }).values;
  if (help) return void process.stdout.write(`${HELP}\n`);
  const runtime = await setUp();
  const trial = runtime.source === 'fallback';
  if (trial && release)
    throw new SetupError(
      `Nothing is released with Electron ${runtime.version} from the npm registry: it is out of support. Package where Electron's own download can be reached.`,
    );
  ensureBuilt('servers');
  ensureBuilt('desktop');
  const app = await pack(runtime, trial);
  await checkContents(app);
  await checkFuses(app.executable);
  say('Contents and fuses are as they should be. Smoke run of the package:');
  if ((await smokeRun(app.executable)) !== 0)
    throw new SetupError('The package does not pass its smoke run.');
  if (trial)
    say(
      `This is a trial of packaging, not for shipping: it holds Electron ${runtime.version}, which is out of support.`,
    );
  process.stdout.write(`${relative(process.cwd(), app.folder) || '.'}\n`);
});

/**
 * @param {import('./electron-runtime.mjs').Runtime} runtime @param {boolean} trial
 * @returns {Promise<{ folder: string, resources: string, executable: string }>}
 */
async function pack(runtime, trial) {
  const { build, Platform } = await import('electron-builder');
  const output = join(ROOT, 'dist', trial ? 'trial-not-for-shipping' : 'app');
  rmSync(output, { recursive: true, force: true });
  /** @type {{ appOutDir: string, resources: string, executable: string } | undefined} */
  let made;
  await build({
    projectDir: ROOT,
    targets: Platform.current().createTarget('dir'),
    publish: 'never',
    config: {
      directories: { output },
      electronVersion: runtime.version,
      ...(trial ? { electronDist: RUNTIME_DIR } : {}),
      afterPack: async ({ appOutDir, packager }) => {
        const name = packager.appInfo.productFilename;
        const mac = packager.platform === Platform.MAC;
        const resources = mac
          ? join(appOutDir, `${name}.app`, 'Contents', 'Resources')
          : join(appOutDir, 'resources');
        // What the development runtime carries to load a folder, and an updater's address that nobody set.
        for (const left of ['default_app.asar', 'app-update.yml'])
          rmSync(join(resources, left), { force: true });
        const executable = mac
          ? join(appOutDir, `${name}.app`, 'Contents', 'MacOS', name)
          : join(appOutDir, process.platform === 'win32' ? `${name}.exe` : 'matchbook');
        made = { appOutDir, resources, executable };
      },
    },
  });
  if (!made) throw new SetupError('electron-builder made nothing.');
  return { folder: made.appOutDir, resources: made.resources, executable: made.executable };
}

/** @param {{ resources: string }} app */
async function checkContents({ resources }) {
  const { listPackage } = await import('@electron/asar');
  const present = listPackage(join(resources, 'app.asar'), { isPack: false });
  const files = present
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.[a-z0-9]+$|LICENSE$/.test(path) && !/\/prebuilds\/[^/]+$/.test(path));
  const strange = files.filter((path) => !ALLOWED.some((pattern) => pattern.test(path)));
  if (strange.length > 0)
    throw new SetupError(`The package holds what it does not need: ${strange.join(', ')}`);
  const other = files.filter(
    (path) => path.includes('/prebuilds/') && !path.includes(`/${process.platform}-${process.arch}/`),
  );
  if (other.length > 0)
    throw new SetupError(`The package holds binaries of other platforms: ${other.join(', ')}`);
  const beside = readdirSync(resources).filter(
    (name) =>
      !['app.asar', 'app.asar.unpacked', 'icon.png', 'electron.icns'].includes(name) &&
      !name.endsWith('.lproj'),
  );
  if (beside.length > 0)
    throw new SetupError(`The resources hold what they should not: ${beside.join(', ')}`);
}

/** What security asks of every package; read back from the binary, because a fuse that was not set is silent. */
async function checkFuses(/** @type {string} */ executable) {
  const { FuseV1Options, getCurrentFuseWire } = await import('@electron/fuses');
  const wire = await getCurrentFuseWire(executable);
  const wanted = /** @type {const} */ ([
    ['RunAsNode', false],
    ['EnableCookieEncryption', true],
    ['EnableNodeOptionsEnvironmentVariable', false],
    ['EnableNodeCliInspectArguments', false],
    ['EnableEmbeddedAsarIntegrityValidation', true],
    ['OnlyLoadAppFromAsar', true],
    ['LoadBrowserProcessSpecificV8Snapshot', false],
    ['GrantFileProtocolExtraPrivileges', false],
  ]);
  for (const [name, on] of wanted) {
    if (wire[FuseV1Options[name]] !== (on ? FUSE.on : FUSE.off))
      throw new SetupError(`The fuse ${name} should be ${on ? 'on' : 'off'}, and is not.`);
  }
}

/** @param {string} executable */
async function smokeRun(executable) {
  const { ensureDisplay } = await import('./display.mjs');
  const { smoke } = await import('./smoke.mjs');
  const screen = await ensureDisplay();
  try {
    return await smoke((args) => {
      const child = spawn(executable, [...(isRoot ? ['--no-sandbox'] : []), ...args], {
        // Away from the sources, so that nothing of them is found by accident.
        cwd: join(executable, '..'),
        stdio: ['ignore', 'inherit', 'pipe'],
        env: { ...process.env, ...screen.env },
      });
      /** @type {string[]} */
      const said = [];
      createInterface({ input: child.stderr }).on('line', (line) => said.push(line));
      child.on('exit', (code) => {
        if (code !== 0) say(said.slice(-20).join('\n'));
      });
      return child;
    });
  } finally {
    screen.close();
  }
}
