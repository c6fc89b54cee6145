/** Which pages may use the microphone: each only while the person records with it, and no other device ever. */
export class Microphone {
  readonly #allowed = new Set<number>();

  allow(page: number, on: boolean): void {
    if (on) this.#allowed.add(page);
    else this.#allowed.delete(page);
  }

  /** @param asked kinds of devices that the page asks for */
  may(page: number | undefined, permission: string, asked: readonly string[]): boolean {
    return (
      permission === 'media' &&
      page !== undefined &&
      this.#allowed.has(page) &&
      asked.length > 0 &&
      asked.every((kind) => kind === 'audio')
    );
  }
}
