import { ALargeSmall, History, SmilePlus } from 'lucide-react';
import { memo } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { EmojiButton } from '../emoji/emoji-button.tsx';
import { keysForReaders, keysText } from '../keyboard/keys.ts';

/** Opens and closes the bar of formats; what is selected in the text stays so. */
export const FormatsButton = memo(function FormatsButton(props: { shown: boolean; onToggle: () => void }) {
  const { shown, onToggle } = props;
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
});

export const EmojiTool = memo(function EmojiTool({ onPick }: { onPick: (unicode: string) => void }) {
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
});

/** The texts that stood here before. */
export const EarlierButton = memo(function EarlierButton({ onOpen }: { onOpen: () => void }) {
  const { say } = useWords();
  return (
    <button
      type="button"
      className="button icon quiet tool"
      data-testid="earlier-open"
      aria-label={say('draft.earlier')}
      title={say('draft.earlier')}
      onClick={onOpen}
    >
      <History size={18} aria-hidden="true" />
    </button>
  );
});
