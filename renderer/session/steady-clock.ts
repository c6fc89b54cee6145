/** A clock that nobody sets, for intervals; and what the wall clock says of its moments, for people. */
export interface SteadyClock {
  /** Whole ms that never go back. */
  now(): number;
  /** A moment of `now` by the wall clock as it stands. */
  wall(at: number): number;
}

/** Below this the two are taken to run alike: else every state would differ from the one before by its rounding. */
const DRIFT = 500;

/** @param monotonic ms @param wallClock ms since 1970 */
export function steadyClock(monotonic: () => number, wallClock: () => number): SteadyClock {
  let apart = Math.round(wallClock() - monotonic());
  return {
    now: () => Math.round(monotonic()),
    wall: (at) => {
      const measured = Math.round(wallClock() - monotonic());
      if (Math.abs(measured - apart) > DRIFT) apart = measured;
      return at + apart;
    },
  };
}
