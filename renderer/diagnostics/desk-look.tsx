import { type ReactNode, useEffect } from 'react';
import type { Speech } from '../i18n/languages.ts';
import { useWords } from '../i18n/words.tsx';
import { Dressed } from '../ui/dressed.tsx';
import { useKnown } from './desk.ts';

/** As every other window: main tells this one too what was chosen. */
export function DeskLook({ first, children }: { first: Speech; children: ReactNode }) {
  const look = useKnown((known) => known.look);
  return (
    <Dressed first={first} chosen={look} system={look.facts?.languages ?? navigator.languages}>
      <Titled />
      {children}
    </Dressed>
  );
}

/** The window's own title, which the system shows. */
function Titled() {
  const { say } = useWords();
  useEffect(() => {
    document.title = say('diag.window');
  }, [say]);
  return null;
}
