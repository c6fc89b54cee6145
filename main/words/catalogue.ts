/** What main says by itself: notifications, tray, menus, and the system's own dialogs. The windows have their own catalogue (renderer/i18n). */

/** Forms by CLDR's plural categories; `#` is the number. `other` is always there. */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** What keeps the app from starting on a profile. */
type StartFaultKind = 'other-owner' | 'read-only' | 'not-writable' | 'in-use';

export interface StartFault {
  kind: StartFaultKind;
  folder: string;
  /** In the words of the system. */
  detail?: string;
  /** Name of the computer that holds the profile. */
  holder?: string;
}

export interface MainCatalogue {
  someone: string;
  newMessage: string;
  /** What a notification says of a message for later that was refused at its time. */
  laterRefused: string;
  newMessages: Plural;
  unreadMessages: Plural;
  /** As it stands in `summary`. */
  conversations: Plural;
  /** `{messages}` and `{conversations}`, each with its number. */
  summary: string;
  /** `{names}` and `{others}`. */
  namesAndOthers: string;
  others: Plural;
  /** Between two names of a list. */
  comma: string;
  /** A group without a name, of which nobody else is known by name. */
  group: string;
  /** With one other, `{name}`. */
  groupWith: string;
  /** `{sender}` and `{text}`. */
  said: string;
  file: string;
  voice: string;
  photo: string;
  notText: string;
  open: string;
  cancel: string;
  reply: string;
  markRead: string;
  testTitle: string;
  testBody: string;
  tray: { open: string; settings: string; quit: string };
  /** Of the menu on a word that is spelt wrong. */
  spelling: { learn: string; none: string };
  menu: {
    file: string;
    edit: string;
    view: string;
    go: string;
    window: string;
    help: string;
    newConversation: string;
    settings: string;
    about: string;
    services: string;
    hide: string;
    hideOthers: string;
    showAll: string;
    quit: string;
    closeWindow: string;
    undo: string;
    redo: string;
    cut: string;
    copy: string;
    paste: string;
    pasteText: string;
    delete: string;
    selectAll: string;
    zoomReset: string;
    zoomIn: string;
    zoomOut: string;
    fullScreen: string;
    diagnostics: string;
    developer: string;
    switcher: string;
    search: string;
    searchEverywhere: string;
    next: string;
    previous: string;
    nextUnread: string;
    previousUnread: string;
    outbox: string;
    minimize: string;
    zoom: string;
    front: string;
    shortcuts: string;
    licences: string;
  };
  dialog: {
    writeMail: string;
    /** `{host}` */
    openHost: string;
    notEncrypted: string;
    cannotStart: string;
  };
  /** Why the app cannot start: `{folder}`, and `{detail}` or `{holder}` where the fault has one. */
  startFault: Record<StartFaultKind, string>;
  diagnosticsTitle: string;
}
