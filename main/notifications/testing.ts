/** Devices of one person around one log in memory: what their stores would answer, notifiers that only write down, time that stands still. */
import { join } from 'node:path';
import type { ShowAnswer } from '@matchbook/protocol/bridge/notifications';
import {
  type ConversationPreferences,
  DEFAULT_PREFERENCES,
  type NotificationPreferences,
} from '@matchbook/protocol/bridge/preferences';
import type { ConversationNews, NewMessage, NewsQuestion } from '../local-store/lists/news.ts';
import { Ledger } from './ledger.ts';
import { type CenterParts, NotificationCenter } from './notification-center.ts';
import type { Act, Notice, Notifier } from './notifier.ts';

export const ACCOUNT = 'acc';

interface Said {
  /** Device of the person; null: somebody else. */
  by: string | null;
  id: string;
  text: string;
  silent: boolean;
  mentioned: boolean;
}

/** One log: every device stores a prefix of it. */
export class World {
  now = 1_700_000_000_000;
  readonly said = new Map<string, Said[]>();
  /** In the order of the log. */
  readonly events: (
    | { kind: 'said'; conv: string }
    | { kind: 'read'; conv: string; n: number; by: string }
    | { kind: 'deleted'; conv: string; n: number }
    | { kind: 'edited'; conv: string; n: number; text: string }
  )[] = [];
  #ids = 0;

  say(conv: string, more: Partial<Said> = {}): Said {
    const id = `m${++this.#ids}`;
    const one = { by: null, id, text: `text of ${id}`, silent: false, mentioned: false, ...more };
    this.said.set(conv, [...(this.said.get(conv) ?? []), one]);
    this.events.push({ kind: 'said', conv });
    return one;
  }

  /** Who wrote it takes it back. */
  delete(conv: string, n: number): void {
    this.events.push({ kind: 'deleted', conv, n });
  }

  /** Who wrote it says it in other words. */
  edit(conv: string, n: number, text: string): void {
    this.events.push({ kind: 'edited', conv, n, text });
  }

  read(conv: string, n: number, by: string): void {
    this.events.push({ kind: 'read', conv, n, by });
  }
}

class FakeNotifier implements Notifier {
  readonly shown: Notice[] = [];
  readonly withdrawn: string[] = [];
  /** By tag, what a person sees. */
  readonly screen = new Map<string, Notice>();
  answer: ShowAnswer = { kind: 'shown', service: 'test' };
  act: (tag: string, act: Act) => void = () => {};

  show(notice: Notice): Promise<ShowAnswer> {
    if (this.answer.kind === 'shown') {
      this.shown.push(notice);
      this.screen.set(notice.tag, notice);
    }
    return Promise.resolve(this.answer);
  }

  withdraw(tag: string): void {
    this.withdrawn.push(tag);
    this.screen.delete(tag);
  }

  onAct(listener: (tag: string, act: Act) => void): void {
    this.act = listener;
  }
}

export class TestDevice {
  readonly name: string;
  readonly world: World;
  readonly #path: string;
  notifier = new FakeNotifier();
  ledger: Ledger;
  center: NotificationCenter;
  notifications: NotificationPreferences = structuredClone(DEFAULT_PREFERENCES.notifications);
  readonly conversations = new Map<string, ConversationPreferences>();
  readonly muted = new Map<string, number>();
  /** The conversation whose end is in view of a focused window. */
  view: string | null = null;
  used = 0;
  sounds = 0;
  readonly did: string[] = [];
  replyFails = false;
  /** How much of the log it has stored. */
  #stored = 0;
  #marked = new Map<string, number>();

  constructor(name: string, world: World, folder: string) {
    this.name = name;
    this.world = world;
    this.#path = join(folder, `${name}.db`);
    this.ledger = this.#open();
    this.center = this.#center();
  }

  /** The app is closed and started again on the same profile. */
  async restart(): Promise<void> {
    await this.center.settled();
    this.center.close();
    this.ledger.close();
    this.notifier = new FakeNotifier();
    this.ledger = this.#open();
    this.center = this.#center();
  }

  /** Stores what the log has, and tells, as the local store does. */
  async receive(upTo = this.world.events.length): Promise<void> {
    const fresh = this.world.events.slice(this.#stored, upTo);
    this.#stored = Math.max(this.#stored, upTo);
    if (fresh.length > 0) this.center.changed(ACCOUNT, [...new Set(fresh.map(({ conv }) => conv))]);
    await this.center.settled();
  }

  async online(): Promise<void> {
    await this.receive();
    this.center.session(ACCOUNT, { kind: 'live', since: 0, lastData: 0, complete: 1, behind: 0 });
    await this.center.settled();
  }

  offline(): void {
    this.center.session(ACCOUNT, { kind: 'idle' });
  }

  /** The person reads to the end of what is here. */
  async read(conv: string): Promise<void> {
    const n = this.headOf(conv);
    if (n === 0) return;
    this.#marked.set(conv, n);
    this.world.read(conv, n, this.name);
    this.used = this.world.now;
    this.center.changed(ACCOUNT, [conv]);
    await this.center.settled();
  }

  write(conv: string): void {
    const { id } = this.world.say(conv, { by: this.name });
    this.used = this.world.now;
    this.center.judge.sent(ACCOUNT, id);
  }

  headOf(conv: string): number {
    return this.world.events.slice(0, this.#stored).filter((one) => one.kind === 'said' && one.conv === conv)
      .length;
  }

  /** Texts of messages that rang, as often as they did. */
  rang(): string[] {
    return this.notifier.shown.map(({ body }) => body);
  }

  about(conv: string, n: number) {
    return this.ledger.about(ACCOUNT, conv, n);
  }

  close(): void {
    this.ledger.close();
  }

  #open(): Ledger {
    return new Ledger({
      path: this.#path,
      now: () => this.world.now,
      log: (line) => {
        throw new Error(line);
      },
    });
  }

  #center(): NotificationCenter {
    const parts: CenterParts = {
      store: {
        news: (question) => Promise.resolve(this.#news(question)),
        outbox: () => Promise.resolve([]),
      },
      ledger: this.ledger,
      notifier: this.notifier,
      preferences: {
        all: { notifications: this.notifications },
        of: (_account, conv) => this.conversations.get(conv) ?? { level: null, sound: null },
      },
      onScreen: (_account, conv) => this.view === conv,
      usedHere: () => this.used,
      now: () => this.world.now,
      open: (_account, conv) => void this.did.push(`open ${conv}`),
      reply: (_account, conv, text) => {
        this.did.push(`reply ${conv} ${text}`);
        return this.replyFails ? Promise.reject(new Error('full')) : Promise.resolve();
      },
      markRead: (_account, conv, n) => {
        this.did.push(`read ${conv} ${n}`);
        return Promise.resolve();
      },
      playSound: () => void this.sounds++,
      log: (line) => void this.did.push(line),
    };
    return new NotificationCenter(parts);
  }

  #readOf(conv: string, all: boolean): number {
    const told = this.world.events
      .slice(0, this.#stored)
      .reduce((n, one) => (one.kind === 'read' && one.conv === conv ? Math.max(n, one.n) : n), 0);
    return all ? Math.max(told, this.#marked.get(conv) ?? 0) : told;
  }

  #news({ after, convs, rows, shown }: NewsQuestion): ConversationNews[] {
    const all =
      convs ?? [...this.world.said.keys()].filter((conv) => this.headOf(conv) > (after.get(conv) ?? 0));
    return all
      .filter((conv) => this.headOf(conv) > 0)
      .map((conv) => {
        const place = after.get(conv) ?? 0;
        const headN = this.headOf(conv);
        const readN = Math.min(headN, this.#readOf(conv, true));
        const said = (this.world.said.get(conv) ?? [])
          .slice(0, headN)
          .map((one, i) => ({ ...one, n: i + 1 }));
        const deleted = new Set(
          this.world.events
            .slice(0, this.#stored)
            .flatMap((one) => (one.kind === 'deleted' && one.conv === conv ? [one.n] : [])),
        );
        const edits = new Map(
          this.world.events
            .slice(0, this.#stored)
            .flatMap((one): [number, string][] =>
              one.kind === 'edited' && one.conv === conv ? [[one.n, one.text]] : [],
            ),
        );
        const reads = edits.get(shown?.get(conv) ?? 0);
        const others = said.filter(
          ({ by, n }) => by === null && n > Math.max(place, readN) && !deleted.has(n),
        );
        return {
          ...{ conv, form: 'direct', self: false, title: `Title of ${conv}`, headN, readN },
          readElsewhere: this.#readOf(conv, false) > (this.#marked.get(conv) ?? 0),
          mutedUntil: this.muted.get(conv) ?? 0,
          unread: others.length,
          messages: (rows === 0 ? [] : others.slice(-rows)).map(
            ({ id, n, text, silent, mentioned }): NewMessage => ({
              ...{ id, n, text: edits.get(n) ?? text, silent, mentioned, sender: 'peer', name: 'Peer' },
            }),
          ),
          own: said.filter(({ by, n }) => by !== null && n > place).map(({ id }) => id),
          ...(deleted.has(shown?.get(conv) ?? 0) ? { gone: true as const } : {}),
          ...(reads === undefined ? {} : { reads }),
        };
      });
  }
}
