/** `npm start`: sets up what is missing, builds what changed, opens the app. */
import { spawn } from 'node:child_process';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { setUp } from './bootstrap.mjs';
import { ensureBuilt } from './build.mjs';
import { endsWithUs } from './child.mjs';
import { isRoot, ROOT, run, SetupError, say } from './project.mjs';
import { ended, smoke as smokeRun } from './smoke.mjs';

const HELP = `npm start [-- options]

  --profile NAME   another person on this machine, with data of their own
  --install        let the set-up install missing system libraries
  --smoke          start on a temporary profile, send a message through the whole path, print one line, end
  --help           this text

npm run demo opens two people side by side, already talking.`;

/** What Chromium logs where there is no system bus, no keyring and no graphics card: harmless, and nothing a person can act on. */
const CHROMIUM_NOISE =
  /^\[\d+:\d+\/[\d.]+:(ERROR|WARNING):(bus|viz_main_impl|command_buffer_proxy_impl|gpu_process_host|object_proxy|gl_surface|zygote_communication_linux|network_service_instance_impl|angle_platform)/;
const DEMO_LIMIT = 120_000;

function options() {
  try {
    return parseArgs({
      options: {
        profile: { type: 'string' },
        install: { type: 'boolean', default: false },
        smoke: { type: 'boolean', default: false },
        demo: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new SetupError(`${error instanceof Error ? error.message : error}\n\n${HELP}`, 2);
  }
}

/** Where a profile's data lies: the platform's usual place. @param {string | undefined} profile */
function profileFolder(profile) {
  const name = profile ? `Matchbook-${profile}` : 'Matchbook';
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', name);
  if (process.platform === 'win32') return join(process.env.APPDATA ?? homedir(), name);
  return join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), name);
}

await run(async () => {
  const { profile, install, smoke, demo, help } = options();
  if (help) return void process.stdout.write(`${HELP}\n`);
  if (profile !== undefined && !/^[a-z0-9-]{1,32}$/.test(profile))
    throw new SetupError('--profile takes 1 to 32 of a-z, 0-9 and -.', 2);
  try {
    return await open();
  } catch (error) {
    if (smoke) process.stdout.write(`smoke: failed: ${error instanceof Error ? error.message : error}\n`);
    throw error;
  }

  async function open() {
    const runtime = await setUp({ install });
    ensureBuilt('servers');
    ensureBuilt('desktop');
    const { ensureDisplay } = await import('./display.mjs');
    const { launchOptions } = await import('./electron-runtime.mjs');
    const screen = await ensureDisplay();
    const launch = launchOptions(runtime);
    if (isRoot)
      say(
        "Running as root: Chromium's sandbox is off (--no-sandbox). Use an ordinary user for anything but a trial.",
      );
    /** @param {string[]} args */
    const app = (args) => {
      const child = spawn(launch.executablePath, [...launch.args, ROOT, ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, ...screen.env },
      });
      child.stdout.pipe(process.stdout, { end: false });
      createInterface({ input: child.stderr }).on('line', (line) => {
        if (!CHROMIUM_NOISE.test(line)) say(line);
      });
      endsWithUs(child);
      return child;
    };
    try {
      if (demo) return await openDemo(app);
      if (smoke) return await smokeRun(app);
      return await ended(app([`--user-data-dir=${profileFolder(profile)}`]));
    } finally {
      screen.close();
    }
  }
});

/** Two people side by side: the first starts, the second joins by the first one's invitation. @param {import('./smoke.mjs').Launch} app */
async function openDemo(app) {
  const folder = join(tmpdir(), `matchbook-demo-${process.getuid?.() ?? 'user'}`);
  const first = app([
    `--user-data-dir=${join(folder, 'alice')}`,
    '--demo-name=Alice',
    '--print-invitation',
    '--demo-talk',
    '--window-bounds=20,40,760,820',
  ]);
  const invitation = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new SetupError('The first app gave no invitation.')), DEMO_LIMIT);
    let text = '';
    first.stdout?.on('data', (chunk) => {
      text += chunk;
      const link = /^invitation: (matchbook:\S+)$/m.exec(text)?.[1];
      if (link) {
        clearTimeout(timer);
        resolve(link);
      }
    });
    first.on('exit', () => reject(new SetupError('The first app ended before it gave an invitation.')));
  });
  const second = app([
    `--user-data-dir=${join(folder, 'bob')}`,
    '--demo-name=Bob',
    `--join=${invitation}`,
    '--demo-talk',
    '--window-bounds=800,40,760,820',
  ]);
  const codes = await Promise.all([ended(first), ended(second)]);
  return Math.max(...codes);
}
