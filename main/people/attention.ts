/** What the person has before them and when they last did something here: facts for notifications, from windows and their input. */
interface View {
  account: string;
  conv: string | null;
  /** Its end is in view. */
  newest: boolean;
}

export interface AttentionParts {
  /** Id of the page of the window that has the focus and can be seen. */
  focusedPage(): number | null;
  now(): number;
}

export class Attention {
  readonly #parts: AttentionParts;
  /** By page. */
  readonly #views = new Map<number, View>();
  #lastInput = 0;

  constructor(parts: AttentionParts) {
    this.#parts = parts;
  }

  /** A window tells what it shows. */
  shows(page: number, view: View): void {
    this.#views.set(page, view);
  }

  gone(page: number): void {
    this.#views.delete(page);
  }

  input(): void {
    this.#lastInput = this.#parts.now();
  }

  /** Wall clock, ms. */
  get usedHere(): number {
    return this.#lastInput;
  }

  onScreen(account: string, conv: string): boolean {
    const page = this.#parts.focusedPage();
    const view = page === null ? undefined : this.#views.get(page);
    return view?.newest === true && view.account === account && view.conv === conv;
  }
}
