import { useSyncExternalStore } from 'react';

/** The clock is looked at so often, ms: a timer until midnight knows nothing of sleep and of clocks that are set. */
const LOOK = 30_000;

/** The day that it is, as a value that changes with it: whoever says "today" is drawn again at midnight. */
export function useToday(): string {
  return useSyncExternalStore(subscribe, dayNow);
}

const dayNow = (): string => new Date().toDateString();

/** One timer for all of a window. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let told = '';

function look(): void {
  if (dayNow() === told) return;
  told = dayNow();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    told = dayNow();
    timer = setInterval(look, LOOK);
    window.addEventListener('focus', look);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    window.removeEventListener('focus', look);
  };
}
