/**
 * Notifications on Linux, over the desktop's bus (org.freedesktop.Notifications 1.2). Unlike the toolkit's way it can replace one by the next of the
 * same conversation, has actions where the desktop shows them, a reply field where it has one, and says when nobody is there to show anything.
 */
import type { ShowAnswer } from '@matchbook/protocol/bridge/notifications';
import { InTurn } from '@matchbook/protocol/in-turn';
import { BusError, type SessionBus } from '../session-bus/session-bus.ts';
import { words } from '../words/words.ts';
import type { Act, Notice, Notifier } from './notifier.ts';

const NAME = 'org.freedesktop.Notifications';
const SERVICE = { destination: NAME, path: '/org/freedesktop/Notifications', interface: NAME };
/** Closed by a call of ours: the third of NotificationClosed's reasons. */
const CLOSED_BY_CALL = 3;
const ACTIONS = { default: 'default', markRead: 'mark-read', reply: 'inline-reply' } as const;

interface Service {
  name: string;
  capabilities: ReadonlySet<string>;
}

export class DesktopNotifier implements Notifier {
  readonly #bus: SessionBus;
  readonly #icon: string;
  /** Of the desktop, by tag. */
  readonly #ids = new Map<string, number>();
  /** One call at a time a tag: what replaces must know what it replaces. */
  readonly #turns = new InTurn();
  #service: Promise<Service> | null = null;
  #act: (tag: string, act: Act) => void = () => {};

  /** @param icon path of the app's icon */
  constructor(bus: SessionBus, icon: string) {
    this.#bus = bus;
    this.#icon = icon;
    bus.onSignal(NAME, 'ActionInvoked', ([id, action]) => {
      const tag = this.#tagOf(id);
      if (tag === null) return;
      if (action === ACTIONS.markRead) this.#act(tag, { kind: 'mark-read' });
      else if (action === ACTIONS.default) this.#act(tag, { kind: 'open' });
    });
    bus.onSignal(NAME, 'NotificationReplied', ([id, text]) => {
      const tag = this.#tagOf(id);
      if (tag !== null && typeof text === 'string') this.#act(tag, { kind: 'reply', text });
    });
    bus.onSignal(NAME, 'NotificationClosed', ([id, reason]) => {
      const tag = this.#tagOf(id);
      if (tag === null) return;
      this.#ids.delete(tag);
      if (reason !== CLOSED_BY_CALL) this.#act(tag, { kind: 'dismissed' });
    });
    bus.onOwner(NAME, () => {
      // Another one, or none: its numbers mean nothing any more.
      this.#service = null;
      this.#ids.clear();
    });
  }

  onAct(listener: (tag: string, act: Act) => void): void {
    this.#act = listener;
  }

  show(notice: Notice): Promise<ShowAnswer> {
    return this.#turns.do(notice.tag, () => this.#show(notice));
  }

  withdraw(tag: string): void {
    void this.#turns.do(tag, async () => {
      const id = this.#ids.get(tag);
      if (id === undefined) return;
      this.#ids.delete(tag);
      await this.#bus
        .call({ ...SERVICE, member: 'CloseNotification', signature: 'u', body: [id] })
        .catch(() => {
          // It was gone by itself.
        });
    });
  }

  async #show(notice: Notice): Promise<ShowAnswer> {
    try {
      this.#service ??= this.#ask();
      const service = await this.#service;
      const { capabilities } = service;
      const call = {
        ...SERVICE,
        member: 'Notify',
        signature: 'susssasa{sv}i',
        body: [
          words.app,
          this.#ids.get(notice.tag) ?? 0,
          this.#icon,
          notice.title,
          capabilities.has('body-markup') ? escaped(notice.body) : notice.body,
          this.#actions(notice, capabilities),
          hints(notice, capabilities),
          -1,
        ],
      };
      // Known with the answer itself: what the person did with it may be in the same packet.
      const [id] = await this.#bus.call(call, ([given]) => {
        if (typeof given === 'number') this.#ids.set(notice.tag, given);
      });
      if (typeof id !== 'number') return { kind: 'failed', message: 'The desktop gave it no number.' };
      return { kind: 'shown', service: service.name };
    } catch (error) {
      this.#service = null;
      const message = error instanceof Error ? error.message : String(error);
      const absent = error instanceof BusError && (error.kind === 'no-bus' || error.kind === 'no-service');
      return { kind: absent ? 'no-service' : 'failed', message };
    }
  }

  /** Starts the service where the bus knows how to. */
  async #ask(): Promise<Service> {
    const [capabilities] = await this.#bus.call({ ...SERVICE, member: 'GetCapabilities' });
    const [name, , version] = await this.#bus.call({ ...SERVICE, member: 'GetServerInformation' });
    return {
      name: [name, version].filter((word) => typeof word === 'string' && word !== '').join(' '),
      capabilities: new Set(Array.isArray(capabilities) ? capabilities.map(String) : []),
    };
  }

  #actions({ answerable }: Notice, capabilities: ReadonlySet<string>): string[] {
    if (!capabilities.has('actions')) return [];
    return [
      ...[ACTIONS.default, words.open],
      ...(answerable && capabilities.has('inline-reply') ? [ACTIONS.reply, words.reply] : []),
      ...(answerable ? [ACTIONS.markRead, words.markRead] : []),
    ];
  }

  #tagOf(id: unknown): string | null {
    for (const [tag, own] of this.#ids) if (own === id) return tag;
    return null;
  }
}

function hints({ sound }: Notice, capabilities: ReadonlySet<string>): [string, [string, unknown]][] {
  return [
    ['desktop-entry', ['s', 'matchbook']],
    ['category', ['s', 'im.received']],
    ['urgency', ['y', 1]],
    sound === 'system' && capabilities.has('sound')
      ? ['sound-name', ['s', 'message-new-instant']]
      : ['suppress-sound', ['b', sound !== 'system']],
  ];
}

/** Where the desktop reads markup, text must not be any. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
