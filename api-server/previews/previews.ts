/** Link previews: a few at a time, one fetch for all who ask for the same, remembered for a while. */
import { problem } from '../problems.ts';
import type { Resolver } from './addresses.ts';
import { fetchPage, NoPage } from './fetch-page.ts';
import { type Preview, readPage } from './read-page.ts';

const AT_ONCE = 4;
const WAITING = 50;
const REMEMBERED = 500;
/** ms. */
const LIFE = 15 * 60_000;

export class Previews {
  readonly #resolver: Resolver;
  readonly #now: () => number;
  readonly #known = new Map<string, { preview: Promise<Preview | null>; until: number }>();
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(resolver: Resolver, now: () => number) {
    this.#resolver = resolver;
    this.#now = now;
  }

  /** @throws FailureError `not_found` for whatever has none, the same for all reasons; `rate_limited` */
  async of(url: string): Promise<Preview> {
    let known = this.#known.get(url);
    if (!known || known.until <= this.#now()) {
      known = { preview: this.#fetch(url), until: this.#now() + LIFE };
      // What was put off is not remembered.
      known.preview.catch(() => this.#known.delete(url));
    }
    this.#known.delete(url);
    this.#known.set(url, known);
    const oldest = this.#known.size > REMEMBERED ? this.#known.keys().next().value : undefined;
    if (oldest !== undefined) this.#known.delete(oldest);
    const preview = await known.preview;
    if (!preview) throw problem('not_found', 'There is no preview of this address.', { field: 'url' });
    return preview;
  }

  async #fetch(url: string): Promise<Preview | null> {
    if (this.#running >= AT_ONCE) {
      if (this.#queue.length >= WAITING)
        throw problem('rate_limited', 'Too many previews at once.', { limit: WAITING, retryAfter: 5 });
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    } else this.#running += 1;
    try {
      const preview = readPage(await fetchPage(url, this.#resolver));
      return preview.title === null && preview.description === null ? null : preview;
    } catch (error) {
      if (error instanceof NoPage) return null;
      throw error;
    } finally {
      // The place goes over to the next one.
      const next = this.#queue.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}
