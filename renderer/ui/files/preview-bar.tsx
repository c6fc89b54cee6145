import { Link2, LoaderCircle, X } from 'lucide-react';
import { useWords } from '../../i18n/words.tsx';
import { focusComposer } from '../composer/focus-composer.ts';
import { hostOf } from './page-preview.tsx';
import type { Preview } from './use-preview.ts';

/** Above the text: what will be shown of the page that it names, or the question whether it shall be. */
export function PreviewBar({ preview }: { preview: Preview }) {
  const { say } = useWords();
  const { state, url } = preview;
  if (state === 'none' || url === null) return null;
  const host = hostOf(url);
  if (state === 'ask')
    return (
      <div className="preview-bar preview-ask">
        <button
          type="button"
          className="button small"
          data-testid="preview-ask"
          title={say('preview.tells', { host })}
          onClick={() => {
            preview.want();
            focusComposer();
          }}
        >
          <Link2 size={14} aria-hidden="true" />
          {say('preview.ask', { host })}
        </button>
        <span className="fine">{say('preview.tells', { host })}</span>
      </div>
    );
  const there = preview.preview;
  return (
    <div className="preview-bar" data-testid="preview-bar" data-state={state} aria-live="polite">
      {state === 'asking' ? (
        <LoaderCircle size={16} className="spin" aria-hidden="true" />
      ) : (
        <Link2 size={16} aria-hidden="true" />
      )}
      <span className="file-words">
        <bdi className="file-name">
          {there
            ? (there.title ?? there.siteName ?? host)
            : say(state === 'asking' ? 'preview.asking' : 'preview.none', { host })}
        </bdi>
        {there && <span className="fine">{there.siteName ?? host}</span>}
      </span>
      <button
        type="button"
        className="button icon quiet small-icon"
        aria-label={say('preview.remove')}
        title={say('preview.remove')}
        data-testid="preview-remove"
        onClick={() => {
          preview.remove();
          focusComposer();
        }}
      >
        <X size={16} aria-hidden="true" />
      </button>
    </div>
  );
}
