import type { TrayFile } from '@matchbook/protocol/bridge/files';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { type Address, addressKey } from '../../store/state.ts';
import { useMatchbook } from '../use-store.ts';
import { factsOf } from './file-facts.ts';
import { kindOf } from './kinds.ts';

const NONE: readonly TrayFile[] = [];

/** What will be sent with the message that is being written. What is not known yet of a picture, a film or a sound is found out here. */
export function useTray(address: Address): readonly TrayFile[] {
  const store = useMatchbook();
  const tray = useStore(store.files.state, ({ trays }) => trays[addressKey(address)] ?? NONE);
  const asked = useRef(new Set<string>());
  useEffect(() => void store.files.tray(address), [store, address]);
  useEffect(() => {
    for (const file of tray) {
      const known = file.width !== undefined || file.duration !== undefined;
      if (known || kindOf(file) === 'other' || asked.current.has(file.id)) continue;
      asked.current.add(file.id);
      void factsOf(address.account, file).then((facts) => {
        if (Object.keys(facts).length > 0) void store.files.describe(address, file.id, facts);
      });
    }
  }, [tray, store, address]);
  return tray;
}
