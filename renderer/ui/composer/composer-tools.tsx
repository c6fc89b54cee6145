import { ALargeSmall, SmilePlus } from 'lucide-react';
import { useWords } from '../../i18n/words.tsx';
import { EmojiButton } from '../emoji/emoji-button.tsx';
import { keysForReaders, keysText } from '../keyboard/keys.ts';

/** Opens and closes the bar of formats; what is selected in the text stays so. */
export function FormatsButton({ shown, onToggle }: { shown: boolean; onToggle: () => void }) {
  const { say } = useWords();
  return (
    <button
      type="button"
      className="button icon quiet tool"
      data-testid="format-open"
      aria-label={say('format.bar')}
      aria-expanded={shown}
      title={say('format.bar')}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onToggle}
    >
      <ALargeSmall size={18} aria-hidden="true" />
    </button>
  );
}

export function EmojiTool({ onPick }: { onPick: (unicode: string) => void }) {
  const { say } = useWords();
  return (
    <EmojiButton
      title={say('emoji.open')}
      trigger={
        <button
          type="button"
          className="button icon quiet tool"
          data-testid="emoji-open"
          aria-label={say('emoji.open')}
          title={`${say('emoji.open')} (${keysText('emoji')})`}
          aria-keyshortcuts={keysForReaders('emoji')}
        >
          <SmilePlus size={18} aria-hidden="true" />
        </button>
      }
      onPick={onPick}
    />
  );
}
