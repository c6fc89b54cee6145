import { X } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { focusComposer } from '../composer/focus-composer.ts';

/** How long it stands, ms; longer while somebody is about to do something with it (WCAG 2.2.1). */
const STANDS = 10_000;

/** What was done in this conversation just now: it goes by itself. */
export function PassingLine(props: {
  /** Null without one; another one stands anew for its whole time. */
  what: object | null;
  icon: ReactNode;
  testId: string;
  onOver: () => void;
  children: ReactNode;
}) {
  const { what, icon, testId, onOver, children } = props;
  const { say } = useWords();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (what === null || held) return undefined;
    const timer = setTimeout(onOver, STANDS);
    return () => clearTimeout(timer);
  }, [what, held, onOver]);
  // It went under the pointer, or with the focus in it: nothing tells of their leaving then.
  if (what === null && held) setHeld(false);
  return (
    <div className="passing-frame" role="status">
      {what !== null && (
        // biome-ignore lint/a11y/noStaticElementInteractions: who points at it, or is in it, has time
        <div
          className="passing-line"
          data-testid={testId}
          onMouseEnter={() => setHeld(true)}
          onMouseLeave={() => setHeld(false)}
          onFocus={() => setHeld(true)}
          onBlur={() => setHeld(false)}
        >
          {icon}
          {children}
          <button
            type="button"
            className="button icon quiet small-icon"
            aria-label={say('base.close')}
            onClick={() => {
              onOver();
              focusComposer();
            }}
          >
            <X size={14} aria-hidden="true" />
          </button>
        </div>
      )}
    </div>
  );
}
