/** What windows may ask of main, call by call. */
import type { Measured } from '@matchbook/protocol/bridge/figures';
import type { Undrawn } from '@matchbook/protocol/bridge/undrawn';
import type { AppState } from '@matchbook/protocol/bridge/views';
import type { WindowEvents } from '@matchbook/protocol/bridge/window';
import type { SessionState } from '@matchbook/protocol/session-state';
import type { AccountParts } from '../accounts/account-parts.ts';
import type { WindowHandlers } from '../bridge/bridge.ts';
import { LocalError } from '../bridge/local-failure.ts';
import type { Exports } from '../export/exports.ts';
import type { fileCalls } from '../files/file-calls.ts';
import type { MessageFiles } from '../files/message-files.ts';
import type { LocalStore } from '../local-store/local-store.ts';
import type { ConnectionWishes } from '../network/connection-wishes.ts';
import type { ProxySignIn } from '../network/proxy-sign-in.ts';
import type { Presences } from '../people/presences.ts';
import type { RightOfWay } from '../right-of-way.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import type { aboutCalls } from './about-calls.ts';
import type { adminCalls } from './admin-calls.ts';
import { BegunTakers } from './begun-takers.ts';
import type { chosenCalls } from './chosen-calls.ts';
import type { findingCalls } from './finding-calls.ts';
import type { peopleCalls } from './people-calls.ts';
import type { preferenceCalls } from './preference-calls.ts';
import type { scheduledCalls } from './scheduled.ts';

export interface WindowCallParts {
  state(): AppState;
  usable(): void;
  measured(what: Measured, ms: number): void;
  undrawn(what: Undrawn, sender: number): void;
  dismissNotice(id: string): Promise<void>;
  accounts: Pick<AccountParts, 'list' | 'registrations' | 'signIns' | 'signOuts' | 'own'>;
  store: LocalStore;
  supervisor: Supervisor;
  wishes: ConnectionWishes;
  sessionOf(account: string): SessionState;
  /** A window shows a conversation of an account, or its list alone. */
  shows(account: string, conv: string | null, sender: number): void;
  showConversation(address: { account: string; conv: string }): Promise<void>;
  /** Whoever else shows the conversation shows its draft too. */
  draftChanged(address: { account: string; conv: string }, sender: number): void;
  /** What the server has of files that are on their way, of an account that is about to be removed. Resolves soon, whatever the server does. */
  giveUpUploads(account: string): Promise<void>;
  isWindow(sender: number): boolean;
  begunChanged(words: WindowEvents['begun.changed'], sender: number): void;
  openLink(url: string, sender: number): Promise<void>;
  writeClipboard(text: string): void;
  showDiagnostics(): void;
  /** Opens the files of an account that could not be opened. @throws where they still cannot */
  openStore(account: string, aside: 'outbox' | 'history' | null): Promise<void>;
  exportUnsent(account: string, sender: number): Promise<{ files: string[] }>;
  /** The person does not want to wait for the next try of what waits. */
  sendNow(account: string): void;
  preferences: ReturnType<typeof preferenceCalls>;
  files: ReturnType<typeof fileCalls>;
  messageFiles: MessageFiles;
  exports: Exports;
  about: ReturnType<typeof aboutCalls>;
  admin: ReturnType<typeof adminCalls>;
  finding: ReturnType<typeof findingCalls>;
  chosen: ReturnType<typeof chosenCalls>;
  people: ReturnType<typeof peopleCalls>;
  /** Lets people on other computers reach the embedded servers, or no more. */
  letIn(on: boolean, address: string | null): Promise<void>;
  presences: Presences;
  rightOfWay: RightOfWay;
  scheduled: ReturnType<typeof scheduledCalls>;
  proxySignIn: Pick<ProxySignIn, 'signIn' | 'cancel' | 'wanted'>;
}

export function windowCalls(parts: WindowCallParts): WindowHandlers {
  const { store, wishes } = parts;
  const { list, registrations, signIns, signOuts, own } = parts.accounts;
  const begunTakers = new BegunTakers(parts.isWindow);
  const done = async (work: Promise<unknown>) => {
    await work;
    return null;
  };
  /** What would be lost with an account, also of one whose files cannot be opened. */
  const unsentOf = async (account: string): Promise<number> =>
    list.faultOf(account)
      ? (await store.unsent(account)).items.length
      : (await store.waitingCount(account)).waiting;
  return {
    ...parts.preferences,
    ...parts.files,
    'export.begin': ({ account }, sender) => parts.exports.begin(account, sender),
    'export.cancel': ({ account }) => {
      parts.exports.cancel(account);
      return null;
    },
    'export.state': ({ account }) => parts.exports.state(account),
    'export.reveal': ({ account }) => {
      parts.exports.reveal(account);
      return null;
    },
    'export.check': (_request, sender) => parts.exports.check(sender),
    ...parts.about,
    ...parts.admin,
    ...parts.finding,
    ...parts.chosen,
    ...parts.people,
    'lan.choose': ({ on, address }) => done(parts.letIn(on, address)),
    'presence.state': ({ account }) => parts.presences.state(account),
    'typing.tell': (request) => {
      parts.presences.tell(request);
      return null;
    },
    ...parts.scheduled,
    'proxy.signIn': (given) => {
      parts.proxySignIn.signIn(given);
      return null;
    },
    'proxy.cancel': () => {
      parts.proxySignIn.cancel();
      return null;
    },
    'app.state': () => parts.state(),
    'app.usable': () => {
      parts.usable();
      return null;
    },
    'app.measured': ({ what, ms }) => {
      parts.measured(what, ms);
      return null;
    },
    'app.undrawn': (what, sender) => {
      parts.undrawn(what, sender);
      return null;
    },
    'app.dismissNotice': ({ id }) => done(parts.dismissNotice(id)),
    'account.start': (request) => registrations.start(request),
    'account.preview': ({ invitation }) => {
      parts.proxySignIn.wanted();
      return registrations.preview(invitation);
    },
    'account.join': (request) => {
      parts.proxySignIn.wanted();
      return registrations.join(request);
    },
    'account.recover': (request) => registrations.recover(request),
    'account.recoveryNoted': ({ account }) => done(registrations.recoveryNoted(account)),
    'account.invitation': ({ account }) => registrations.invitation(account),
    'account.lookUp': ({ server }) => signIns.lookUp(server),
    'account.signIn': (request) => {
      parts.proxySignIn.wanted();
      return signIns.signIn(request);
    },
    'account.signInElsewhere': ({ server }) => signIns.signInElsewhere(server),
    'account.cancelSignIn': () => {
      signIns.cancel();
      return null;
    },
    'account.takeOver': ({ account }) => signIns.takeOver(account),
    'account.becomeDevice': ({ account }) => signIns.becomeDevice(account),
    'account.redeem': ({ account, invitation }) => own.redeem(account, invitation),
    'account.signOut': async ({ account, keep, discard }) => {
      const waiting = keep || discard ? 0 : await unsentOf(account);
      if (waiting > 0)
        throw new LocalError('outbox_not_empty', `${waiting} items wait to be sent; they would be lost.`);
      if (!keep) await parts.giveUpUploads(account);
      await signOuts.signOut(account, keep);
      return null;
    },
    'account.exportUnsent': ({ account }, sender) => parts.exportUnsent(account, sender),
    'account.openStore': ({ account, aside }) => done(parts.openStore(account, aside ?? null)),
    'account.move': ({ account, by }) => done(list.move(account, by)),
    'account.own': ({ account }) => own.read(account),
    'account.rename': ({ account, name }) => own.rename(account, name),
    'account.setPassword': (request) => own.setPassword(request),
    'account.devices': ({ account }) => own.devices(account),
    'account.endDevice': ({ account, device }) => done(own.endDevice(account, device)),
    'conversation.list': ({ account, convs }) => store.listConversations(account, convs ?? null),
    'conversation.window': (address) => done(parts.showConversation(address)),
    'conversation.focus': ({ account, conv }, sender) => {
      parts.shows(account, conv, sender);
      return null;
    },
    'timeline.page': (request) => store.timelinePage(request),
    'timeline.lines': (request) => store.timelineLines(request),
    'message.passport': (request) => store.passport(request),
    'search.local': (request) => store.search(request),
    'message.pinned': (request) => store.pinnedMessages(request),
    'message.thread': (request) => store.thread(request),
    'message.saved': (request) => store.savedMessages(request),
    'message.dated': (request) => store.datedPlace(request),
    'outbox.submit': async (request, sender) => {
      parts.rightOfWay.begin(request.id);
      parts.presences.tell({ account: request.account, conv: request.conv, on: false });
      const row = await parts.messageFiles.submit(request);
      parts.draftChanged(request, sender);
      return row;
    },
    'outbox.append': (request) => {
      parts.rightOfWay.begin(request.append.id);
      return store.append(request);
    },
    'outbox.uploaded': (request) => store.uploaded(request),
    'outbox.edit': (request) => store.edit(request),
    'outbox.hold': (request) => store.hold(request),
    'outbox.sendNow': (request) => done(store.sendNow(request).then(() => parts.sendNow(request.account))),
    'outbox.toDraft': (request) => parts.messageFiles.toDraft(request),
    'outbox.discard': (request) => store.discard(request),
    'outbox.retry': (request) => store.retry(request),
    'outbox.list': ({ account }) => store.waitingItems(account),
    'outbox.count': ({ account }) => store.waitingCount(account),
    'draft.read': (request) => store.readDraft(request),
    'draft.save': async (request, sender) => {
      const saved = await store.saveDraft(request);
      parts.draftChanged(request, sender);
      return saved;
    },
    'draft.share': (request) => done(store.shareDraft(request)),
    'draft.choose': async (request, sender) => {
      const draft = await store.chooseDraft(request);
      parts.draftChanged(request, sender);
      return draft;
    },
    'draft.earlier': (request) => store.earlierTexts(request),
    'draft.restore': async (request, sender) => {
      const draft = await store.restoreText(request);
      parts.draftChanged(request, sender);
      return draft;
    },
    'begun.list': (request) => store.begunWords(request),
    'begun.keep': async (request, sender) => {
      const kept = await store.keepBegun(request);
      begunTakers.settled(request.account, request.about);
      const { earlier: _, ...words } = request;
      parts.begunChanged(words, sender);
      return kept;
    },
    'begun.take': async ({ account, about }, sender) => ({ mine: begunTakers.take(account, about, sender) }),
    'read.mark': (request) => done(store.markRead(request)),
    'read.unmark': (request) => done(store.markUnread(request)),
    'session.state': ({ account }) => parts.sessionOf(account),
    'session.reconnect': ({ account }) => done(wishes.reconnect(account)),
    'session.rest': ({ account }) => done(wishes.rest(list.get(account).account)),
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
