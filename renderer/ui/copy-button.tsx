import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useMatchbook } from './use-store.ts';

/** How long the button says that it copied, ms. */
const SAID_FOR = 2_000;

export function CopyButton(props: {
  text: string | null;
  label: string;
  copied: string;
  testId: string;
  primary?: boolean;
}) {
  const store = useMatchbook();
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), SAID_FOR);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = async () => {
    if (props.text === null) return;
    const answer = await store.copy(props.text);
    setDone(answer.ok);
  };
  return (
    <button
      type="button"
      className={props.primary ? 'button primary' : 'button'}
      data-testid={props.testId}
      disabled={props.text === null}
      onClick={() => void copy()}
    >
      {done ? <Check size={16} aria-hidden="true" /> : <Copy size={16} aria-hidden="true" />}
      <span aria-live="polite" className="copy-words" data-other={done ? props.label : props.copied}>
        {done ? props.copied : props.label}
      </span>
    </button>
  );
}
