import { useStore } from 'zustand';
import type { PreferenceState } from '../store/preference-keeper.ts';
import { useMatchbook } from './use-store.ts';

/** A part of what the window knows of settings. */
export function usePreferences<T>(select: (state: PreferenceState) => T): T {
  return useStore(useMatchbook().preferences.state, select);
}
