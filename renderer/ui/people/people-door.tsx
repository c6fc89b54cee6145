import { lazy, Suspense } from 'react';
import { usePanels } from './use-people.ts';

const PeopleDialogs = lazy(() => import('./people-dialogs.tsx'));

/** What is about people and conversations is loaded when somebody opens it. */
export function PeopleDoor() {
  const open = usePanels(({ dialog, card }) => dialog !== null || card !== null);
  return open ? (
    <Suspense>
      <PeopleDialogs />
    </Suspense>
  ) : null;
}
