/** A program that these scripts start on behalf of the person: it ends when the script is told to end. */

const LOOK = 1_000;

/**
 * npm ends the shell between itself and a script, and leaves the script running: having lost the parent counts as having been told to end.
 * @param {{ kill(signal: NodeJS.Signals): boolean }} child
 */
export function endsWithUs(child) {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
    process.on(signal, () => child.kill(signal));
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill('SIGTERM');
  }, LOOK);
  timer.unref();
}
