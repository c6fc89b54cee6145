import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { Copy, Info, Pause, PencilLine, RotateCw, SendHorizontal, Trash2 } from 'lucide-react';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { MenuItem, MenuSeparator } from '../base/menu.tsx';
import { COMPOSER_ID } from '../composer/focus-composer.ts';
import { useMatchbook } from '../use-store.ts';

/** What can be done about a message that has not gone out, in its menu: what its buttons do, and what the outbox does. */
export function UnsentMenu(props: {
  address: Address;
  row: TimelineRow;
  /** Null where there are no words to copy. */
  text: string | null;
  focusAfter: (element: HTMLElement | null) => void;
  onDetails: () => void;
}) {
  const { address, row, text, focusAfter, onDetails } = props;
  const store = useMatchbook();
  const { sending } = store;
  const { say } = useWords();
  const held = row.waits?.held === true;
  // Its row goes, or becomes another one.
  const elsewhere = (act: () => void) => () => {
    focusAfter(document.getElementById(COMPOSER_ID));
    act();
  };
  return (
    <>
      {row.delivery === 'failed' ? (
        <MenuItem
          icon={<RotateCw size={15} />}
          testId="unsent-retry"
          onSelect={elsewhere(() => void sending.retry(address, row))}
        >
          {say('row.retry')}
        </MenuItem>
      ) : (
        <MenuItem
          icon={held ? <SendHorizontal size={15} className="turns" /> : <Pause size={15} />}
          testId="unsent-hold"
          onSelect={() => void sending.hold(address, row, !held)}
        >
          {say(held ? 'outbox.sendNow' : 'outbox.hold')}
        </MenuItem>
      )}
      <MenuItem
        icon={<PencilLine size={15} />}
        testId="unsent-to-draft"
        onSelect={elsewhere(() => void sending.toDraft(address, row))}
      >
        {say('row.toDraft')}
      </MenuItem>
      {text !== null && text !== '' && (
        <MenuItem icon={<Copy size={15} />} testId="message-copy" onSelect={() => void store.copy(text)}>
          {say('message.copy')}
        </MenuItem>
      )}
      <MenuItem icon={<Info size={15} />} testId="message-details" onSelect={onDetails}>
        {say('passport.open')}
      </MenuItem>
      <MenuSeparator />
      <MenuItem
        icon={<Trash2 size={15} />}
        dangerous
        testId="unsent-discard"
        onSelect={elsewhere(() => void sending.discard(address, row))}
      >
        {say('row.discard')}
      </MenuItem>
    </>
  );
}
