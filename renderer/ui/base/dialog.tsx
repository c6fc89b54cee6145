import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode, type RefObject, useRef } from 'react';
import { useWords } from '../../i18n/words.tsx';

export interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  /** One sentence below the title; read out with it. */
  description?: ReactNode;
  /** `wide` for lists, `rooms` for side tabs in a sheet of one height, `narrow` (30rem) else. */
  size?: 'narrow' | 'wide' | 'rooms';
  /** Who gets the focus first; where absent the first field, or what goes on, or the cross. */
  initialFocus?: RefObject<HTMLElement | null>;
  /** Who gets the focus when it closes; where absent, or null, who had it before. */
  focusAfter?: () => HTMLElement | null;
  testId?: string;
  children?: ReactNode;
}

const FIELD =
  'input:enabled:not([type="file"], [type="hidden"], [type="range"], [type="checkbox"], [type="radio"]), textarea:enabled';

/** A modal dialog: Escape, the cross and a click beside it close it; the focus stays inside and comes back. */
export function Dialog(props: DialogProps) {
  const {
    open,
    onClose,
    title,
    description,
    size = 'narrow',
    initialFocus,
    focusAfter,
    testId,
    children,
  } = props;
  const { say } = useWords();
  const body = useRef<HTMLDivElement>(null);
  const first = () =>
    body.current?.querySelector<HTMLElement>(FIELD) ??
    body.current?.querySelector<HTMLElement>('.button.primary:enabled') ??
    true;
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="veil" forceRender />
        <Base.Popup
          className={`sheet sheet-${size}`}
          data-testid={testId}
          initialFocus={initialFocus ?? first}
          finalFocus={() => focusAfter?.() ?? true}
        >
          <header className="sheet-head">
            <div>
              <Base.Title className="sheet-title">{title}</Base.Title>
              {description !== undefined && (
                <Base.Description className="sheet-lead">{description}</Base.Description>
              )}
            </div>
            <Base.Close className="button icon quiet" aria-label={say('base.close')}>
              <X size={16} aria-hidden="true" />
            </Base.Close>
          </header>
          <div ref={body} className="sheet-body">
            {children}
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** The buttons that end a dialog, the one that goes on last. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="sheet-actions">{children}</div>;
}

export interface ConfirmProps {
  open: boolean;
  title: string;
  description: ReactNode;
  /** What happens, as a verb: "Discard", not "OK". */
  action: string;
  dangerous?: boolean;
  onConfirm: () => void;
  onCancel: () => void;
  testId?: string;
}

/** A question that must be answered; the careful answer has the focus. */
export function Confirm(props: ConfirmProps) {
  const { open, title, description, action, dangerous = false, onConfirm, onCancel, testId } = props;
  const { say } = useWords();
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !next && onCancel()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="veil" forceRender />
        <AlertDialog.Popup className="sheet sheet-narrow" data-testid={testId}>
          <header className="sheet-head">
            <div>
              <AlertDialog.Title className="sheet-title">{title}</AlertDialog.Title>
              <AlertDialog.Description className="sheet-lead">{description}</AlertDialog.Description>
            </div>
          </header>
          <DialogActions>
            <AlertDialog.Close className="button">{say('base.cancel')}</AlertDialog.Close>
            <button
              type="button"
              className={dangerous ? 'button danger' : 'button primary'}
              data-testid={testId === undefined ? undefined : `${testId}-confirm`}
              onClick={onConfirm}
            >
              {action}
            </button>
          </DialogActions>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
