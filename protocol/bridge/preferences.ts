/**
 * What a person chooses about the app on this computer, in sections. Main keeps it, checks every change against these schemas, and tells
 * all windows. What belongs to a person on all of their devices is a register of the log instead (mute).
 */
import Type from 'typebox';
import { strict } from './calls.ts';
import {
  ACCENTS,
  type Accent,
  DEFAULT_LOOK,
  FONT_SIZE,
  HISTORY_BYTES,
  KEPT_BYTES,
  LANGUAGES,
  type Language,
  LIST_WIDTH,
} from './choices.ts';

export type { Accent, Language } from './choices.ts';
export { FOREVER } from './choices.ts';

/** What of a conversation makes a notification. */
export const Level = Type.Union([Type.Literal('all'), Type.Literal('mentions'), Type.Literal('none')]);
export type Level = Type.Static<typeof Level>;

/** `matchbook`: the app plays its own; `system`: the desktop plays what it plays for messages. */
export const Sound = Type.Union([Type.Literal('matchbook'), Type.Literal('system'), Type.Literal('none')]);
export type Sound = Type.Static<typeof Sound>;

const Minute = Type.Integer({ minimum: 0, maximum: 1_439 });
/** Quiet from this minute of the day to that one; past midnight where `to` is not after `from`, a whole day where they are equal. */
export const QuietHours = Type.Object({ from: Minute, to: Minute }, strict);
export type QuietHours = Type.Static<typeof QuietHours>;

const Until = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

export const NotificationPreferences = Type.Object(
  {
    on: Type.Boolean(),
    /** Wall clock, ms; 0 while off, `FOREVER` without an end. */
    doNotDisturbUntil: Until,
    /** By weekday, Sunday first; null: no quiet hours that begin on this day. */
    quiet: Type.Object(
      {
        on: Type.Boolean(),
        days: Type.Array(Type.Union([QuietHours, Type.Null()]), { minItems: 7, maxItems: 7 }),
      },
      strict,
    ),
    /** What others at the screen may read: name and text, the name alone, or only that there is something. */
    preview: Type.Union([Type.Literal('full'), Type.Literal('name'), Type.Literal('nothing')]),
    sound: Sound,
    /** For conversations that have none of their own. */
    levels: Type.Object({ direct: Level, group: Level }, strict),
    /** Also here while the person is using another of their devices. */
    whenActiveElsewhere: Type.Boolean(),
    /** The number of unread messages on the app's icon. */
    badge: Type.Boolean(),
  },
  strict,
);
export type NotificationPreferences = Type.Static<typeof NotificationPreferences>;

export const TrayPreferences = Type.Object(
  {
    show: Type.Boolean(),
    /** The last window that closes leaves the app running; only where there is a tray to come back from. */
    hideOnClose: Type.Boolean(),
  },
  strict,
);
export type TrayPreferences = Type.Static<typeof TrayPreferences>;

export const AppearancePreferences = Type.Object(
  {
    theme: Type.Union([Type.Literal('system'), Type.Literal('light'), Type.Literal('dark')]),
    /** `more`: stronger lines and text, no tints; `system`: as the desktop asks for. */
    contrast: Type.Union([Type.Literal('system'), Type.Literal('more')]),
    accent: Type.Unsafe<Accent>(Type.Enum([...ACCENTS])),
    density: Type.Union([Type.Literal('comfortable'), Type.Literal('compact')]),
    fontSize: Type.Integer({ minimum: FONT_SIZE.least, maximum: FONT_SIZE.most }),
    motion: Type.Union([Type.Literal('system'), Type.Literal('reduced')]),
    listWidth: Type.Union([
      Type.Literal(LIST_WIDTH.fitting),
      Type.Integer({ minimum: LIST_WIDTH.least, maximum: LIST_WIDTH.most }),
    ]),
  },
  strict,
);
export type AppearancePreferences = Type.Static<typeof AppearancePreferences>;

export const LanguagePreferences = Type.Object(
  { language: Type.Unsafe<Language | 'system'>(Type.Enum(['system', ...LANGUAGES])) },
  strict,
);
export type LanguagePreferences = Type.Static<typeof LanguagePreferences>;

/** What others may learn from this device. What is off is not told to anybody, the server included. */
export const PrivacyPreferences = Type.Object(
  {
    /** That a message was read. The person's other devices hear of it neither: the place is one register. */
    receipts: Type.Boolean(),
    /** That something is being typed. */
    typing: Type.Boolean(),
    /** That the person is here, and when they last were. */
    lastSeen: Type.Boolean(),
    /** Pages that messages name are looked at by the server, for their title and picture. */
    linkPreviews: Type.Boolean(),
    /** Texts are spelt. Except on macOS, whose own speller does it always, the dictionaries are fetched from the maker of the browser engine. */
    spelling: Type.Boolean(),
  },
  strict,
);
export type PrivacyPreferences = Type.Static<typeof PrivacyPreferences>;

export const StoragePreferences = Type.Object(
  {
    /** Above it the oldest parts of what was left alone for longest are given up, and fetched again when they are looked at. */
    historyBytes: Type.Integer({ minimum: HISTORY_BYTES.least, maximum: HISTORY_BYTES.most }),
    /** Copies of files, of all accounts together; those that were not looked at for longest go first. */
    keptBytes: Type.Integer({ minimum: KEPT_BYTES.least, maximum: KEPT_BYTES.most }),
  },
  strict,
);
export type StoragePreferences = Type.Static<typeof StoragePreferences>;

export const StartPreferences = Type.Object(
  {
    /** Conversations that had a window of their own have one again. */
    restoreWindows: Type.Boolean(),
  },
  strict,
);
export type StartPreferences = Type.Static<typeof StartPreferences>;

/** Every section. A further one needs its schema, its defaults, a room in the settings dialog, and whoever acts on it. */
export const PREFERENCES = {
  notifications: NotificationPreferences,
  tray: TrayPreferences,
  appearance: AppearancePreferences,
  language: LanguagePreferences,
  privacy: PrivacyPreferences,
  storage: StoragePreferences,
  start: StartPreferences,
} as const;

export type Preferences = {
  [Section in keyof typeof PREFERENCES]: Type.Static<(typeof PREFERENCES)[Section]>;
};

const NIGHT: QuietHours = { from: 22 * 60, to: 7 * 60 };
export const DEFAULT_PREFERENCES: Preferences = {
  notifications: {
    on: true,
    doNotDisturbUntil: 0,
    quiet: { on: false, days: Array.from({ length: 7 }, () => NIGHT) },
    preview: 'full',
    sound: 'matchbook',
    levels: { direct: 'all', group: 'all' },
    whenActiveElsewhere: false,
    badge: true,
  },
  tray: { show: true, hideOnClose: false },
  ...DEFAULT_LOOK,
  privacy: { receipts: true, typing: true, lastSeen: true, linkPreviews: true, spelling: false },
  storage: { historyBytes: HISTORY_BYTES.usual, keptBytes: KEPT_BYTES.usual },
  start: { restoreWindows: true },
};

/** Some fields of some sections. */
export const PreferenceChange = Type.Object(
  {
    notifications: Type.Optional(Type.Partial(NotificationPreferences, strict)),
    tray: Type.Optional(Type.Partial(TrayPreferences, strict)),
    appearance: Type.Optional(Type.Partial(AppearancePreferences, strict)),
    language: Type.Optional(Type.Partial(LanguagePreferences, strict)),
    privacy: Type.Optional(Type.Partial(PrivacyPreferences, strict)),
    storage: Type.Optional(Type.Partial(StoragePreferences, strict)),
    start: Type.Optional(Type.Partial(StartPreferences, strict)),
  },
  strict,
);
export type PreferenceChange = Type.Static<typeof PreferenceChange>;

/** What this computer has of what the settings speak of. */
export interface PreferenceFacts {
  platform: 'linux' | 'darwin' | 'win32';
  /** There is a tray, now. */
  tray: boolean;
  /** That the system prefers, best first, as tags (BCP 47). */
  languages: string[];
  /** The app is opened when the person signs in to this computer; null where the system cannot be asked for it. */
  atLogin: boolean | null;
}

/** Of one conversation on this computer; null: as `levels` and `sound` say for all. */
export const ConversationPreferences = Type.Object(
  { level: Type.Union([Level, Type.Null()]), sound: Type.Union([Sound, Type.Null()]) },
  strict,
);
export type ConversationPreferences = Type.Static<typeof ConversationPreferences>;
