/** A window on a bridge in memory, as main.tsx composes it. */
import type { ReactNode } from 'react';
import { WordsProvider } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { MatchbookStore } from '../../store/store.ts';
import { StoreContext } from '../use-store.ts';
import type { FakeBridge } from './fake-bridge.ts';

export async function openWindow<V extends object>(
  bridge: FakeBridge,
  children: ReactNode,
  render: (window: ReactNode) => V,
  only?: Address,
) {
  let ids = 0;
  const store = new MatchbookStore({
    bridge,
    ...(only ? { only } : {}),
    now: () => 1_700_000_000_000,
    newId: () => `id-${++ids}`,
    later: (delay, run) => {
      const timer = setTimeout(run, delay);
      return () => clearTimeout(timer);
    },
  });
  await store.start();
  const view = render(
    <WordsProvider locale="en">
      <StoreContext value={store}>{children}</StoreContext>
    </WordsProvider>,
  );
  return { store, ...view };
}
