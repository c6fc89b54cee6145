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
import { DurableJsonFile } from './durable-json-file.ts';

const Port = Type.Integer({ minimum: 1, maximum: 65_535 });
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
 * be a stranger on its own servers. The loss is among the settings' own notices.
 * @throws where the file is there and may not be read
 */
export async function openSettings(path: string): Promise<SettingsStore> {
  const file = new DurableJsonFile<Settings>(path);
  const db = new Low<Settings>(file, structuredClone(DEFAULTS));
  const found = await whole(() => file.read());
  if (found !== null && found !== 'damaged') db.data = found;
  else {
    const copy = await whole(() => file.readCopy());
    const restored = copy !== null && copy !== 'damaged';
    if (restored) db.data = copy;
    if (found === 'damaged' || copy !== null) {
      let detail = file.copy;
      if (found === 'damaged') {
        detail = `${path}.damaged-${randomUUID().slice(0, 8)}`;
        await rename(path, detail);
      }
      const id = restored ? 'settings-restored' : 'settings-reset';
      db.data.losses = [...db.data.losses.filter((loss) => !loss.id.startsWith('settings-')), { id, detail }];
      await db.write();
    }
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

/** What a newer version has added stays in it; what this one misses has its default. */
async function whole(read: () => Promise<Settings | null>): Promise<Settings | 'damaged' | null> {
  try {
    const found = await read();
    if (found === null) return null;
    const settings = { ...structuredClone(DEFAULTS), ...wholeSections(found) };
    return Check(Settings, settings) ? settings : 'damaged';
  } catch (error) {
    if (error instanceof SyntaxError) return 'damaged';
    throw error;
  }
}

/**
 * Sections of a file as found: what a newer version has added stays, what is missing has its default, and a section that is not what its schema says
 * is a default altogether. A choice about sounds must never cost somebody their accounts.
 */
function wholeSections<T extends object>(found: T): T {
  const whole = { ...found } as T & Record<string, unknown>;
  for (const name of SECTIONS) {
    if (!(name in found)) continue;
    const section = { ...DEFAULT_PREFERENCES[name], ...(found as Partial<Preferences>)[name] };
    Object.assign(whole, { [name]: Check(PREFERENCES[name], section) ? section : DEFAULT_PREFERENCES[name] });
  }
  return whole;
}
