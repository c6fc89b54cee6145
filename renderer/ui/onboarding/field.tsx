import { CircleAlert } from 'lucide-react';
import { type InputHTMLAttributes, type ReactNode, useId } from 'react';

/** A labelled input whose error stands beside it and is read with it. */
export function Field(
  props: InputHTMLAttributes<HTMLInputElement> & {
    label: string;
    error: string | null;
    hint?: ReactNode;
    testId: string;
  },
) {
  const { label, error, hint, testId, ...input } = props;
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        data-testid={testId}
        dir="auto"
        spellCheck={false}
        autoComplete="off"
        aria-invalid={error !== null}
        aria-describedby={`${id}-said`}
      />
      <div id={`${id}-said`} className="field-said" aria-live="polite">
        {error !== null ? (
          <p className="error">
            <CircleAlert size={15} aria-hidden="true" />
            {error}
          </p>
        ) : (
          hint
        )}
      </div>
    </div>
  );
}
