import { lazy, type ReactNode, Suspense } from 'react';
import { useKeysMeanwhile } from '../keyboard/early-keys.ts';
import { useMatchbook } from '../use-store.ts';

const SearchPane = lazy(() => import('./search-pane.tsx'));

/** The search is loaded when it is first wanted; what is typed meanwhile is looked for. @param only this conversation, and no other */
export function SearchDoor(props: { account: string; only?: string | null; meanwhile?: ReactNode }) {
  const { account, only = null, meanwhile } = props;
  return (
    <Suspense fallback={<ComingSearch>{meanwhile}</ComingSearch>}>
      <SearchPane account={account} only={only} />
    </Suspense>
  );
}

/** Keys are the search's from the one that opens it: the composer, which has the focus until then, would take them for a message. */
export function ComingSearch({ children }: { children?: ReactNode }) {
  const { finder } = useMatchbook();
  useKeysMeanwhile({
    onText: (change) => finder.typeAhead(change(finder.state.getState().text)),
    onEnter: () => void finder.now(),
    onLeave: () => finder.close(),
  });
  return children;
}
