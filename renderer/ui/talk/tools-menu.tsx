import {
  Bookmark,
  CalendarClock,
  CalendarSearch,
  MoreVertical,
  Pin,
  SeparatorHorizontal,
} from 'lucide-react';
import { type FormEvent, memo, useState } from 'react';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { firstNews } from '../../store/unread-line.ts';
import { Dialog, DialogActions } from '../base/dialog.tsx';
import { Menu, MenuItem } from '../base/menu.tsx';
import { useKnown, useMatchbook } from '../use-store.ts';

/** Ways through a conversation: to a date, to what is new, to what was put aside. */
export const ToolsMenu = memo(function ToolsMenu({ address }: { address: Address }) {
  const store = useMatchbook();
  const { say } = useWords();
  const [dating, setDating] = useState(false);
  return (
    <>
      <Menu
        trigger={
          <button
            type="button"
            className="button icon quiet"
            data-testid="tools-menu"
            aria-label={say('tools.menu')}
            title={say('tools.menu')}
          >
            <MoreVertical size={18} aria-hidden="true" />
          </button>
        }
      >
        <MenuItem icon={<CalendarSearch size={15} />} testId="tools-date" onSelect={() => setDating(true)}>
          {say('tools.date')}
        </MenuItem>
        <UnreadItem address={address} />
        <MenuItem
          icon={<Pin size={15} />}
          testId="tools-pinned"
          onSelect={() => store.talk.show({ kind: 'pinned' })}
        >
          {say('shelf.pinned')}
        </MenuItem>
        <MenuItem
          icon={<Bookmark size={15} />}
          testId="tools-saved"
          onSelect={() => store.talk.show({ kind: 'saved' })}
        >
          {say('shelf.saved')}
        </MenuItem>
        <MenuItem
          icon={<CalendarClock size={15} />}
          testId="tools-scheduled"
          onSelect={() => store.talk.show({ kind: 'scheduled' })}
        >
          {say('shelf.scheduled')}
        </MenuItem>
      </Menu>
      {dating && <DateDialog address={address} onClose={() => setDating(false)} />}
    </>
  );
});

export function DateDialog({ address, onClose }: { address: Address; onClose: () => void }) {
  const store = useMatchbook();
  const { say } = useWords();
  const [date, setDate] = useState(() => localDate(Date.now()));
  const [none, setNone] = useState(false);
  const go = async (event: FormEvent) => {
    event.preventDefault();
    // Midnight where the person is.
    const at = new Date(`${date}T00:00`).getTime();
    if (Number.isNaN(at)) return;
    const n = await store.talk.dated(address, Math.max(0, at));
    if (n === null) return setNone(true);
    onClose();
    store.navigation.jumpTo(address, n);
  };
  return (
    <Dialog open onClose={onClose} title={say('tools.dateTitle')} testId="date-dialog">
      <form onSubmit={(event) => void go(event)}>
        <label className="stacked">
          {say('tools.dateLabel')}
          <input
            type="date"
            className="field"
            data-testid="date-input"
            max={localDate(Date.now())}
            value={date}
            required
            onChange={(event) => setDate(event.target.value)}
          />
        </label>
        {none && <p className="error">{say('tools.dateNone')}</p>}
        <DialogActions>
          <button type="submit" className="button primary" data-testid="date-go">
            {say('tools.go')}
          </button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** As inputs of type date want it, by the clock of this computer. */
export function localDate(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function UnreadItem({ address }: { address: Address }) {
  const store = useMatchbook();
  const { say } = useWords();
  const { account, conv } = address;
  const first = useKnown(({ timeline, conversations }) => {
    const unread = conversations[account]?.find((row) => row.conv === conv)?.unread ?? 0;
    return timeline && firstNews(timeline, unread);
  });
  return (
    <MenuItem
      icon={<SeparatorHorizontal size={15} />}
      testId="tools-unread"
      disabled={first === null}
      onSelect={() => first !== null && void store.reading.toLineAt(first, store.places.here())}
    >
      {say('tools.unread')}
    </MenuItem>
  );
}
