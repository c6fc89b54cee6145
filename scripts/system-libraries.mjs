/** The Linux libraries that Electron needs and a bare machine lacks. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isRoot, missingPrograms, SetupError, say } from './project.mjs';

const LIBRARIES = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', 'libxtst6', 'libnotify4'];
const FOR_DISPLAY = ['xvfb'];
const FOR_POSTGRES = ['postgresql'];
const FOR_TESTS = ['xvfb', 'dbus', 'procps', 'openssl', 'libnss3-tools', 'fonts-noto-color-emoji'];

/**
 * @param {object} wants
 * @param {string} [wants.executable] the runtime whose libraries must be there
 * @param {boolean} [wants.display] a virtual display is needed
 * @param {boolean} [wants.tests]
 * @param {boolean} [wants.install] the person asked for installation
 */
export function ensureSystemLibraries({ executable, display = false, tests = false, install = false }) {
  if (process.platform !== 'linux') return;
  const unattended = isRoot && !process.stdin.isTTY;
  const packages = [
    ...(executable && lacksLibraries(executable) ? LIBRARIES : []),
    ...(display && missingPrograms(['Xvfb']).length > 0 ? FOR_DISPLAY : []),
    ...(tests ? missingForTests() : []),
  ];
  // Without it, the half of the API's suites that runs on PostgreSQL counts as not run: nobody is made to install it.
  if (tests && (unattended || install) && !hasPostgres() && missingPrograms(['apt-get']).length === 0) {
    say('Installing PostgreSQL for the tests ...');
    if (!installed(FOR_POSTGRES)) say('It could not be installed: tests on PostgreSQL count as not run.');
  }
  if (packages.length === 0) return;
  const wanted = [...new Set(packages)];
  const command = `apt-get install -y --no-install-recommends ${wanted.join(' ')}`;
  if (missingPrograms(['apt-get']).length > 0)
    throw new SetupError(`System libraries are missing. Install the counterparts of: ${wanted.join(' ')}`);
  if (!unattended && !install)
    throw new SetupError(
      `System libraries are missing. Install them with\n\n    ${isRoot ? '' : 'sudo '}${command}\n\nor start with --install.`,
    );
  say(`Installing system libraries (${wanted.join(' ')}) ...`);
  if (!installed(wanted))
    throw new SetupError(`The system libraries could not be installed. Try it by hand:\n\n    ${command}`);
}

/** @param {string[]} packages */
function installed(packages) {
  const prefix = isRoot ? [] : ['sudo'];
  // Package lists may be missing altogether on a fresh machine; old ones name files that are gone.
  return [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
  ].every((words) => {
    const [program = 'apt-get', ...rest] = [...prefix, 'apt-get', ...words];
    return (
      spawnSync(program, rest, {
        stdio: ['inherit', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      }).status === 0
    );
  });
}

/** @param {string} executable */
function lacksLibraries(executable) {
  const result = spawnSync('ldd', [executable], { encoding: 'utf8' });
  // libnotify is opened at run time only, so ldd does not tell.
  return result.status !== 0 || result.stdout.includes('not found');
}

function missingForTests() {
  const missing = missingPrograms(['Xvfb', 'dbus-run-session', 'ps', 'openssl', 'certutil']).length > 0;
  const emoji = existsSync('/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf');
  return missing || !emoji ? FOR_TESTS : [];
}

/** Debian keeps each version in a folder of its own, off the path. */
function hasPostgres() {
  const folder = '/usr/lib/postgresql';
  const serves = (/** @type {string} */ version) =>
    Number(version) >= 15 && existsSync(join(folder, version, 'bin/initdb'));
  return existsSync(folder) && readdirSync(folder).some(serves);
}
