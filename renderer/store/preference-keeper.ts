/** What the windows know of settings and notifications: asked for once, then told. */
import type { AboutView, LicenceView, StorageUse } from '@matchbook/protocol/bridge/about';
import type { Decision, ShowAnswer } from '@matchbook/protocol/bridge/notifications';
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type {
  ConversationPreferences,
  PreferenceChange,
  PreferenceFacts,
  Preferences,
} from '@matchbook/protocol/bridge/preferences';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Address, sameAddress } from './state.ts';

export type KnownPreferences = Preferences & { facts: PreferenceFacts };

export interface SettingPlace {
  room: string;
  /** Id of a setting, which gets the focus. */
  setting?: string;
}

export interface PreferenceState {
  /** Null until main has answered. */
  known: KnownPreferences | null;
  /** The settings are shown. */
  open: boolean;
  /** Where in them: a room, and a setting of it; null: where they were left. */
  place: SettingPlace | null;
  /** The room that was shown last, while the window lives. */
  left: string;
  /** The message of which is asked why there was no notification. */
  asked: { address: Address; n: number } | null;
  /** Of the conversation that is asked about; null until main has answered. */
  conversation: { address: Address; chosen: ConversationPreferences } | null;
}

export class PreferenceKeeper {
  readonly state: StoreApi<PreferenceState>;
  readonly #bridge: WindowBridge;
  readonly #off: (() => void)[];
  #view: { account: string; conv: string | null; newest: boolean } | null = null;

  constructor(bridge: WindowBridge) {
    this.#bridge = bridge;
    this.state = createStore<PreferenceState>(() => ({
      known: null,
      open: false,
      place: null,
      left: 'account',
      asked: null,
      conversation: null,
    }));
    this.#off = [
      bridge.on('settings.changed', (known) => this.state.setState({ known })),
      bridge.on('settings.opened', () => this.show(true)),
    ];
  }

  show(open: boolean, place: SettingPlace | null = null): void {
    this.state.setState({ open, place });
    if (open) void this.refresh();
  }

  leave(room: string): void {
    this.state.setState({ left: room });
  }

  /** What holds now: also what a window looks like, so it is known before the first paint. */
  async refresh(): Promise<KnownPreferences | null> {
    const answer = await this.#bridge.call('settings.get', {});
    if (answer.ok) this.state.setState({ known: answer.value });
    return this.state.getState().known;
  }

  /** Shown as chosen at once; what main refuses goes back, and its reason is the answer. */
  async change(change: PreferenceChange): Promise<Outcome<Preferences>> {
    const { known } = this.state.getState();
    if (known)
      this.state.setState({
        known: {
          ...known,
          ...Object.fromEntries(
            Object.entries(change).map(([name, some]) => [
              name,
              { ...known[name as keyof Preferences], ...some },
            ]),
          ),
        },
      });
    const answer = await this.#bridge.call('settings.set', change);
    if (!answer.ok) void this.refresh();
    return answer;
  }

  /** With the session of this computer: the system keeps it, so what it says is what is shown. */
  openAtLogin(on: boolean): Promise<Outcome<null>> {
    return this.#bridge.call('settings.atLogin', { on });
  }

  async about(address: Address): Promise<void> {
    const { conversation } = this.state.getState();
    if (!sameAddress(conversation?.address ?? null, address)) this.state.setState({ conversation: null });
    const answer = await this.#bridge.call('settings.conversation', { ...address });
    if (answer.ok) this.state.setState({ conversation: { address, chosen: answer.value } });
  }

  async choose(address: Address, chosen: Partial<ConversationPreferences>): Promise<Outcome<null>> {
    const answer = await this.#bridge.call('settings.setConversation', { ...address, chosen });
    if (!answer.ok) return answer;
    this.state.setState({ conversation: { address, chosen: answer.value } });
    return { ok: true, value: null };
  }

  /** Until this time, ms; 0: not. It is a register of the log, and so holds on all devices. */
  mute(address: Address, until: number): Promise<Outcome<null>> {
    return this.#bridge.call('conversation.mute', { ...address, until });
  }

  ask(asked: { address: Address; n: number } | null): void {
    this.state.setState({ asked });
  }

  why({ account, conv }: Address, n: number): Promise<Outcome<Decision | null>> {
    return this.#bridge.call('notifications.why', { account, conv, n });
  }

  test(): Promise<Outcome<ShowAnswer>> {
    return this.#bridge.call('notifications.test', {});
  }

  versions(): Promise<Outcome<AboutView>> {
    return this.#bridge.call('about.app', {});
  }

  licences(): Promise<Outcome<LicenceView[]>> {
    return this.#bridge.call('about.licences', {});
  }

  showLogs(): Promise<Outcome<null>> {
    return this.#bridge.call('about.showLogs', {});
  }

  storageUse(): Promise<Outcome<StorageUse[]>> {
    return this.#bridge.call('storage.use', {});
  }

  clearStorage(account: string): Promise<Outcome<null>> {
    return this.#bridge.call('storage.clear', { account });
  }

  zoom(by: 'in' | 'out' | 'reset'): Promise<Outcome<{ percent: number }>> {
    return this.#bridge.call('window.zoom', { by });
  }

  attemptLimit(): Promise<Outcome<{ attemptLimit: number }>> {
    return this.#bridge.call('session.attemptLimit', {});
  }

  setAttemptLimit(attemptLimit: number): Promise<Outcome<null>> {
    return this.#bridge.call('session.setAttemptLimit', { attemptLimit });
  }

  /** What is before the person, told when it changes: main decides by it whether a message needs a notification. */
  view(address: Address | null, newest: boolean): void {
    const account = address?.account ?? this.#view?.account;
    if (account === undefined) return;
    const view = { account, conv: address?.conv ?? null, newest: address !== null && newest };
    const before = this.#view;
    if (before?.account === account && before.conv === view.conv && before.newest === view.newest) return;
    this.#view = view;
    void this.#bridge.call('view.shown', view);
  }

  close(): void {
    for (const off of this.#off) off();
  }
}
