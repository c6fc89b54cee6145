/** A window that has its first conversation before it draws anything draws it once: asked ahead, the answers are there as soon as its scripts are. */
import type { StoreApi } from 'zustand/vanilla';
import type { Later } from './draft-keeper.ts';
import type { MatchbookState } from './state.ts';

/** Longer than this nobody looks at an empty window, ms. */
const PATIENCE = 250;

/** Until there is something to read, or it is known that there is nothing yet, or for so long. */
export function firstRows(state: StoreApi<MatchbookState>, later: Later): Promise<void> {
  return new Promise((resolve) => {
    let stop = () => {};
    const settle = () => {
      stop();
      cancel();
      resolve();
    };
    const cancel = later(PATIENCE, settle);
    const look = (now: MatchbookState) => {
      if (isThere(now)) settle();
    };
    stop = state.subscribe(look);
    look(state.getState());
  });
}

function isThere({ app, account, conversations, timeline, failure }: MatchbookState): boolean {
  if (failure || timeline) return true;
  if (!app) return false;
  const rows = account === null ? [] : conversations[account];
  return app.accounts.length === 0 || rows?.length === 0;
}
