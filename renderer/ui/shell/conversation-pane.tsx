import type { AccountSummary, ConversationRow } from '@matchbook/protocol/bridge/views';
import { AppWindow, ChevronLeft, Info } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { useWords } from '../../i18n/words.tsx';
import { addressKey } from '../../store/state.ts';
import { Composer } from '../composer/composer.tsx';
import { COMPOSER_ID } from '../composer/focus-composer.ts';
import { LeftComposer } from '../composer/left-composer.tsx';
import { DraggedLine } from '../files/drag-out.tsx';
import { DropTarget } from '../files/drop-target.tsx';
import { GalleryHost } from '../files/gallery-host.tsx';
import { INFO_BUTTON } from '../groups/info-button.ts';
import { InfoDoor } from '../groups/info-door.tsx';
import { ConversationBell } from '../notifications/conversation-bell.tsx';
import { BlockedLine } from '../people/blocked-line.tsx';
import { ConversationAvatar } from '../people/conversation-avatar.tsx';
import { PanePresence } from '../people/pane-presence.tsx';
import { useNames } from '../people/use-names.ts';
import { usePanels } from '../people/use-people.ts';
import { otherName } from '../people.ts';
import { ForwardedLine } from '../talk/forwarded-line.tsx';
import { GivenUpLine } from '../talk/given-up-line.tsx';
import { ToolsMenu } from '../talk/tools-menu.tsx';
import { UndoLine } from '../talk/undo-line.tsx';
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
  const name = otherName(row, account.user, say);
  const nameOf = useNames(row, account);
  const title = row.self ? say('app.selfTitle') : (name ?? say('app.someone'));
  const address = useMemo(() => ({ account: row.account, conv: row.conv }), [row.account, row.conv]);
  const informed = usePanels(({ info }) => info?.account === row.account && info.conv === row.conv);
  return (
    <div className={informed ? 'pane-split pane-informed' : 'pane-split'}>
      <main
        className="conversation-pane"
        onInput={({ target }) => {
          if (target instanceof HTMLTextAreaElement && target.id === COMPOSER_ID && !row.self)
            store.groups.typing(address, target.value.trim() !== '');
        }}
      >
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
          <button
            type="button"
            className="pane-about"
            tabIndex={-1}
            aria-hidden="true"
            onClick={() => store.panels.toggleInfo(address)}
          >
            <ConversationAvatar row={row} user={account.user} />
          </button>
          <div className="pane-who">
            <h1>
              <bdi>{title}</bdi>
            </h1>
            <div className="pane-line">
              <PanePresence row={row} user={account.user} />
              <ConnectionStatus account={account} />
            </div>
          </div>
          {!row.self && <ConversationBell address={address} mutedUntil={row.mutedUntil} />}
          <ToolsMenu address={address} />
          <button
            type="button"
            id={INFO_BUTTON}
            className="button icon quiet"
            aria-label={say('info.open')}
            title={say('info.open')}
            aria-expanded={informed}
            data-testid="info-open"
            onClick={() => store.panels.toggleInfo(address)}
          >
            <Info size={18} aria-hidden="true" />
          </button>
          {props.onBack && (
            <button
              type="button"
              className="button icon quiet pane-spare"
              aria-label={say('sidebar.window')}
              title={say('sidebar.window')}
              data-testid="pane-window"
              onClick={() => void store.navigation.openWindow(address)}
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
        <GalleryHost address={address} nameOf={nameOf} />
        <UndoLine key={`undo-${addressKey(address)}`} address={address} />
        <GivenUpLine address={address} />
        <ForwardedLine account={account} />
        <DraggedLine />
        {row.member && !row.self && <BlockedLine row={row} user={account.user} name={title} />}
        {row.member && <DropTarget address={address} title={title} self={row.self} />}
        {row.member ? (
          <Composer
            key={`composer-${addressKey(address)}`}
            address={address}
            title={title}
            self={row.self}
            form={row.form}
            members={row.members}
            account={account}
          />
        ) : (
          <LeftComposer key={`composer-${addressKey(address)}`} address={address} />
        )}
      </main>
      <InfoDoor account={account} row={row} />
    </div>
  );
}
