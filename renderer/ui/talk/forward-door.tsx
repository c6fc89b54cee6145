import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import { useMatchbook } from '../use-store.ts';
import type { ForwardProps } from './forward-dialog.tsx';

const ForwardDialog = lazy(() => import('./forward-dialog.tsx'));

/** To whom messages are passed on is asked by what is loaded when somebody passes some on. */
export function ForwardDoor(props: ForwardProps) {
  const store = useMatchbook();
  const rows = useStore(store.talk.state, (state) => state.forwarding);
  return (
    rows && (
      <Suspense>
        <ForwardDialog {...props} rows={rows} />
      </Suspense>
    )
  );
}
