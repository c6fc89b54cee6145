/** The longest that the platform waits, ms: what is to wait longer would fall due at once. A server may ask for any patience. */
const LONGEST = 2 ** 31 - 1;

/** What is further away than 24 days falls due then. */
export function setTimer(work: () => void, delay: number): { cancel(): void } {
  const timer = setTimeout(work, Math.min(delay, LONGEST));
  return { cancel: () => clearTimeout(timer) };
}
