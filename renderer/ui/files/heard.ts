/** What is heard in a window: one thing at a time, and the row that it is in stays in the list however far one scrolls. */
import { useSyncExternalStore } from 'react';

let heard: HTMLMediaElement | null = null;
const listeners = new Set<() => void>();

function become(element: HTMLMediaElement | null): void {
  heard = element;
  for (const listener of listeners) listener();
}

/** This one plays: another one pauses. */
export function begins(element: HTMLMediaElement): void {
  if (heard === element) return;
  const before = heard;
  become(element);
  before?.pause();
}

/** It paused, ended, or is not there any more. */
export function ends(element: HTMLMediaElement | null): void {
  if (element !== null && heard === element) become(null);
}

/** Nothing is to be heard, as somebody speaks. */
export function hush(): void {
  heard?.pause();
}

/** Id of the message in which something plays; null where nothing does. */
export function useHeardMessage(): string | null {
  return useSyncExternalStore(subscribe, () => {
    const row = heard?.closest<HTMLElement>('[data-message-id]');
    return row?.dataset.messageId ?? null;
  });
}

/** A row that may be drawn although it is far away. */
export const isHeardIn = (row: Element): boolean => heard !== null && row.contains(heard);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
