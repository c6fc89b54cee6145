import { Popover as Base } from '@base-ui/react/popover';
import type { ReactElement, ReactNode } from 'react';

export interface PopoverProps {
  /** The button that opens it, with its own accessible name. */
  trigger: ReactElement;
  /** Heading, read out as its name. */
  title: string;
  align?: 'start' | 'center' | 'end';
  side?: 'top' | 'bottom';
  /** Where its owner says whether it is open. */
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  children: ReactNode;
}

/** A small panel on a button that is not modal: more about a thing, or a picker. */
export function Popover(props: PopoverProps) {
  const { trigger, title, align = 'start', side = 'bottom', open, onOpenChange, children } = props;
  return (
    <Base.Root
      {...(open === undefined ? {} : { open })}
      {...(onOpenChange ? { onOpenChange: (next: boolean) => onOpenChange(next) } : {})}
    >
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className="floating" align={align} side={side} sideOffset={6} collisionPadding={8}>
          <Base.Popup className="popover">
            <Base.Title className="popover-title">{title}</Base.Title>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
