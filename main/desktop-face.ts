/** What the desktop shows of the app outside of its windows: theme, badge, tray. Follows what was chosen and what is unread. */
import type { Language } from '@matchbook/protocol/bridge/choices';
import type { Preferences as Chosen, PreferenceFacts } from '@matchbook/protocol/bridge/preferences';
import { app, nativeTheme } from 'electron';
import { LocalError } from './bridge/local-failure.ts';
import type { LoginStart } from './login-start.ts';
import type { Preferences } from './profile/preferences.ts';
import type { SessionBus } from './session-bus/session-bus.ts';
import { TrayHost } from './tray/tray-host.ts';
import { TrayIcon } from './tray/tray-icon.ts';
import { UnreadBadge, type UnreadBadgeParts } from './unread-badge.ts';
import { spell } from './windows/spelling.ts';
import { languageOf, speak, words } from './words/words.ts';

export interface DesktopFaceParts extends Omit<UnreadBadgeParts, 'show'> {
  preferences: Preferences;
  /** Null where the platform always has a tray. */
  bus: SessionBus | null;
  icon: string;
  login: LoginStart;
  hasWindow(): boolean;
  open(): void;
  openSettings(): void;
  quit(): void;
  /** What was chosen is in effect: windows are told. */
  told(chosen: Chosen & { facts: PreferenceFacts }): void;
  /** The language is another one: what stands on the screen is made anew. */
  spoken(): void;
}

export class DesktopFace {
  readonly #parts: DesktopFaceParts;
  readonly #tray: TrayIcon;
  readonly #host: TrayHost;
  readonly #badge: UnreadBadge;
  #unread = 0;
  #spoken: Language | null = null;

  constructor(parts: DesktopFaceParts) {
    const { icon, open, openSettings, quit, bus, accounts, count, now, setTimer, log } = parts;
    this.#parts = parts;
    this.#tray = new TrayIcon({ icon, open, settings: openSettings, quit });
    this.#host = new TrayHost(bus, () => {
      // Without a tray nothing would lead back to a hidden app.
      if (!this.#host.present && !parts.hasWindow()) open();
      this.apply();
    });
    this.#badge = new UnreadBadge({
      ...{ accounts, count, now, setTimer, log },
      show: (messages) => {
        this.#unread = messages;
        this.#count();
      },
    });
    parts.preferences.onChanged(() => this.apply());
  }

  get facts(): PreferenceFacts {
    return {
      platform: process.platform as PreferenceFacts['platform'],
      tray: this.#host.present,
      languages: app.getPreferredSystemLanguages(),
      atLogin: this.#parts.login.on,
    };
  }

  /** The app goes on without a window. */
  get staysHidden(): boolean {
    const { tray } = this.#parts.preferences.all;
    return tray.show && tray.hideOnClose && this.#host.present;
  }

  /** @throws LocalError where the system does not take it */
  async openAtLogin(on: boolean): Promise<void> {
    try {
      await this.#parts.login.choose(on);
    } catch (error) {
      throw new LocalError('store_failed', `The system refused: ${(error as Error).message}`);
    } finally {
      this.apply();
    }
  }

  unreadChanged(): void {
    this.#badge.changed();
  }

  /** Asks whether there is a tray: not before the first paint, as the desktop may take its time. */
  lookForTray(): Promise<void> {
    return this.#host.look();
  }

  /** Puts into effect what was chosen, here and in every window. */
  apply(): void {
    const all = this.#parts.preferences.all;
    nativeTheme.themeSource = all.appearance.theme;
    const system = app.getPreferredSystemLanguages();
    if (speak(languageOf(all.language.language, system))) this.#tray.spoken();
    spell(all.privacy.spelling, words.language, system);
    // The first time in any language: the menu is made here.
    if (words.language !== this.#spoken) this.#parts.spoken();
    this.#spoken = words.language;
    this.#tray.shown = all.tray.show && this.#host.present;
    this.#count();
    this.#parts.told({ ...all, facts: this.facts });
  }

  /** Changes with messages, where nothing of what was chosen does: windows are not told. */
  #count(): void {
    app.setBadgeCount(this.#parts.preferences.all.notifications.badge ? this.#unread : 0);
    this.#tray.unread = this.#unread;
  }

  close(): void {
    this.#badge.close();
  }
}
