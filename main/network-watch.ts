const INTERVAL = 5_000;

/** Electron tells of no change of network, so the one fact that it has is watched: calls back when there is a network again. */
export function watchNetwork(parts: {
  isOnline(): boolean;
  back(): void;
  repeat(work: () => void, interval: number): void;
}): void {
  let online = parts.isOnline();
  parts.repeat(() => {
    const now = parts.isOnline();
    if (now && !online) parts.back();
    online = now;
  }, INTERVAL);
}
