/** What is known of the person of each account, and what follows from it for a message: from signs of them on other devices, and from what they have just chosen. */
import type { ConversationPreferences, Level, Preferences } from '@matchbook/protocol/bridge/preferences';
import type { ConversationNews, NewMessage } from '../local-store/lists/news.ts';
import { decide, localTime, type Verdict } from './policy.ts';
import { SystemZone } from './system-zone.ts';

/** Whoever did something on another device within this time, and nothing here since, is there, ms. */
const ELSEWHERE = 120_000;
/** Ids of own messages that are remembered as sent from here, or as noticed before. */
export const OWN_IDS = 5_000;

export interface JudgeParts {
  preferences: {
    readonly all: Pick<Preferences, 'notifications'>;
    of(account: string, conv: string): ConversationPreferences;
  };
  /** A focused window shows the newest of this conversation. */
  onScreen(account: string, conv: string): boolean;
  /** Last input in a window of this app, wall clock ms. */
  usedHere(): number;
  now(): number;
}

interface Person {
  /** Last sign of them on another device, wall clock ms. */
  elsewhere: number;
  /** Own read positions as last seen. */
  readN: Map<string, number>;
  /** Own messages that are not another device's. */
  own: Set<string>;
  /** Chosen here and on its way to the log: holds from now on, until the log says the same. */
  muted: Map<string, number>;
}

export class Judge {
  readonly #parts: JudgeParts;
  readonly #zone = new SystemZone();
  readonly #people = new Map<string, Person>();

  constructor(parts: JudgeParts) {
    this.#parts = parts;
  }

  /** A message was composed on this device. */
  sent(account: string, id: string): void {
    this.#remember(this.#of(account), id);
  }

  /** The person did something on another device just now. */
  usedElsewhere(account: string): void {
    this.#of(account).elsewhere = this.#parts.now();
  }

  /** The person muted a conversation here, or took it back; ms, 0: not. */
  muted(account: string, conv: string, until: number): void {
    this.#of(account).muted.set(conv, until);
  }

  forget(account: string): void {
    this.#people.delete(account);
  }

  /** Signs of the person on another device: it read further, or wrote. What came while this one was away (not `live`) is none. */
  notice(account: string, news: ConversationNews, live: boolean): void {
    const of = this.#of(account);
    if (of.muted.get(news.conv) === news.mutedUntil) of.muted.delete(news.conv);
    const before = of.readN.get(news.conv);
    of.readN.set(news.conv, news.readN);
    const read = news.readElsewhere && before !== undefined && news.readN > before;
    if (live && (read || news.own.some((id) => !of.own.has(id)))) of.elsewhere = this.#parts.now();
    for (const id of news.own) this.#remember(of, id);
  }

  level(account: string, { conv, form }: Pick<ConversationNews, 'conv' | 'form'>): Level {
    const { preferences } = this.#parts;
    return preferences.of(account, conv).level ?? preferences.all.notifications.levels[form];
  }

  decide(
    account: string,
    news: ConversationNews,
    message: Pick<NewMessage, 'n' | 'silent' | 'mentioned'>,
  ): Verdict {
    const { preferences, onScreen, usedHere } = this.#parts;
    const of = this.#of(account);
    const now = this.#parts.now();
    this.#zone.at(now);
    return decide({
      message: { own: false, silent: message.silent, mentioned: message.mentioned, n: message.n },
      readN: news.readN,
      mutedUntil: of.muted.get(news.conv) ?? news.mutedUntil,
      level: this.level(account, news),
      preferences: preferences.all.notifications,
      onScreen: onScreen(account, news.conv),
      activeElsewhere: now - of.elsewhere < ELSEWHERE && of.elsewhere > usedHere(),
      now,
      local: localTime(now),
    });
  }

  #remember({ own }: Person, id: string): void {
    own.add(id);
    const [oldest] = own;
    if (own.size > OWN_IDS && oldest !== undefined) own.delete(oldest);
  }

  #of(account: string): Person {
    let of = this.#people.get(account);
    if (!of) {
      of = { elsewhere: 0, readN: new Map(), own: new Set(), muted: new Map() };
      this.#people.set(account, of);
    }
    return of;
  }
}
