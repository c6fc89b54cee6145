/** A virtual display (Xvfb) for a machine without one. */
import { spawn } from 'node:child_process';
import { say } from './project.mjs';

export const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/**
 * Starts Xvfb on a number that it finds free itself.
 * @returns {Promise<{ display: string, close: () => void }>}
 */
export async function startVirtualDisplay(size = '1600x1000x24') {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', size, '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Xvfb did not start within 20 s')), 20_000);
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)));
    server.stdio[3]?.once('data', (chunk) => {
      clearTimeout(timer);
      resolve(String(chunk).trim());
    });
  });
  const close = () => {
    server.removeAllListeners('exit');
    server.kill();
  };
  process.once('exit', close);
  return { display: `:${number}`, close };
}

/** The display to use, said once where it is virtual. @returns {Promise<{ env: Record<string, string>, close: () => void }>} */
export async function ensureDisplay() {
  if (hasDisplay()) return { env: {}, close: () => {} };
  say('There is no display: using a virtual one (Xvfb), so you will not see the window.');
  const { display, close } = await startVirtualDisplay();
  return { env: { DISPLAY: display }, close };
}
