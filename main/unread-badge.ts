/** How many unread messages there are, on the app's icon and in the tray: counted anew when rows have changed, a few times a second at most. */
const PAUSE = 250;

export interface UnreadBadgeParts {
  accounts(): readonly { account: string }[];
  count(account: string): Promise<{ messages: number; conversations: number }>;
  show(messages: number): void;
  setTimer(work: () => void, delay: number): { cancel(): void };
  log(line: string): void;
}

export class UnreadBadge {
  readonly #parts: UnreadBadgeParts;
  #timer: { cancel(): void } | null = null;
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
  }

  async #count(): Promise<void> {
    const { accounts, count, show } = this.#parts;
    const counts = await Promise.all(accounts().map(({ account }) => count(account)));
    const messages = counts.reduce((sum, one) => sum + one.messages, 0);
    if (messages === this.#shown || this.#closed) return;
    this.#shown = messages;
    show(messages);
  }
}
