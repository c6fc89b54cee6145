import { Copy } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { useMatchbook } from '../use-store.ts';

/** In the place of the composer where one is no member any more: what was begun is still there, and can be taken along. */
export function LeftComposer({ address }: { address: Address }) {
  const store = useMatchbook();
  const words = useWords();
  const { say } = words;
  const { text, failure } = useStore(store.sending.draft(address).state);
  const [said, setSaid] = useState<string | null>(null);
  const copy = async () => {
    const answer = await store.copy(text);
    setSaid(answer.ok ? say('draft.copied') : words.failure(answer.failure));
  };
  const line = failure ? words.failure(failure) : said;
  return (
    <div className="composer" data-testid="composer-left">
      <p className="fine">{say(text === '' ? 'draft.left' : 'draft.leftKept')}</p>
      {text !== '' && (
        <div className="composer-box">
          <textarea
            readOnly
            rows={Math.min(6, text.split('\n').length)}
            dir="auto"
            data-testid="composer"
            data-conv={address.conv}
            aria-label={say('draft.leftLabel')}
            value={text}
          />
          <button type="button" className="button" data-testid="draft-copy" onClick={() => void copy()}>
            <Copy size={16} aria-hidden="true" />
            {say('draft.copy')}
          </button>
        </div>
      )}
      <p className="fine" aria-live="polite">
        {line}
      </p>
    </div>
  );
}
