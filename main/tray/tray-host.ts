/** Whether this desktop has a tray. macOS and Windows always do; on Linux somebody must watch for items, and may come and go. */
import type { SessionBus } from '../session-bus/session-bus.ts';

const WATCHER = 'org.kde.StatusNotifierWatcher';
const HOST = {
  destination: WATCHER,
  path: '/StatusNotifierWatcher',
  interface: 'org.freedesktop.DBus.Properties',
  member: 'Get',
  signature: 'ss',
  body: [WATCHER, 'IsStatusNotifierHostRegistered'],
};

export class TrayHost {
  readonly #bus: Pick<SessionBus, 'owned' | 'call' | 'onOwner'> | null;
  readonly #changed: () => void;
  #present: boolean;

  /** @param bus null where the platform always has a tray */
  constructor(bus: Pick<SessionBus, 'owned' | 'call' | 'onOwner'> | null, changed: () => void) {
    this.#bus = bus;
    this.#changed = changed;
    this.#present = bus === null;
    bus?.onOwner(WATCHER, () => void this.look());
  }

  get present(): boolean {
    return this.#present;
  }

  /** Looks again. A desktop that cannot be asked has none. */
  async look(): Promise<void> {
    if (!this.#bus) return;
    const before = this.#present;
    try {
      this.#present = (await this.#bus.owned(WATCHER)) && (await this.#hostRegistered());
    } catch {
      this.#present = false;
    }
    if (before !== this.#present) this.#changed();
  }

  /** A watcher without a host collects items that nobody shows. One that does not say counts as having a host. */
  async #hostRegistered(): Promise<boolean> {
    try {
      const [value] = await this.#bus!.call(HOST);
      return !JSON.stringify(value).includes('false');
    } catch {
      return true;
    }
  }
}
