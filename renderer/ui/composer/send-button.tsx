import { ArrowUp, BellOff, CalendarClock } from 'lucide-react';
import { memo } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { ContextMenu, MenuItem } from '../base/menu.tsx';

/** Sends; by right click, a long press or the menu key in other ways. */
export const SendButton = memo(function SendButton(props: {
  ready: boolean;
  onSilent: () => void;
  onLater: () => void;
}) {
  const { ready, onSilent, onLater } = props;
  const { say } = useWords();
  return (
    <ContextMenu
      menu={
        <>
          <MenuItem icon={<BellOff size={15} />} testId="send-silent" disabled={!ready} onSelect={onSilent}>
            {say('send.silent')}
          </MenuItem>
          <MenuItem
            icon={<CalendarClock size={15} />}
            testId="send-later"
            disabled={!ready}
            onSelect={onLater}
          >
            {say('send.later')}
          </MenuItem>
        </>
      }
    >
      <span className="send-frame">
        <button
          type="submit"
          className="button icon primary send"
          data-testid="send"
          aria-label={say('composer.send')}
          title={say('send.hint')}
          disabled={!ready}
        >
          <ArrowUp size={18} aria-hidden="true" />
        </button>
      </span>
    </ContextMenu>
  );
});
