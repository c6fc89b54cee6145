import { Switch as Base } from '@base-ui/react/switch';
import { type ReactNode, useId } from 'react';

export interface SwitchProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  label: string;
  /** What it means, below the label. */
  hint?: ReactNode;
  disabled?: boolean;
  /** Its id among the settings, by which it is found (settings/setting-list.ts). */
  setting?: string;
  testId?: string;
}

/** A line that is on or off, and acts at once. */
export function Switch(props: SwitchProps) {
  const { checked, onChange, label, hint, disabled = false, setting, testId } = props;
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
        className="switch"
        checked={checked}
        disabled={disabled}
        data-testid={testId}
        aria-labelledby={`${id}-label`}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onCheckedChange={(next) => onChange(next)}
      >
        <Base.Thumb className="switch-thumb" />
      </Base.Root>
    </div>
  );
}
