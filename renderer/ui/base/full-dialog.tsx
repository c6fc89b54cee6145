import { Dialog as Base } from '@base-ui/react/dialog';
import type { KeyboardEvent, ReactNode } from 'react';

/** A modal dialog that fills the window; Escape closes it, the focus stays inside and comes back. */
export function FullDialog(props: {
  title: string;
  onClose: () => void;
  testId?: string;
  /** Of the whole dialog: it has the focus itself where what had it went away. */
  onKeyDown?: (event: KeyboardEvent) => void;
  children: ReactNode;
}) {
  const { title, onClose, testId, onKeyDown, children } = props;
  return (
    <Base.Root open onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Popup className="full-dialog" data-testid={testId} onKeyDown={onKeyDown}>
          <Base.Title className="only-read">{title}</Base.Title>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
