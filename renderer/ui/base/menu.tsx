import { ContextMenu as ContextBase } from '@base-ui/react/context-menu';
import { Menu as Base } from '@base-ui/react/menu';
import { Check, ChevronRight } from 'lucide-react';
import { type ReactElement, type ReactNode, useRef } from 'react';

export interface MenuProps {
  /** The button that opens it, with its own accessible name. */
  trigger: ReactElement;
  align?: 'start' | 'end';
  side?: 'top' | 'bottom';
  onOpenChange?: (open: boolean) => void;
  children: ReactNode;
}

/** A menu on a button: arrows, first letters, Escape; the focus comes back to the button. */
export function Menu({ trigger, align = 'end', side = 'bottom', onOpenChange, children }: MenuProps) {
  return (
    <Base.Root {...(onOpenChange ? { onOpenChange: (open: boolean) => onOpenChange(open) } : {})}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className="floating" align={align} side={side} sideOffset={4} collisionPadding={8}>
          <Base.Popup className="menu">{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** What a menu stands at: a button, or a point of the page. */
export type MenuAnchor = Element | { getBoundingClientRect(): DOMRect };

export interface AnchoredMenuProps {
  open: boolean;
  anchor: MenuAnchor;
  onClose: () => void;
  /** Who gets the focus when it closes; nobody where null. */
  focusAfter: () => HTMLElement | null;
  children: ReactNode;
}

/** A menu that many buttons share. */
export function AnchoredMenu({ open, anchor, onClose, focusAfter, children }: AnchoredMenuProps) {
  const portal = useRef<HTMLDivElement>(null);
  /** It is gone only once it has faded: whoever clicked on something else meanwhile keeps the focus, or what they opened would close. */
  const isFocusFree = () => {
    const { activeElement, body } = document;
    return activeElement === null || activeElement === body || portal.current?.contains(activeElement);
  };
  return (
    <Base.Root open={open} onOpenChange={(next: boolean) => !next && onClose()} modal={false}>
      <Base.Portal ref={portal}>
        <Base.Positioner
          className="floating"
          anchor={anchor}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          // Rather over what it stands at than cut off: at a point there is nothing to keep in view.
          collisionAvoidance={{ side: 'shift', align: 'shift' }}
        >
          <Base.Popup
            className="menu"
            // By hand: of what is no stop of the Tab key, the library would take the first stop within.
            finalFocus={() => {
              if (isFocusFree()) focusAfter()?.focus({ preventScroll: true });
              return false;
            }}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** The same menu by right click, long press, or the keyboard's menu key on `children`. */
export function ContextMenu({ menu, children }: { menu: ReactNode; children: ReactElement }) {
  return (
    <ContextBase.Root>
      <ContextBase.Trigger render={children} />
      <ContextBase.Portal>
        <ContextBase.Positioner
          className="floating"
          collisionPadding={8}
          collisionAvoidance={{ side: 'shift', align: 'shift' }}
        >
          <ContextBase.Popup className="menu">{menu}</ContextBase.Popup>
        </ContextBase.Positioner>
      </ContextBase.Portal>
    </ContextBase.Root>
  );
}

export interface MenuItemProps {
  icon?: ReactNode;
  /** Shown at the end of the line; the key itself is heard elsewhere. */
  shortcut?: string;
  dangerous?: boolean;
  disabled?: boolean;
  testId?: string;
  onSelect: () => void;
  children: ReactNode;
}

export function MenuItem(props: MenuItemProps) {
  const { icon, shortcut, dangerous = false, disabled = false, testId, onSelect, children } = props;
  return (
    <Base.Item
      className={dangerous ? 'menu-item dangerous' : 'menu-item'}
      disabled={disabled}
      data-testid={testId}
      onClick={onSelect}
    >
      <span className="menu-icon" aria-hidden="true">
        {icon}
      </span>
      <span className="menu-words">{children}</span>
      {shortcut !== undefined && <kbd className="menu-key">{shortcut}</kbd>}
    </Base.Item>
  );
}

export interface SubmenuProps {
  icon?: ReactNode;
  label: string;
  testId?: string;
  children: ReactNode;
}

/** A menu behind a line of a menu: by pointing, a click, Enter, or the arrow that leads there. */
export function Submenu({ icon, label, testId, children }: SubmenuProps) {
  return (
    <Base.SubmenuRoot>
      <Base.SubmenuTrigger className="menu-item" data-testid={testId}>
        <span className="menu-icon" aria-hidden="true">
          {icon}
        </span>
        <span className="menu-words">{label}</span>
        <ChevronRight size={14} className="turns" aria-hidden="true" />
      </Base.SubmenuTrigger>
      <Base.Portal>
        <Base.Positioner className="floating" sideOffset={2} alignOffset={-4} collisionPadding={8}>
          <Base.Popup className="menu">{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.SubmenuRoot>
  );
}

export function MenuSeparator() {
  return <Base.Separator className="menu-rule" />;
}

export interface MenuChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
}

/** One of several, inside of a menu. */
export function MenuChoice<T extends string>({ label, value, options, onChange }: MenuChoiceProps<T>) {
  return (
    <Base.Group>
      <Base.GroupLabel className="menu-label">{label}</Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={(next: T) => onChange(next)}>
        {options.map((option) => (
          <Base.RadioItem key={option.value} value={option.value} className="menu-item" closeOnClick>
            <span className="menu-icon" aria-hidden="true">
              <Base.RadioItemIndicator>
                <Check size={14} />
              </Base.RadioItemIndicator>
            </span>
            <span className="menu-words">{option.label}</span>
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  );
}
