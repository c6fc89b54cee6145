import type { KnownPerson } from '@matchbook/protocol/bridge/people';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { PanelState } from '../../store/panels.ts';
import type { PeopleState } from '../../store/people-book.ts';
import { useMatchbook } from '../use-store.ts';

/** A part of what the window knows of people. */
export function usePeople<T>(select: (state: PeopleState) => T): T {
  return useStore(useMatchbook().people.state, select);
}

export function usePanels<T>(select: (state: PanelState) => T): T {
  return useStore(useMatchbook().panels.state, select);
}

const NOBODY: ReadonlyMap<string, KnownPerson> = new Map();

/** Everybody one knows in an account, kept up to date while this is shown. */
export function useEverybody(account: string): ReadonlyMap<string, KnownPerson> {
  const { people } = useMatchbook();
  useEffect(() => people.show(account), [people, account]);
  return usePeople((state) => state.known[account] ?? NOBODY);
}
