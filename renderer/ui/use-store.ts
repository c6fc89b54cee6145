import { createContext, use } from 'react';
import { useStore } from 'zustand';
import type { MatchbookState } from '../store/state.ts';
import type { MatchbookStore } from '../store/store.ts';

export const StoreContext = createContext<MatchbookStore | null>(null);

/** The window's store: for its actions. */
export function useMatchbook(): MatchbookStore {
  const store = use(StoreContext);
  if (!store) throw new Error('There is no store above this component.');
  return store;
}

/** A part of what the window knows. The selector must answer with the same value while nothing changed. */
export function useKnown<T>(select: (state: MatchbookState) => T): T {
  return useStore(useMatchbook().state, select);
}
