/** The Linux libraries that Electron needs and a bare machine lacks. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { isRoot, missingPrograms, SetupError, say } from './project.mjs';

const LIBRARIES = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', 'libxtst6', 'libnotify4'];
const FOR_DISPLAY = ['xvfb'];
const FOR_TESTS = ['xvfb', 'dbus', 'procps', 'fonts-noto-color-emoji'];

/**
 * @param {object} wants
 * @param {string} [wants.executable] the runtime whose libraries must be there
 * @param {boolean} [wants.display] a virtual display is needed
 * @param {boolean} [wants.tests]
 * @param {boolean} [wants.install] the person asked for installation
 */
export function ensureSystemLibraries({ executable, display = false, tests = false, install = false }) {
  if (process.platform !== 'linux') return;
  const packages = [
    ...(executable && lacksLibraries(executable) ? LIBRARIES : []),
    ...(display && missingPrograms(['Xvfb']).length > 0 ? FOR_DISPLAY : []),
    ...(tests ? missingForTests() : []),
  ];
  if (packages.length === 0) return;
  const wanted = [...new Set(packages)];
  const command = `apt-get install -y --no-install-recommends ${wanted.join(' ')}`;
  const unattended = isRoot && !process.stdin.isTTY;
  if (missingPrograms(['apt-get']).length > 0)
    throw new SetupError(`System libraries are missing. Install the counterparts of: ${wanted.join(' ')}`);
  if (!unattended && !install)
    throw new SetupError(
      `System libraries are missing. Install them with\n\n    ${isRoot ? '' : 'sudo '}${command}\n\nor start with --install.`,
    );
  say(`Installing system libraries (${wanted.join(' ')}) ...`);
  const prefix = isRoot ? [] : ['sudo'];
  // Package lists may be missing altogether on a fresh machine; old ones name files that are gone.
  const ran = [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...wanted],
  ].every((words) => {
    const [program = 'apt-get', ...rest] = [...prefix, 'apt-get', ...words];
    return (
      spawnSync(program, rest, {
        stdio: ['inherit', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      }).status === 0
    );
  });
  if (!ran)
    throw new SetupError(`The system libraries could not be installed. Try it by hand:\n\n    ${command}`);
}

/** @param {string} executable */
function lacksLibraries(executable) {
  const result = spawnSync('ldd', [executable], { encoding: 'utf8' });
  // libnotify is opened at run time only, so ldd does not tell.
  return result.status !== 0 || result.stdout.includes('not found');
}

function missingForTests() {
  const missing = missingPrograms(['Xvfb', 'dbus-run-session', 'ps']).length > 0;
  const emoji = existsSync('/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf');
  return missing || !emoji ? FOR_TESTS : [];
}
