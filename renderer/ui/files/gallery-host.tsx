import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import { type Address, sameAddress } from '../../store/state.ts';
import { useMatchbook } from '../use-store.ts';

const Gallery = lazy(() => import('./gallery.tsx'));

/** The gallery of a conversation, where somebody looks at a picture of it; loaded when that happens first. */
export function GalleryHost({ address, nameOf }: { address: Address; nameOf: (user: string) => string }) {
  const store = useMatchbook();
  const looking = useStore(store.files.state, (state) => state.looking);
  if (!looking || !sameAddress(looking.address, address)) return null;
  return (
    <Suspense fallback={null}>
      <Gallery looking={looking} nameOf={nameOf} />
    </Suspense>
  );
}
