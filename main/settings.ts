/** Settings of one profile, in lowdb with a durable adapter (docs/decisions/0002). No secrets, no messages. */
import { randomUUID } from 'node:crypto';
import { readFile, rename } from 'node:fs/promises';
import { type Adapter, Low } from 'lowdb';
import Type from 'typebox';
import { Check } from 'typebox/value';
import { writeDurably } from './durable-file.ts';

const Port = Type.Integer({ minimum: 1, maximum: 65_535 });
const AccountSettings = Type.Object({
  account: Type.String(),
  device: Type.String(),
  name: Type.String(),
  api: Type.String(),
  embedded: Type.Boolean(),
  /** Absent until the server has answered the registration: then it is repeated at the next start. */
  user: Type.Optional(Type.String()),
  relay: Type.Optional(Type.String()),
  serverName: Type.Optional(Type.String()),
  invitation: Type.Optional(Type.String()),
});
export type AccountSettings = Type.Static<typeof AccountSettings>;

const Settings = Type.Object({
  accounts: Type.Array(AccountSettings),
  embedded: Type.Union([Type.Object({ relayPort: Port, apiPort: Port }), Type.Null()]),
  window: Type.Union([
    Type.Object({
      x: Type.Optional(Type.Number()),
      y: Type.Optional(Type.Number()),
      width: Type.Number(),
      height: Type.Number(),
    }),
    Type.Null(),
  ]),
  dismissed: Type.Array(Type.String()),
});
export type Settings = Type.Static<typeof Settings>;

const DEFAULTS: Settings = { accounts: [], embedded: null, window: null, dismissed: [] };

/** The text is made before a write is queued, so that a later change does not leak into an earlier write; queued writes coalesce. */
export class DurableJsonFile<T> implements Adapter<T> {
  #path: string;
  #next: string | null = null;
  #writing: Promise<void> | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  async read(): Promise<T | null> {
    try {
      return JSON.parse(await readFile(this.#path, 'utf8')) as T;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  async write(data: T): Promise<void> {
    this.#next = `${JSON.stringify(data, null, 2)}\n`;
    // Whoever comes while a write is under way waits for the one after it, which has their data.
    while (this.#next !== null) {
      if (this.#writing === null) {
        const text = this.#next;
        this.#next = null;
        this.#writing = writeDurably(this.#path, text).finally(() => {
          this.#writing = null;
        });
      }
      await this.#writing;
    }
    await this.#writing;
  }
}

export interface SettingsStore {
  readonly data: Settings;
  /** Changes and saves; resolves when the change is durable. */
  update(change: (settings: Settings) => void): Promise<void>;
  /** Where a damaged file was set aside at this start, or null. */
  setAside: string | null;
}

export async function openSettings(path: string): Promise<SettingsStore> {
  const db = new Low<Settings>(new DurableJsonFile(path), structuredClone(DEFAULTS));
  let setAside: string | null = null;
  try {
    await db.read();
    if (!Check(Settings, db.data)) throw new Error('not settings');
  } catch (error) {
    if (['EACCES', 'EPERM', 'EIO'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    setAside = `${path}.damaged-${randomUUID().slice(0, 8)}`;
    await rename(path, setAside);
    db.data = structuredClone(DEFAULTS);
  }
  return {
    get data() {
      return db.data;
    },
    setAside,
    update: async (change) => {
      change(db.data);
      await db.write();
    },
  };
}
