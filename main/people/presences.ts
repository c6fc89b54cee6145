/** Who is there and who writes, by account: heard by the session host, told to windows, forgotten with time. Nothing of it is stored. */
import type { Present } from '@matchbook/protocol/bridge/presence';
import type { Presence, PresenceState, TypingDown } from '@matchbook/protocol/frames';
import { LIMITS } from '@matchbook/protocol/limits';

/** While somebody goes on writing the others are told so often, ms: less than `typingExpiry`. */
const REPEAT = 3_000;
/** Without a further key they have stopped, ms. */
const PAUSE = 4_000;
/** What one account may be told of at once; the relay tells of less. */
const MOST = 20_000;

export interface PresencesParts {
  changed(account: string, present: Present): void;
  /** The person did something on another of their devices. */
  elsewhere(account: string): void;
  /** Puts it on the wire, where there is one: it is never stored. */
  tell(account: string, conv: string, on: boolean): void;
  /** Whether the person wants others to know that they write. */
  allowed(): boolean;
  /** Monotonic, ms. */
  now(): number;
  setTimer(work: () => void, delay: number): { cancel(): void };
}

interface Known {
  users: Map<string, PresenceState>;
  /** By conversation and user, what ends it. */
  typing: Map<string, { conv: string; user: string; end: { cancel(): void } }>;
}

interface Mine {
  account: string;
  conv: string;
  /** When the others were told last. */
  told: number;
  end: { cancel(): void };
}

export class Presences {
  readonly #parts: PresencesParts;
  readonly #known = new Map<string, Known>();
  /** Where the person writes now: one conversation of all. */
  #mine: Mine | null = null;

  constructor(parts: PresencesParts) {
    this.#parts = parts;
  }

  state(account: string): Present {
    const known = this.#known.get(account);
    return {
      users: known ? Array.from(known.users, ([user, state]) => ({ user, state })) : [],
      typing: known ? Array.from(known.typing.values(), ({ conv, user }) => ({ conv, user })) : [],
    };
  }

  /** @param fresh whatever was known before counts no more: the connection ended */
  heard(account: string, fresh: boolean, frames: readonly (Presence | TypingDown)[]): void {
    const known = this.#of(account);
    if (fresh) {
      for (const { end } of known.typing.values()) end.cancel();
      known.typing.clear();
      known.users.clear();
    }
    for (const frame of frames) {
      if (frame.t === 'presence') this.#present(account, known, frame);
      else this.#typing(account, known, frame);
    }
    this.#parts.changed(account, this.state(account));
  }

  /** The person writes, or stopped. */
  tell({ account, conv, on }: { account: string; conv: string; on: boolean }): void {
    const mine = this.#mine;
    const same = mine?.account === account && mine.conv === conv;
    if (mine && !same) this.#stop();
    if (!on) {
      if (same) this.#stop();
      return;
    }
    if (!this.#parts.allowed()) return;
    const now = this.#parts.now();
    const due = !same || now - mine.told >= REPEAT;
    if (same) mine.end.cancel();
    this.#mine = {
      ...{ account, conv, told: due ? now : mine!.told },
      end: this.#parts.setTimer(() => this.#stop(), PAUSE),
    };
    if (due) this.#parts.tell(account, conv, true);
  }

  #stop(): void {
    if (!this.#mine) return;
    const { account, conv, end } = this.#mine;
    end.cancel();
    this.#mine = null;
    this.#parts.tell(account, conv, false);
  }

  #present(account: string, known: Known, { users, elsewhere }: Presence): void {
    if (elsewhere) this.#parts.elsewhere(account);
    for (const { user, state } of users)
      if (state === 'offline') known.users.delete(user);
      else if (known.users.size < MOST || known.users.has(user)) known.users.set(user, state);
  }

  #typing(account: string, known: Known, { conv, user, on }: TypingDown): void {
    const key = `${conv}/${user}`;
    known.typing.get(key)?.end.cancel();
    known.typing.delete(key);
    if (!on || known.typing.size >= MOST) return;
    const end = this.#parts.setTimer(() => {
      known.typing.delete(key);
      this.#parts.changed(account, this.state(account));
    }, LIMITS.typingExpiry);
    known.typing.set(key, { conv, user, end });
  }

  #of(account: string): Known {
    const known = this.#known.get(account) ?? { users: new Map(), typing: new Map() };
    this.#known.set(account, known);
    return known;
  }
}
