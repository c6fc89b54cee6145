/** What an admin may set while the server runs, over its configuration. */
import type { ServerSettings } from '@matchbook/protocol/http/admin';
import { checkName } from '../accounts/names.ts';
import type { Store, Trx } from '../db/store.ts';

/** The table holds text. */
const NUMBERS: ReadonlySet<string> = new Set(['fileBytes', 'quotaBytes'] satisfies (keyof ServerSettings)[]);

export class Settings {
  #store: Store;
  #defaults: ServerSettings;
  #set: Partial<ServerSettings> = {};

  constructor(store: Store, defaults: ServerSettings) {
    this.#store = store;
    this.#defaults = defaults;
  }

  async load(): Promise<void> {
    const rows = await this.#store.db.selectFrom('setting').selectAll().execute();
    this.#set = Object.fromEntries(
      rows
        // What has a dot is nobody's to set.
        .filter(({ name }) => !name.includes('.'))
        .map(({ name, value }) => [name, NUMBERS.has(name) ? Number(value) : value]),
    );
  }

  get all(): ServerSettings {
    return { ...this.#defaults, ...this.#set };
  }

  /** In the caller's transaction; `load` afterwards. @throws FailureError `invalid_field` */
  async change(trx: Trx, change: Partial<ServerSettings>): Promise<void> {
    if (change.name !== undefined) checkName(change.name, 'name');
    for (const [name, value] of Object.entries(change))
      await trx
        .insertInto('setting')
        .values({ name, value: String(value) })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: String(value) }))
        .execute();
  }
}
