/** What windows may ask of main, call by call. */
import type { AppState } from '@matchbook/protocol/bridge/views';
import type { Accounts } from './accounts.ts';
import type { WindowHandlers } from './bridge.ts';
import type { ConnectionWishes } from './connection-wishes.ts';
import type { LocalStore } from './local-store/local-store.ts';
import type { Supervisor } from './supervisor/supervisor.ts';

export interface WindowCallParts {
  state(): AppState;
  dismissNotice(id: string): Promise<void>;
  accounts: Accounts;
  store: LocalStore;
  supervisor: Supervisor;
  wishes: ConnectionWishes;
  focused(account: string, conv: string | null): void;
  openLink(url: string, sender: number): Promise<void>;
  writeClipboard(text: string): void;
  showDiagnostics(): void;
}

export function windowCalls(parts: WindowCallParts): WindowHandlers {
  const { accounts, store, supervisor, wishes } = parts;
  const done = async (work: Promise<unknown>) => {
    await work;
    return null;
  };
  return {
    'app.state': () => parts.state(),
    'app.dismissNotice': ({ id }) => done(parts.dismissNotice(id)),
    'account.start': (request) => accounts.start(request),
    'account.preview': ({ invitation }) => accounts.preview(invitation),
    'account.join': (request) => accounts.join(request),
    'account.recover': (request) => accounts.recover(request),
    'account.recoveryNoted': ({ account }) => done(accounts.recoveryNoted(account)),
    'account.invitation': ({ account }) => accounts.invitation(account),
    'conversation.list': ({ account, convs }) => store.listConversations(account, convs ?? null),
    'conversation.focus': ({ account, conv }) => {
      parts.focused(account, conv);
      return null;
    },
    'timeline.page': (request) => store.timelinePage(request),
    'search.local': (request) => store.search(request),
    'outbox.submit': (request) => store.submit(request),
    'outbox.toDraft': (request) => store.toDraft(request),
    'outbox.discard': (request) => done(store.discard(request)),
    'outbox.retry': (request) => store.retry(request),
    'draft.read': (request) => store.readDraft(request),
    'draft.save': (request) => store.saveDraft(request),
    'read.mark': (request) => done(store.markRead(request)),
    'session.state': ({ account }) => supervisor.stateOf(account),
    'session.reconnect': ({ account }) => done(wishes.reconnect(account)),
    'session.rest': ({ account }) => done(wishes.rest(accounts.get(account).account)),
    'session.attemptLimit': () => ({ attemptLimit: wishes.attemptLimit }),
    'session.setAttemptLimit': ({ attemptLimit }) => done(wishes.setAttemptLimit(attemptLimit)),
    'diagnostics.show': () => {
      parts.showDiagnostics();
      return null;
    },
    'link.open': ({ url }, sender) => done(parts.openLink(url, sender)),
    'clipboard.write': ({ text }) => {
      parts.writeClipboard(text);
      return null;
    },
  };
}
