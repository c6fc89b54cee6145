import type { AccountSummary } from '@matchbook/protocol/bridge/views';
import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { useWords } from '../../i18n/words.tsx';
import type { Address } from '../../store/state.ts';
import { focusComposer } from '../composer/focus-composer.ts';
import { useEscape } from '../keyboard/use-escape.ts';
import { useMatchbook } from '../use-store.ts';
import { PinnedList, SavedList } from './lists.tsx';
import { ScheduledMessages } from './scheduled-messages.tsx';
import { ThreadList } from './thread-list.tsx';

/** Beside the conversation: one list of messages at a time. */
export function ShelfPane(props: {
  address: Address;
  account: AccountSummary;
  nameOf: (user: string) => string;
  leadTo: (n: number) => void;
}) {
  const { address, account, nameOf, leadTo } = props;
  const store = useMatchbook();
  const { say } = useWords();
  const shelf = useStore(store.talk.state, (state) => state.shelf);
  const pane = useRef<HTMLElement>(null);
  const kind = shelf?.kind;
  useEffect(() => {
    if (kind !== undefined) pane.current?.focus();
  }, [kind]);
  const close = () => {
    const within = pane.current?.contains(document.activeElement);
    store.talk.show(null);
    if (within) focusComposer();
  };
  useEscape(shelf !== null, close);
  if (!shelf) return null;
  const list = { address, user: account.user, nameOf, leadTo };
  return (
    <aside
      ref={pane}
      className="shelf"
      tabIndex={-1}
      aria-label={say(`shelf.${shelf.kind}`)}
      data-testid={`shelf-${shelf.kind}`}
    >
      <header className="shelf-head">
        <h2>{say(`shelf.${shelf.kind}`)}</h2>
        <button
          type="button"
          className="button icon quiet small"
          aria-label={say('shelf.close')}
          data-testid="shelf-close"
          onClick={close}
        >
          <X size={16} aria-hidden="true" />
        </button>
      </header>
      <div className="shelf-body">
        {shelf.kind === 'pinned' && <PinnedList {...list} />}
        {shelf.kind === 'saved' && <SavedList {...list} />}
        {shelf.kind === 'thread' && <ThreadList key={shelf.n} {...list} n={shelf.n} />}
        {shelf.kind === 'scheduled' && <ScheduledMessages account={account} />}
      </div>
    </aside>
  );
}
