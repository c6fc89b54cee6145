/** How many unread messages there are, on the app's icon and in the tray: counted anew when rows have changed, a few times a second at most, and when a mute ends. */
const PAUSE = 250;
/** Ends that are further away are looked at anew, ms. */
const LONGEST = 3_600_000;

export interface UnreadBadgeParts {
  accounts(): readonly { account: string }[];
  /** `until`: when something unread is muted no more, wall clock ms. */
  count(account: string): Promise<{ messages: number; until: number | null }>;
  now(): number;
  show(messages: number): void;
  setTimer(work: () => void, delay: number): { cancel(): void };
  log(line: string): void;
}

export class UnreadBadge {
  readonly #parts: UnreadBadgeParts;
  #timer: { cancel(): void } | null = null;
  #muted: { cancel(): void } | null = null;
  #shown = -1;
  #closed = false;

  constructor(parts: UnreadBadgeParts) {
    this.#parts = parts;
  }

  changed(): void {
    if (this.#closed) return;
    this.#timer ??= this.#parts.setTimer(() => {
      this.#timer = null;
      this.#count().catch((error: unknown) => this.#parts.log(`badge: ${error}`));
    }, PAUSE);
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#muted?.cancel();
  }

  async #count(): Promise<void> {
    const { accounts, count, show, now, setTimer } = this.#parts;
    const counts = await Promise.all(accounts().map(({ account }) => count(account)));
    const messages = counts.reduce((sum, one) => sum + one.messages, 0);
    if (this.#closed) return;
    this.#muted?.cancel();
    const ends = counts.flatMap(({ until }) => until ?? []);
    this.#muted =
      ends.length === 0
        ? null
        : setTimer(() => this.changed(), Math.min(Math.max(0, Math.min(...ends) - now()) + PAUSE, LONGEST));
    if (messages === this.#shown) return;
    this.#shown = messages;
    show(messages);
  }
}
