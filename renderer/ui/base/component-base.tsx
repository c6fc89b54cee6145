import { CSPProvider } from '@base-ui/react/csp-provider';
import { DirectionProvider } from '@base-ui/react/direction-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactNode } from 'react';
import { useSpeech } from '../../i18n/words.tsx';

/** What the components below need around every page: no style elements (our policy forbids them), the direction of the language, one delay for tooltips. */
export function ComponentBase({ children }: { children: ReactNode }) {
  const { direction } = useSpeech();
  return (
    <CSPProvider disableStyleElements>
      <DirectionProvider direction={direction}>
        <Tooltip.Provider delay={500}>{children}</Tooltip.Provider>
      </DirectionProvider>
    </CSPProvider>
  );
}
