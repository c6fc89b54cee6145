import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';

/** Covered until one asks for it; who listens is not told it either. */
export function Spoiler({ children }: { children: ReactNode }) {
  const { say } = useWords();
  const [shown, setShown] = useState(false);
  const words = useRef<HTMLSpanElement>(null);
  // Where the button was, so that keys go on from there.
  useEffect(() => {
    if (shown) words.current?.focus({ preventScroll: true });
  }, [shown]);
  if (shown)
    return (
      <span ref={words} tabIndex={-1} className="spoiler spoiler-shown">
        {children}
      </span>
    );
  return (
    <button
      type="button"
      className="spoiler"
      aria-label={say('text.spoiler')}
      title={say('text.spoiler')}
      data-testid="spoiler"
      onClick={() => setShown(true)}
    >
      <span aria-hidden="true" inert>
        {children}
      </span>
    </button>
  );
}
