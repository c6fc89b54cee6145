/** What a window feels of its own work: presses, frames, and those that took long. */
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import { Felt } from '../store/felt.ts';
import { USABLE } from './timeline/usable.ts';

export function feltOf(bridge: WindowBridge): Felt {
  let pressed: number | null = null;
  for (const kind of ['keydown', 'click'] as const)
    addEventListener(
      kind,
      ({ timeStamp }) => {
        pressed = timeStamp;
      },
      { capture: true, passive: true },
    );
  const felt = new Felt({
    tell: (what, ms) => void bridge.call('app.measured', { what, ms }),
    clock: () => performance.now(),
    painted: (then) => requestAnimationFrame(() => setTimeout(then)),
    pressed: () => pressed,
  });
  new PerformanceObserver((list) => {
    // Frames of the start do not count: it has a figure of its own.
    const [usable] = performance.getEntriesByName(USABLE);
    for (const { duration, startTime } of list.getEntries())
      if (usable && startTime > usable.startTime) felt.frame(duration);
  }).observe({ type: 'long-animation-frame' });
  return felt;
}
