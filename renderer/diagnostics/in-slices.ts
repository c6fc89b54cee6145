/** Work over many events in slices, so that keys and frames come between: no task of this window takes long, however much it holds. */

/** One slice, ms. */
const SLICE = 12;

/**
 * Runs `work` to its end; where that is within the first slice, before this returns.
 *
 * @param work yields wherever it may pause
 * @returns what calls it off
 */
export function inSlices<T>(
  work: Iterator<void, T>,
  done: (result: T) => void,
  clock: () => number = () => performance.now(),
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const slice = () => {
    const end = clock() + SLICE;
    do {
      const step = work.next();
      if (step.done) return done(step.value);
    } while (clock() < end);
    timer = setTimeout(slice);
  };
  slice();
  return () => clearTimeout(timer);
}

/** The same, to its end at once: for what is known to be little. */
export function atOnce<T>(work: Iterator<void, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
