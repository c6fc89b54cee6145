/** A reading that comes later than this after the one before counts for no more, ms: it is made several times a second, and whoever makes it stood still. */
const LONGEST = 500;

/**
 * A clock that stands still while this process does (a paused machine, SIGSTOP, sleep): who could not be heard meanwhile was not silent, and has as much time as before to
 * be heard. By any other clock all connections would end at once when the relay goes on, with what they said waiting to be read.
 *
 * @param monotonic ms
 */
export function listeningClock(monotonic: () => number): () => number {
  let last = monotonic();
  let listened = last;
  return () => {
    const now = monotonic();
    listened += Math.min(now - last, LONGEST);
    last = now;
    return listened;
  };
}
