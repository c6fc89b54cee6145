/** Settings of one profile, in lowdb with a durable adapter (docs/decisions/0002). No secrets, no messages. */
import { randomUUID } from 'node:crypto';
import { rename } from 'node:fs/promises';
import {
  ConversationPreferences,
  DEFAULT_PREFERENCES,
  PREFERENCES,
  type Preferences,
} from '@matchbook/protocol/bridge/preferences';
import { LOSSES, type Loss, STANDINGS, type Standing } from '@matchbook/protocol/bridge/views';
import { RECONNECT } from '@matchbook/protocol/limits';
import { Pin } from '@matchbook/protocol/server-pin';
import { Low } from 'lowdb';
import Type from 'typebox';
import { Check } from 'typebox/value';
import { alsoAs } from './durable-file.ts';
import { DurableJsonFile } from './durable-json-file.ts';
import { mended } from './mending.ts';

const Port = Type.Integer({ minimum: 1, maximum: 65_535 });
const Ports = Type.Object({ relayPort: Port, apiPort: Port });
const AccountSettings = Type.Object({
  account: Type.String(),
  device: Type.String(),
  name: Type.String(),
  api: Type.String(),
  /** The key by which the server is known, where no authority signed its certificate. */
  pin: Type.Optional(Pin),
  embedded: Type.Boolean(),
  /** Absent until the server has answered the registration: then it is repeated at the next start. */
  user: Type.Optional(Type.String()),
  relay: Type.Optional(Type.String()),
  serverName: Type.Optional(Type.String()),
  invitation: Type.Optional(Type.String()),
  /** Why it does not connect; absent where it does. */
  standing: Type.Optional(Type.Unsafe<Exclude<Standing, 'active'>>(Type.Enum([...STANDINGS]))),
  /** It is being taken away: finished at the next start where the process ended in between. */
  removing: Type.Optional(Type.Boolean()),
  /** The conversation that the main window showed last. */
  open: Type.Optional(Type.String()),
});
export type AccountSettings = Type.Static<typeof AccountSettings>;

const Bounds = Type.Object({
  x: Type.Optional(Type.Number()),
  y: Type.Optional(Type.Number()),
  width: Type.Number(),
  height: Type.Number(),
  maximized: Type.Optional(Type.Boolean()),
});

const Settings = Type.Object({
  accounts: Type.Array(AccountSettings),
  embedded: Type.Union([
    Type.Object({
      relayPort: Port,
      apiPort: Port,
      serverName: Type.Optional(Type.String()),
      /** Whether people on other computers are let in, and by which address; absent until they first were. */
      lan: Type.Optional(
        Type.Object({ on: Type.Boolean(), port: Port, address: Type.Optional(Type.String()) }),
      ),
    }),
    Type.Null(),
  ]),
  /** The account that the main window showed last. */
  current: Type.Union([Type.String(), Type.Null()]),
  /** Sessions whose end the server has not heard of yet; their tokens lie among the secrets. */
  endings: Type.Array(
    Type.Object({
      id: Type.String(),
      api: Type.String(),
      pin: Type.Optional(Pin),
      since: Type.Number(),
      /** Days on which the server was asked in vain, the last one counted, since 1970. */
      days: Type.Optional(Type.Integer({ minimum: 0 })),
      day: Type.Optional(Type.Integer()),
    }),
  ),
  /** Conversations with a window of their own, the last opened last. */
  conversationWindows: Type.Array(Type.Object({ account: Type.String(), conv: Type.String() })),
  /** Bounds of the main window, and of the others, the last moved last. */
  window: Type.Union([Bounds, Type.Null()]),
  windows: Type.Array(Type.Object({ id: Type.String(), bounds: Bounds })),
  /** Attempts after which a session that cannot be had is told as offline; 0: never. */
  attemptLimit: Type.Integer({ minimum: RECONNECT.attemptsUnlimited, maximum: RECONNECT.attemptLimitMax }),
  /** Accounts that the person has put at rest. */
  resting: Type.Array(Type.String()),
  /** Facts about this computer that the person has seen. */
  dismissed: Type.Array(Type.String()),
  /** Losses that the person has not seen yet. */
  losses: Type.Array(
    Type.Object({ id: Type.Unsafe<Loss['id']>(Type.Enum([...LOSSES])), detail: Type.String() }),
  ),
  /** What the quick switcher was used for. */
  uses: Type.Record(
    Type.String(),
    Type.Object({ score: Type.Number({ minimum: 0 }), at: Type.Number({ minimum: 0 }) }),
  ),
  ...PREFERENCES,
  /** What is chosen for single conversations, by account and conversation. */
  conversations: Type.Record(Type.String(), ConversationPreferences),
});
export type Settings = Type.Static<typeof Settings>;

const DEFAULTS: Settings = {
  accounts: [],
  embedded: null,
  window: null,
  windows: [],
  attemptLimit: RECONNECT.attemptLimit,
  resting: [],
  current: null,
  endings: [],
  conversationWindows: [],
  dismissed: [],
  losses: [],
  uses: {},
  ...DEFAULT_PREFERENCES,
  conversations: {},
};

/** Places of what could not be read that are named. */
const PLACES_TOLD = 5;

/** Windows whose bounds are remembered, besides the main window. */
const REMEMBERED = 100;

/** Where a window stands; of those that were moved longest ago it is forgotten. */
export function keepBounds(settings: Settings, id: string, bounds: NonNullable<Settings['window']>): void {
  if (id === 'main') settings.window = bounds;
  else
    settings.windows = [...settings.windows.filter((one) => one.id !== id), { id, bounds }].slice(
      -REMEMBERED,
    );
}

/** Names of the sections of preferences. */
export const SECTIONS = Object.keys(PREFERENCES) as (keyof Preferences)[];

export interface SettingsStore {
  readonly data: Settings;
  /** Changes and saves; resolves when the change is durable. @throws where it cannot be written: it holds until the app ends, and the next one saves it too */
  update(change: (settings: Settings) => void): Promise<void>;
}

/**
 * Opens the settings of a profile. A damaged file is set aside, never overwritten, and the copy of it is taken: without its accounts a profile would
 * be a stranger on its own servers. Of one with values that this version does not know (a newer one wrote them) all the rest is kept. The loss is among
 * the settings' own notices.
 * @throws where the file is there and may not be read
 */
export async function openSettings(path: string): Promise<SettingsStore> {
  const file = new DurableJsonFile<Settings>(path);
  const db = new Low<Settings>(file, structuredClone(DEFAULTS));
  const found = await inFile(() => file.read());
  const copy = needsCopy(found) ? await inFile(() => file.readCopy()) : null;
  const best = bestOf(found, copy);
  if (best) db.data = best.settings;
  if (found === 'damaged' || best?.places.length || (best && best === copy)) {
    const aside = found === null ? file.copy : `${path}.damaged-${randomUUID().slice(0, 8)}`;
    const loss: Loss =
      best === null
        ? { id: 'settings-reset', detail: aside }
        : best === copy
          ? { id: 'settings-restored', detail: aside }
          : { id: 'settings-mended', detail: `${aside} (${best.places.slice(0, PLACES_TOLD).join(', ')})` };
    db.data.losses = [...db.data.losses.filter(({ id }) => !id.startsWith('settings-')), loss];
    if (found === 'damaged') await rename(path, aside);
    else if (found !== null) await alsoAs(path, aside);
    await db.write();
  }
  return {
    get data() {
      return db.data;
    },
    update: async (change) => {
      const next = structuredClone(db.data);
      change(next);
      if (!Check(Settings, next)) throw new Error('The settings would be invalid.');
      db.data = next;
      await db.write();
    },
  };
}

type Found = { settings: Settings; places: string[]; lost: number } | 'damaged' | null;

const needsCopy = (found: Found): boolean => found === null || found === 'damaged' || found.lost > 0;

/** The file itself, unless its copy knows more of who is signed in. */
function bestOf(found: Found, copy: Found): Exclude<Found, 'damaged'> {
  if (copy === null || copy === 'damaged') return found === 'damaged' ? null : found;
  if (found === null || found === 'damaged') return copy;
  return copy.lost < found.lost ? copy : found;
}

/** What a newer version has added stays in it; what this one misses, or cannot read, has its default. */
async function inFile(read: () => Promise<Settings | null>): Promise<Found> {
  let found: Settings | null;
  try {
    found = await read();
  } catch (error) {
    if (error instanceof SyntaxError) return 'damaged';
    throw error;
  }
  if (found === null) return null;
  const filled = withDefaults(found);
  const whole = mended(Settings, filled, {
    ...structuredClone(DEFAULTS),
    ...UNREADABLE,
    accounts: accountOf(found),
    embedded: embeddedOf(found),
  });
  if (!whole) return 'damaged';
  return {
    settings: whole.value as Settings,
    places: whole.places,
    lost: whole.places.filter(isDear).length,
  };
}

/** Sections of a file of an older version get what it did not know of. */
function withDefaults(found: Settings): Settings {
  const whole: Record<string, unknown> = { ...structuredClone(DEFAULTS), ...found };
  for (const name of SECTIONS) {
    const section: unknown = whole[name];
    if (typeof section === 'object' && section !== null && !Array.isArray(section))
      whole[name] = { ...DEFAULT_PREFERENCES[name], ...section };
  }
  return whole as Settings;
}

/** What stands for a choice that cannot be read: nobody is told more than the person may have wanted. */
const UNREADABLE: Partial<Preferences> = {
  privacy: { receipts: false, typing: false, lastSeen: false, linkPreviews: false, spelling: false },
  notifications: { ...DEFAULT_PREFERENCES.notifications, preview: 'nothing' },
};

/** What of an account follows from the rest of it. */
const accountOf =
  ({ embedded }: Settings) =>
  ({ user, api }: Partial<AccountSettings>): Partial<AccountSettings> => ({
    name: typeof user === 'string' ? user : '',
    embedded: typeof api === 'string' && api === `http://127.0.0.1:${embedded?.apiPort}`,
  });

/** Where an account of the app's own servers says that they listen. */
function embeddedOf({ accounts }: Settings): Settings['embedded'] {
  const own = Array.isArray(accounts) ? accounts.find((one) => one?.embedded === true) : undefined;
  const [apiPort, relayPort] = [own?.api, own?.relay].map((at) =>
    Number(/^\w+:\/\/127\.0\.0\.1:(\d+)/.exec(String(at))?.[1]),
  );
  const ports = { apiPort, relayPort };
  return Check(Ports, ports) ? ports : null;
}

/** Without it an account is not there, or would be made anew: the copy may still have it. */
const isDear = (place: string): boolean =>
  /^accounts(\.\d+(\.(account|device|api|user|relay|pin|invitation))?)?$|^embedded(\.(relay|api)Port)?$|^resting/.test(
    place,
  );
