/**
 * Runs Playwright on the real Electron, with Chromium's sandbox on: as root the whole run moves to an unprivileged user, because
 * Chromium has no sandbox for root. Where that cannot be had, the reason is handed to the tests, and the one that needs it reports itself
 * as not run.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { installedRuntime } from './electron-runtime.mjs';
import { judged } from './flaky.mjs';
import { isRoot, missingPrograms, ROOT, say } from './project.mjs';

/** Debian's nobody: every machine has it, and it owns nothing. */
const UNPRIVILEGED = { uid: 65534, gid: 65534 };

/** @typedef {import('./flaky.mjs').Count} Count */

/** @returns {Promise<Count>} */
export async function runEndToEnd() {
  say('\n== end to end');
  // Not in memory: what is killed between a write and its answer is what some of them wait for.
  const home = mkdtempSync(join(process.env.MATCHBOOK_DISK ?? tmpdir(), 'matchbook-e2e-'));
  const results = join(ROOT, 'test-results');
  const report = join(results, 'report.json');
  try {
    rmSync(results, { recursive: true, force: true });
    mkdirSync(results);
    const sandbox = sandboxFor(home, results);
    const playwright = [
      process.execPath,
      join(ROOT, 'node_modules', '@playwright', 'test', 'cli.js'),
      'test',
      // A test that fails is run once more (flaky.mjs); what runs for hours looks for what is rare: there the first failure is the finding.
      ...(process.env.MATCHBOOK_LONG === '1' ? [] : ['--retries=1']),
    ];
    const [program = '', ...args] = [...sandbox.prefix, ...playwright];
    spawnSync(program, args, {
      cwd: ROOT,
      stdio: 'inherit',
      env: {
        ...process.env,
        ...(process.env.MATCHBOOK_DISK ? { TMPDIR: process.env.MATCHBOOK_DISK } : {}),
        ...sandbox.env,
        // Each worker starts one of its own: on one screen windows take the focus from each other.
        ...(process.platform === 'linux' ? { MATCHBOOK_SCREEN: 'virtual', WAYLAND_DISPLAY: '' } : {}),
        PLAYWRIGHT_JSON_OUTPUT_NAME: report,
      },
    });
    return counted(report);
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @param {string} home @param {string} results @returns {{ prefix: string[], env: Record<string, string> }} */
function sandboxFor(home, results) {
  if (!isRoot) return { prefix: [], env: {} };
  const why = obstacle(home);
  if (why) {
    say(`Chromium's sandbox is not tested here: ${why}`);
    return { prefix: [], env: { MATCHBOOK_E2E_SANDBOX: `unavailable: ${why}` } };
  }
  for (const folder of [home, results]) chownSync(folder, UNPRIVILEGED.uid, UNPRIVILEGED.gid);
  chmodSync(home, 0o700);
  return {
    prefix: dropTo(UNPRIVILEGED),
    env: {
      HOME: home,
      TMPDIR: home,
      XDG_CONFIG_HOME: '',
      XDG_RUNTIME_DIR: '',
      USER: 'nobody',
      LOGNAME: 'nobody',
    },
  };
}

/** @param {{ uid: number, gid: number }} user */
const dropTo = ({ uid, gid }) => ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--'];

/** Why the tests cannot run as another user with the sandbox, or null. @param {string} home */
function obstacle(home) {
  if (missingPrograms(['setpriv']).length > 0) return 'setpriv (util-linux) is missing';
  const runtime = installedRuntime();
  if (!runtime) return 'there is no Electron runtime';
  chmodSync(home, 0o755);
  const readable = spawnSync('setpriv', [
    ...dropTo(UNPRIVILEGED).slice(1),
    'test',
    '-x',
    runtime.executable,
    '-a',
    '-r',
    join(ROOT, 'package.json'),
  ]);
  if (readable.status !== 0)
    return `the unprivileged user cannot reach ${ROOT} (a parent folder is closed to others)`;
  if (userNamespaces()) return null;
  // Without user namespaces the sandbox needs Chromium's SUID helper, owned by root.
  const helper = join(runtime.executable, '..', 'chrome-sandbox');
  if (!existsSync(helper)) return 'neither user namespaces nor chrome-sandbox are there';
  chownSync(helper, 0, 0);
  chmodSync(helper, 0o4755);
  return null;
}

function userNamespaces() {
  const probe = spawnSync('setpriv', [
    ...dropTo(UNPRIVILEGED).slice(1),
    'unshare',
    '--user',
    '--pid',
    '--fork',
    'true',
  ]);
  return probe.status === 0;
}

/** @param {string} report @returns {Count} */
function counted(report) {
  if (!existsSync(report)) {
    say('Playwright left no report.');
    return { passed: 0, failed: 1, skipped: 0, flaky: [] };
  }
  const { stats, errors, suites } = JSON.parse(readFileSync(report, 'utf8'));
  for (const line of notRun(suites)) say(`not run: ${line}`);
  return {
    passed: stats.expected,
    failed: stats.unexpected + (errors?.length ?? 0),
    skipped: stats.skipped,
    flaky: named(suites, 'flaky').map(({ title }) => title),
  };
}

/** @param {any[]} suites @returns {string[]} */
const notRun = (suites) =>
  named(suites, 'skipped').map(
    ({ title, test }) => `${title} (${test.annotations[0]?.description ?? 'no reason given'})`,
  );

/**
 * The tests of one outcome, with the titles of their specs.
 * @param {any[]} suites @param {'skipped' | 'flaky'} status @returns {{ title: string, test: any }[]}
 */
function named(suites, status) {
  return suites.flatMap((suite) => [
    ...named(suite.suites ?? [], status),
    ...(suite.specs ?? []).flatMap((/** @type {any} */ spec) =>
      spec.tests
        .filter((/** @type {any} */ test) => test.status === status)
        .map((/** @type {any} */ test) => ({ title: spec.title, test })),
    ),
  ]);
}

if (process.argv[1] === import.meta.filename) {
  say(`as ${userInfo().username}`);
  const { passed, failed, skipped } = judged([await runEndToEnd()]);
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}
