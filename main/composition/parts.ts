/**
 * Every part of the desktop by its room. The rooms are built in this order (desktop.ts): a room takes what stands already as its first argument, and names
 * through the whole what its wires will call once everything stands.
 */
import type { AppState } from '@matchbook/protocol/bridge/views';
import type { SessionState } from '@matchbook/protocol/session-state';
import type { Session } from 'electron';
import type { AccountParts } from '../accounts/account-parts.ts';
import type { ServerRequests } from '../accounts/server-requests.ts';
import type { StoreDoors } from '../accounts/store-doors.ts';
import type { DesktopFace } from '../desktop-face.ts';
import type { ConnectionCheck } from '../diagnostics/connection-check.ts';
import type { Diagnostics } from '../diagnostics/diagnostics.ts';
import type { DiagnosticsWindow } from '../diagnostics/diagnostics-window.ts';
import type { Figures } from '../diagnostics/figures.ts';
import type { EmbeddedName } from '../embedded/embedded-servers.ts';
import type { OwnServers } from '../embedded/own-servers.ts';
import type { Exports } from '../export/exports.ts';
import type { FileParts } from '../files/file-parts.ts';
import type { MessageFiles } from '../files/message-files.ts';
import type { Flags } from '../flags.ts';
import type { LocalStore } from '../local-store/local-store.ts';
import type { ApiClient, Fetch } from '../network/api-client.ts';
import type { ConnectionWishes } from '../network/connection-wishes.ts';
import type { NetworkContext } from '../network/network-context.ts';
import type { ProxyKeeper } from '../network/proxy-keeper.ts';
import type { ProxySignIn } from '../network/proxy-sign-in.ts';
import type { Notices } from '../notices.ts';
import type { Ledger } from '../notifications/ledger.ts';
import type { NotificationCenter } from '../notifications/notification-center.ts';
import type { Attention } from '../people/attention.ts';
import type { GroupTeacher } from '../people/group-teacher.ts';
import type { InputActivity } from '../people/input-activity.ts';
import type { Presences } from '../people/presences.ts';
import type { RefusedMessages } from '../people/refused-messages.ts';
import type { Seen } from '../people/seen.ts';
import type { Preferences } from '../profile/preferences.ts';
import type { Secrets } from '../profile/secrets.ts';
import type { SettingsStore } from '../profile/settings.ts';
import type { SessionBus } from '../session-bus/session-bus.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import type { CertificatePins } from '../trust/certificate-pins.ts';
import type { ConversationWindows } from '../windows/conversation-windows.ts';
import type { FirstView } from '../windows/first-view.ts';
import type { FirstWindow } from '../windows/first-window.ts';
import type { Microphone } from '../windows/microphone.ts';
import type { OpenWindows } from '../windows/open-windows.ts';
import type { SessionHost } from '../windows/session-host.ts';

export interface Launch {
  flags: Flags;
  /** Folder of everything that is kept. */
  profile: string;
  /** The files of this profile were copied from another one, and nobody has said yet what becomes of it. */
  copied: boolean;
  /** When the process began, and when its start was asked for, wall clock ms. */
  started: number;
  launched: number;
  olderRuntime: boolean;
  /** Folder of the built app. */
  out: string;
  first: FirstWindow;
}

/** What lies on this computer, and how servers are asked. */
export interface Ground {
  launch: Launch;
  /** Folder of the built app. */
  out: string;
  log(line: string): void;
  /** Of an embedded server. */
  serverLog(server: EmbeddedName, line: string): void;
  setTimer(work: () => void, delay: number): { cancel(): void };
  /** No request leaves before it. */
  firstView: FirstView;
  sleep(ms: number): Promise<void>;
  newId(): string;
  settings: SettingsStore;
  preferences: Preferences;
  secrets: Secrets;
  store: LocalStore;
  fetch: Fetch;
  /** Answers what a proxy on the way asks. */
  proxySignIn: ProxySignIn;
  api: ApiClient;
  pins: CertificatePins;
  network: NetworkContext<Session>;
}

/** What a person sees and what they are told in it. */
export interface Views {
  windows: OpenWindows;
  conversationWindows: ConversationWindows;
  diagnosticsWindow: DiagnosticsWindow;
  figures: Figures;
  notices: Notices;
  raise: Notices['raise'];
  /** Tells the main window, opened or brought to the front, also while it is still loading. */
  tellMain(tell: () => void): void;
  openSettings(): void;
  state(): AppState;
  /** The state is another one: every window is told. */
  changed(): void;
}

/** Sessions, and who advises and watches them. */
export interface Line {
  ownServers: OwnServers;
  host: SessionHost;
  supervisor: Supervisor;
  wishes: ConnectionWishes;
  activity: InputActivity;
  presences: Presences;
  diagnostics: Diagnostics;
  check: ConnectionCheck;
  proxies: ProxyKeeper;
  /** Servers that the session host's pages may speak to. */
  connect(): string[];
  /** The present page of the session host may speak to all of them. */
  reachesAll(): boolean;
}

/** Who is signed in where. */
export interface Accounts extends Omit<AccountParts, 'list'> {
  accounts: AccountParts['list'];
  doors: StoreDoors;
  server: ServerRequests;
  seen: Seen;
  sessionOf(account: string): SessionState;
  tellSession(account: string): void;
  /** Opens the store of every account: what a window asks for first. */
  openStores(): Promise<void>;
  /** Brings up what else this computer has of every account. */
  settleAccounts(): Promise<void>;
}

/** What messages carry, and what becomes of them here. */
export interface Contents {
  files: FileParts;
  messageFiles: MessageFiles;
  microphone: Microphone;
  groupTeacher: GroupTeacher;
  exports: Exports;
}

/** What the desktop shows outside of the windows. */
export interface Outside {
  /** Null where the platform has none. */
  bus: SessionBus | null;
  ledger: Ledger;
  attention: Attention;
  center: NotificationCenter;
  refusedMessages: RefusedMessages;
  face: DesktopFace;
}

export interface Desktop extends Ground, Views, Line, Accounts, Contents, Outside {}
