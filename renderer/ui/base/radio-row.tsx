import { type ReactNode, useId } from 'react';

export interface RadioRowProps<T extends string> {
  value: T;
  options: readonly { value: T; label: string; swatch?: string }[];
  onChange: (value: T) => void;
  label: string;
  hint?: ReactNode;
  setting?: string;
  testId?: string;
}

/** A line with one of a few values that are all in sight: as words, or as colours with a name. */
export function RadioRow<T extends string>(props: RadioRowProps<T>) {
  const { value, options, onChange, label, hint, setting, testId } = props;
  const id = useId();
  return (
    <fieldset className="setting radio-row" data-setting={setting} data-testid={testId}>
      <legend className="only-read">{label}</legend>
      <div className="setting-words" aria-hidden="true">
        <span className="setting-label">{label}</span>
        {hint !== undefined && <span className="fine">{hint}</span>}
      </div>
      <div className="radios">
        {options.map((option) => (
          <label
            key={option.value}
            className={option.swatch === undefined ? 'radio' : 'radio swatch'}
            title={option.swatch === undefined ? undefined : option.label}
            data-swatch={option.swatch}
          >
            <input
              type="radio"
              name={id}
              value={option.value}
              checked={option.value === value}
              aria-label={option.label}
              onChange={() => onChange(option.value)}
            />
            {option.swatch === undefined && <span>{option.label}</span>}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export interface SliderProps {
  value: number;
  least: number;
  most: number;
  step: number;
  onChange: (value: number) => void;
  label: string;
  hint?: ReactNode;
  /** The value in words, beside the slider and read out. */
  shown: string;
  setting?: string;
  testId?: string;
}

/** A line with a number in a range. */
export function Slider({
  value,
  least,
  most,
  step,
  onChange,
  label,
  hint,
  shown,
  setting,
  testId,
}: SliderProps) {
  const id = useId();
  return (
    <div className="setting" data-setting={setting}>
      <div className="setting-words">
        <label className="setting-label" htmlFor={id}>
          {label}
        </label>
        {hint !== undefined && (
          <span className="fine" id={`${id}-hint`}>
            {hint}
          </span>
        )}
      </div>
      <span className="slider">
        <input
          id={id}
          type="range"
          min={least}
          max={most}
          step={step}
          value={value}
          aria-valuetext={shown}
          aria-describedby={hint === undefined ? undefined : `${id}-hint`}
          data-testid={testId}
          onChange={(event) => onChange(Number(event.target.value))}
        />
        <output htmlFor={id} className="fine">
          {shown}
        </output>
      </span>
    </div>
  );
}
