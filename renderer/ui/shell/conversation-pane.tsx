import type { AccountSummary, ConversationRow } from '@matchbook/protocol/bridge/views';
import { AppWindow, ChevronLeft } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { addressKey } from '../../store/state.ts';
import { Avatar } from '../avatar.tsx';
import { Composer } from '../composer/composer.tsx';
import { LeftComposer } from '../composer/left-composer.tsx';
import { ConversationBell } from '../notifications/conversation-bell.tsx';
import { otherName } from '../people.ts';
import { Timeline } from '../timeline/timeline.tsx';
import { useMatchbook } from '../use-store.ts';
import { ConnectionStatus } from './connection-status.tsx';

/** One conversation: who it is with, what was said, and the place to answer. `children` stand above the timeline. */
export function ConversationPane(props: {
  account: AccountSummary;
  row: ConversationRow;
  /** Null in a window of its own, which has no list to go back to. */
  onBack: (() => void) | null;
  children: ReactNode;
}) {
  const { account, row } = props;
  const store = useMatchbook();
  const { say } = useWords();
  const name = otherName(row, account.user);
  const title = row.self ? say('app.selfTitle') : (name ?? say('app.someone'));
  const address = useMemo(() => ({ account: row.account, conv: row.conv }), [row.account, row.conv]);
  const other = row.members.find((member) => member.user !== account.user)?.user ?? row.conv;
  return (
    <main className="conversation-pane">
      <header className="pane-head">
        {props.onBack && (
          <button
            type="button"
            className="button icon quiet back-to-list"
            aria-label={say('sidebar.back')}
            data-testid="back-to-list"
            onClick={props.onBack}
          >
            <ChevronLeft size={20} className="turns" aria-hidden="true" />
          </button>
        )}
        <Avatar id={other} name={name} self={row.self} />
        <div className="pane-who">
          <h1>
            <bdi>{title}</bdi>
          </h1>
          <ConnectionStatus account={account} />
        </div>
        {!row.self && <ConversationBell address={address} row={row} />}
        {props.onBack && (
          <button
            type="button"
            className="button icon quiet"
            aria-label={say('sidebar.window')}
            title={say('sidebar.window')}
            data-testid="pane-window"
            onClick={() => void store.openWindow(address)}
          >
            <AppWindow size={18} aria-hidden="true" />
          </button>
        )}
      </header>
      <div className="pane-cards">{props.children}</div>
      <Timeline
        key={`timeline-${addressKey(address)}`}
        address={address}
        row={row}
        account={account}
        title={title}
      />
      {row.member ? (
        <Composer key={`composer-${addressKey(address)}`} address={address} title={title} self={row.self} />
      ) : (
        <LeftComposer key={`composer-${addressKey(address)}`} address={address} />
      )}
    </main>
  );
}
