/** Conversations that have a window of their own: opened by the person, open again at the next start, each where it stood. */
import { LocalError } from '../bridge/local-failure.ts';
import type { SettingsStore } from '../profile/settings.ts';
import type { OpenWindows } from './open-windows.ts';
import type { WindowSpec } from './windows.ts';

/** Each is a process of its own. */
const CONVERSATION_WINDOWS = 10;

interface Address {
  account: string;
  conv: string;
}

const PREFIX = 'conversation ';
const idOf = ({ account, conv }: Address) => `${PREFIX}${account} ${conv}`;

export class ConversationWindows {
  #windows: Pick<OpenWindows, 'get' | 'open' | 'show'>;
  #settings: SettingsStore;
  #log: (line: string) => void;

  constructor(parts: {
    windows: Pick<OpenWindows, 'get' | 'open' | 'show'>;
    settings: SettingsStore;
    log: (line: string) => void;
  }) {
    this.#windows = parts.windows;
    this.#settings = parts.settings;
    this.#log = parts.log;
  }

  /** @throws LocalError `too_many_windows` */
  async show(address: Address): Promise<void> {
    const open = this.#settings.data.conversationWindows.filter((one) => this.#windows.get(idOf(one)));
    if (open.length >= CONVERSATION_WINDOWS && !this.#windows.get(idOf(address)))
      throw new LocalError(
        'too_many_windows',
        `At most ${CONVERSATION_WINDOWS} conversations have a window.`,
        {
          limit: CONVERSATION_WINDOWS,
        },
      );
    this.#windows.show(specOf(address));
    await this.#settings.update((all) => {
      const others = all.conversationWindows.filter((one) => idOf(one) !== idOf(address));
      all.conversationWindows = [...others, { account: address.account, conv: address.conv }];
    });
  }

  /** Those that were open when the app ended; where the person does not want that they are forgotten. */
  restore(accounts: readonly string[]): void {
    const { start, conversationWindows } = this.#settings.data;
    const back = start.restoreWindows
      ? conversationWindows.filter(({ account }) => accounts.includes(account)).slice(-CONVERSATION_WINDOWS)
      : [];
    if (back.length !== conversationWindows.length) this.#keep(back);
    for (const address of back) this.#windows.open(specOf(address));
  }

  /** A window was closed by the person's hand: one of these or another. */
  closed(id: string): void {
    if (!id.startsWith(PREFIX)) return;
    this.#keep(this.#settings.data.conversationWindows.filter((one) => idOf(one) !== id));
  }

  /** The account goes: so do its windows. */
  closeAll(account: string): void {
    for (const one of this.#settings.data.conversationWindows)
      if (one.account === account) this.#windows.get(idOf(one))?.close();
  }

  #keep(windows: Address[]): void {
    this.#settings
      .update((all) => {
        all.conversationWindows = windows;
      })
      .catch((error: unknown) => this.#log(`conversation windows: ${error}`));
  }
}

function specOf(address: Address): WindowSpec {
  return {
    id: idOf(address),
    page: `index.html?${new URLSearchParams({ account: address.account, conv: address.conv })}`,
    preload: 'window',
    title: 'Matchbook',
    size: { width: 520, height: 680 },
    least: { minWidth: 320, minHeight: 360 },
  };
}
