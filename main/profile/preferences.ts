/** What a person chooses about the app: read and changed here, told to whoever acts on it. Kept in the settings' file. */
import type {
  ConversationPreferences,
  PreferenceChange,
  Preferences as Sections,
} from '@matchbook/protocol/bridge/preferences';
import { SECTIONS, type SettingsStore } from './settings.ts';

/** Conversations that may have choices of their own; of more, those chosen for longest ago lose them. */
const CONVERSATIONS = 5_000;

export class Preferences {
  readonly #settings: SettingsStore;
  readonly #listeners = new Set<(sections: Sections) => void>();

  constructor(settings: SettingsStore) {
    this.#settings = settings;
  }

  get all(): Sections {
    const { data } = this.#settings;
    return Object.fromEntries(SECTIONS.map((name) => [name, data[name]])) as unknown as Sections;
  }

  /** Changes some fields, durably. Who listens has acted on it when this resolves. */
  async change(change: PreferenceChange): Promise<Sections> {
    await this.#settings.update((data) => {
      for (const name of SECTIONS) Object.assign(data[name], change[name]);
    });
    for (const tell of this.#listeners) tell(this.all);
    return this.all;
  }

  of(account: string, conv: string): ConversationPreferences {
    return this.#settings.data.conversations[`${account}/${conv}`] ?? { level: null, sound: null };
  }

  async choose(
    account: string,
    conv: string,
    chosen: Partial<ConversationPreferences>,
  ): Promise<ConversationPreferences> {
    const next = { ...this.of(account, conv), ...chosen };
    const key = `${account}/${conv}`;
    await this.#settings.update(({ conversations }) => {
      delete conversations[key];
      if (next.level !== null || next.sound !== null) conversations[key] = next;
      for (const old of Object.keys(conversations).slice(0, -CONVERSATIONS)) delete conversations[old];
    });
    return next;
  }

  /** Answers with the function that stops listening. */
  onChanged(listener: (sections: Sections) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
