import { DEFAULT_LOOK } from '@matchbook/protocol/bridge/choices';
import type { ReactNode } from 'react';
import type { Speech } from '../i18n/languages.ts';
import { Dressed } from './dressed.tsx';
import { usePreferences } from './use-preferences.ts';

/** As the settings say; as the system has it until they are known. */
export function ChosenLook({ first, children }: { first: Speech; children: ReactNode }) {
  const known = usePreferences((state) => state.known);
  return (
    <Dressed
      first={first}
      chosen={known ?? DEFAULT_LOOK}
      system={known?.facts.languages ?? navigator.languages}
    >
      {children}
    </Dressed>
  );
}
