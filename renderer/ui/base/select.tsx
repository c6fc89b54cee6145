import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';
import { type ReactNode, useId } from 'react';

export interface SelectProps<T extends string> {
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
  label: string;
  hint?: ReactNode;
  disabled?: boolean;
  /** Its id among the settings, by which it is found (settings/setting-list.ts). */
  setting?: string;
  testId?: string;
}

/** A line with one of several values, that acts at once. */
export function Select<T extends string>(props: SelectProps<T>) {
  const { value, options, onChange, label, hint, disabled = false, setting, testId } = props;
  const id = useId();
  return (
    <div className="setting" data-setting={setting}>
      <div className="setting-words">
        <span id={`${id}-label`} className="setting-label">
          {label}
        </span>
        {hint !== undefined && (
          <span id={`${id}-hint`} className="fine">
            {hint}
          </span>
        )}
      </div>
      <Base.Root
        value={value}
        items={options}
        disabled={disabled}
        onValueChange={(next) => next !== null && onChange(next as T)}
      >
        <Base.Trigger
          className="button select"
          data-testid={testId}
          aria-labelledby={`${id}-label`}
          aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        >
          <Base.Value />
          <Base.Icon className="select-icon">
            <ChevronsUpDown size={14} aria-hidden="true" />
          </Base.Icon>
        </Base.Trigger>
        <Base.Portal>
          <Base.Positioner
            className="floating"
            sideOffset={4}
            collisionPadding={8}
            alignItemWithTrigger={false}
          >
            <Base.Popup className="menu select-list">
              <Base.List>
                {options.map((option) => (
                  <Base.Item key={option.value} value={option.value} className="menu-item">
                    <span className="menu-icon" aria-hidden="true">
                      <Base.ItemIndicator>
                        <Check size={14} />
                      </Base.ItemIndicator>
                    </span>
                    <Base.ItemText className="menu-words">{option.label}</Base.ItemText>
                  </Base.Item>
                ))}
              </Base.List>
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
    </div>
  );
}
