import type { SharedItem } from '@matchbook/protocol/bridge/people';
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Looking } from '../../store/file-desk.ts';
import type { SharedList, SharedState } from '../../store/shared-list.ts';
import { sameAddress } from '../../store/state.ts';
import { useKnown, useMatchbook } from '../use-store.ts';
import { type GalleryItem, galleryItems } from './gallery-items.ts';

/** So many messages with pictures are counted; in a conversation with more the gallery says no place, and asks for more when its ends come near. */
const COUNTED = 2_000;
const NEAR = 12;

const NONE: readonly SharedItem[] = [];
const WAITING = createStore<SharedState>(() => ({
  ...{ items: null, older: false, newer: false, missing: 0, asking: false, failure: null, unasked: null },
}));

export interface GalleryView {
  items: readonly GalleryItem[];
  /** Of what is looked at among them; -1 while it is not known, or not there any more. */
  at: number;
  /** All of the conversation that can be had is among them. */
  complete: boolean;
  /** What is looked at was not found, and will not be. */
  gone: boolean;
  missing: number;
}

/** Everything that the gallery of a conversation goes through, asked for from what is looked at on, both ways. */
export function useGallery(looking: Looking): GalleryView {
  const store = useMatchbook();
  const { account, conv } = looking.address;
  const timeline = useKnown((state) => (sameAddress(state.open, looking.address) ? state.timeline : null));
  const user = useKnown(({ app }) => app?.accounts.find((one) => one.account === account)?.user ?? '');
  const [list, setList] = useState<SharedList | null>(null);
  const first = useState(looking.n)[0];
  useEffect(() => {
    const made = store.groups.shared({ account, conv }, 'media');
    setList(made);
    void made.start(first);
    return () => made.end();
  }, [store, account, conv, first]);
  const { items: shared, older, newer, missing, failure, unasked } = useStore(list?.state ?? WAITING);
  const items = useMemo(
    () => galleryItems(shared ?? NONE, timeline ? [...timeline.rows, ...timeline.waiting] : [], user),
    [shared, timeline, user],
  );
  const at = items.findIndex(
    ({ n, key, file }) => n === looking.n && key === looking.key && file.hash === looking.hash,
  );
  const count = shared?.length ?? 0;
  useEffect(() => {
    if (!list || failure || unasked) return;
    const few = count < COUNTED;
    if (newer && (few || at > items.length - NEAR)) void list.loadNewer();
    else if (older && (few || (at >= 0 && at < NEAR))) void list.loadOlder();
  }, [list, failure, unasked, count, newer, older, at, items.length]);
  const asked = shared !== null || failure !== null;
  return {
    ...{ items, at, missing },
    complete: asked && (unasked !== null || (!older && !newer)),
    gone: at < 0 && asked && (timeline !== null || count > 0),
  };
}
