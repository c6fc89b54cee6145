import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';

/** A modal dialog that fills the window; Escape closes it, the focus stays inside and comes back. */
export function FullDialog(props: {
  title: string;
  onClose: () => void;
  testId?: string;
  children: ReactNode;
}) {
  const { title, onClose, testId, children } = props;
  return (
    <Base.Root open onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Popup className="full-dialog" data-testid={testId}>
          <Base.Title className="only-read">{title}</Base.Title>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
